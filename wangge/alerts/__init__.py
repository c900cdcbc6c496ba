"""Early warnings 预警: rules look at what came in, and somebody answers each card they make."""
