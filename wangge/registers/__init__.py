"""Dwellings, households, residents and care 台账: as little as visits and reports need."""
