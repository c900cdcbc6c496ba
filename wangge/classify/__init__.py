"""Suggesting a type from the words: keywords from day one, and what a city's own cases taught."""
