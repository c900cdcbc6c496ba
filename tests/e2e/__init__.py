"""Browser tests: a real server, a real worker and the system's Chromium."""
