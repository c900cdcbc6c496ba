"""Keeping an installation: backup and restore, replay, and jobs that were given up."""
