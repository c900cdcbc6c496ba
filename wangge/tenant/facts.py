"""What this module announces."""

from uuid import UUID, uuid5

from wangge.kernel.facts import Fact

RULES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def rules_changed(name: str, version: int) -> Fact:
    """Use the same subject for every version of a document."""
    return Fact("RulesChanged", uuid5(RULES, name), {"name": name, "version": version})
