"""Public service: what anybody may do and see without an account."""
