"""Pictures, voices and films: taken by content, cleaned, kept once, shown with their case."""
