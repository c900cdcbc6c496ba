"""What this module announces."""

from uuid import UUID, uuid5

from wangge.kernel.facts import Fact

RULES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def rules_changed(name: str, version: int, *, move_open: bool = False) -> Fact:
    """Use the same subject for every version of a document.

    ``move_open`` says that whoever changed it wants what is open to follow.
    """
    body = {"name": name, "version": version, **({"move_open": True} if move_open else {})}
    return Fact("RulesChanged", uuid5(RULES, name), body)
