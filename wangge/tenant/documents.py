"""Rule documents as text: a YAML that cannot surprise, and the defaults of the product."""

import re
from collections.abc import Hashable
from importlib.resources import files
from typing import Any

import yaml
from yaml.constructor import ConstructorError

DEFAULTS = files("wangge.tenant") / "defaults"


class Loader(yaml.SafeLoader):
    """YAML without its traps.

    ``on`` and ``no`` are words, ``12:30`` is no number, every key stands once, nothing refers to
    anything else.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ConstructorError(None, None, "references (*name) are not read", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for n, key in enumerate(keys):
            if key in keys[:n]:
                raise ConstructorError(
                    None, None, f"'{key}' is given twice", node.value[n][0].start_mark
                )
        return super().construct_mapping(node, deep)


PLAIN = {
    "tag:yaml.org,2002:bool": (re.compile(r"true|false"), "tf"),
    "tag:yaml.org,2002:null": (re.compile(r"null|~|"), ["n", "~", ""]),
    "tag:yaml.org,2002:int": (re.compile(r"-?(0|[1-9][0-9]*)"), "-0123456789"),
    "tag:yaml.org,2002:float": (re.compile(r"-?[0-9]+\.[0-9]+"), "-0123456789"),
}
Loader.yaml_implicit_resolvers = {}
for tag, (pattern, begins) in PLAIN.items():
    Loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern.pattern})$"), list(begins))


def read(text: str) -> Any:
    """Plain values; raises ``yaml.YAMLError`` with the place of the mistake."""
    # The loader above is a SafeLoader with less.
    return yaml.load(text, Loader)  # noqa: S506


def default(name: str) -> Any:
    """Return the document ``name`` as it comes with the product.

    A folder holds one document in parts: their lists follow each other, the rest is said once.
    """
    one = DEFAULTS / f"{name}.yaml"
    if one.is_file():
        return read(one.read_text("utf-8"))
    whole: dict[str, Any] = {}
    for part in sorted((DEFAULTS / name).iterdir(), key=lambda part: part.name):
        for key, value in read(part.read_text("utf-8")).items():
            whole[key] = whole[key] + value if key in whole else value
    return whole
