"""Handing over 交接: what a leaver had in hand, what a shift hands on, what was promised."""
