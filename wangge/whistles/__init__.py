"""Whistles 吹哨报到: a grid or a street calls units to a place, and who came is written down."""
