"""Intake: every matter, from whichever door, becomes a case here; a single report is a batch of one."""
