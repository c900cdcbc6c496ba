"""Rule documents as text: a YAML that cannot surprise, and the defaults of the product."""

import re
from collections.abc import Hashable
from importlib.resources import files
from typing import Any, cast

import yaml
from yaml import Mark, MarkedYAMLError

DEFAULTS = files("wangge.tenant") / "defaults"
DEEPEST = 20


class Loader(yaml.CSafeLoader):
    """YAML without its traps: ``on`` is a word, ``12:30`` is no number, every key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for n, key in enumerate(keys):
            if key in keys[:n]:
                raise MarkedYAMLError(
                    problem=f"'{key}' is given twice", problem_mark=node.value[n][0].start_mark
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
    """Read plain values; raises ``yaml.YAMLError`` with the place of the mistake.

    References (``*name``) are refused: ten lines of them can mean gigabytes. So is deep nesting.
    """
    depth = 0
    for event in yaml.parse(text, Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            problem = f"references (*name) and more than {DEEPEST} levels are not read"
            mark = cast("Mark | None", event.start_mark)
            raise MarkedYAMLError(problem=problem, problem_mark=mark)
    return yaml.load(text, Loader)  # noqa: S506 - the loader above is a safe one with less


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
