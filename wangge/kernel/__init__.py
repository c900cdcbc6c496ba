"""What every module stands on; it knows no word of the domain."""
