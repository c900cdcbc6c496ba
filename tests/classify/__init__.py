"""Suggesting types."""
