"""Staff: accounts, posts with dates, what a post allows, signing in, and who is on duty."""
