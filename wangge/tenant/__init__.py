"""What one city has decided: brand, switches, calendar, types, routes, words, names of steps."""
