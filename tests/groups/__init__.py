"""Stories of teams and of the party's tree."""
