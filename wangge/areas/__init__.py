"""The tree of areas from the city down to the micro-grid, its borders, and the names of places."""
