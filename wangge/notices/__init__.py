"""Telling people: notices on their screen, and SMS through a gateway."""
