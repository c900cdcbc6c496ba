"""Names of this module's permissions."""

EDIT = "rules.edit"
