"""Intake: every matter becomes a case here; a single report is a batch of one."""
