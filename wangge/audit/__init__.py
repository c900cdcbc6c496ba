"""The log of who did what, to whom and why: appended, never changed."""
