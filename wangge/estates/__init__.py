"""物业通: a property company's own face, its people as residents see them, its notices to them."""
