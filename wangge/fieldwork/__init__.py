"""What is done in the field besides cases: visits, services, patrols, the diary they write."""
