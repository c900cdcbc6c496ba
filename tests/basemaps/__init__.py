"""Base maps."""
