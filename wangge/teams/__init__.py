"""Teams: who serves a grid together, and the party's own tree that stands on the same grids."""
