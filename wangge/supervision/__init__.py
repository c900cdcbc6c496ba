"""Supervision 督办: nothing late unseen; of cases and units, never of persons' diligence."""
