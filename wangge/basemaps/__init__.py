"""底图 base maps: what a city may lay beneath its grids, from its own store or from Tianditu."""
