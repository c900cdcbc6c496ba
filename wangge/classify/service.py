"""What the words of a matter point to, and the city's own model: trained, kept, in use or not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import structlog
from psycopg.types.json import Jsonb

from wangge.classify import kept, training
from wangge.classify.features import Told
from wangge.classify.model import Model, digest, read, written
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules
from wangge.tenant.suggest import Suggestion

log = structlog.get_logger()
LEAST_OF_A_TYPE = 8
LEAST_EXAMPLES = 60
MOST_EXAMPLES = 20_000
FOLDS = 5
MOST = 3
COUNTER = "classifier"
# What a desk has settled: the type that stood in the end, of first rounds that are closed.
CLOSED = """
select title, text, type from cases
where state in ('closed', 'evaluated') and type is not null and merged_at is null
    and about_unit is null and about_account is null
order by closed_at desc limit %s
"""
NEXT = """
insert into versions (name, n) values (%s, 1)
on conflict (name) do update set n = versions.n + 1
"""
LIST = "select * from classifiers order by version desc"
_cache: dict[str, tuple[int, Model | None]] = {}


@dataclass(frozen=True, slots=True)
class Guessed:
    """One type that the words point to; ``by`` says who says so.

    ``words`` are keywords, ``likeness`` only pairs of characters, ``model`` what was learned.
    """

    code: str
    reasons: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Types best first. ``unsure``: nothing points clearly anywhere. ``model``: its version."""

    types: tuple[Guessed, ...]
    unsure: bool
    model: int | None

    @property
    def first(self) -> str | None:
        """What the unit may be looked for by: no likeness, and no model that is not sure."""
        if not self.types or self.types[0].by == "likeness":
            return None
        return None if self.unsure and self.model is not None else self.types[0].code

    def kept(self) -> dict[str, Any]:
        """What a case keeps in ``route`` of what was heard."""
        found: dict[str, Any] = {
            "suggested": [
                {"code": one.code, "reasons": list(one.reasons), "by": one.by} for one in self.types
            ]
        }
        if self.unsure:
            found["unsure"] = True
        if self.model:
            found["model"] = self.model
        return found


def listen(known: Rules, model: Model | None, title: str, text: str) -> Heard:
    """Keywords from day one; what a model of the city is certain of stands first. Pure."""
    said = known.suggester(f"{title} {text}" if title.strip() else text)
    words = {one.type.code: one for one in said}
    if model is None:
        unsure = not said or not said[0].score or _even(said)
        return Heard(
            tuple(Guessed(code, one.words, _by(one)) for code, one in words.items()), unsure, None
        )
    guesses, certain = model(Told(title, text), MOST)
    leaves = {kind.code for kind in known.types.leaves}
    learned = [one for one in guesses if one.code in leaves]
    certain = certain and bool(learned) and learned[0] is guesses[0]
    order = [one.code for one in learned[: 1 if certain else 0]]
    order += [code for code in words if code not in order]
    order += [one.code for one in learned if one.code not in order]
    reasons = {one.code: one.reasons for one in learned}
    types = [
        Guessed(
            code,
            tuple(dict.fromkeys((*(words[code].words if code in words else ()),
                                 *reasons.get(code, ())[: 0 if code in words else MOST]))),
            "model" if code not in words else "both" if code in reasons else _by(words[code]),
        )
        for code in order[:MOST]
    ]  # fmt: skip
    return Heard(tuple(types), not certain, model.version)


def _even(said: Sequence[Suggestion]) -> bool:
    return len(said) > 1 and said[0].score == said[1].score


def _by(one: Suggestion) -> str:
    return "words" if one.score else "likeness"


def current(tx: Tx) -> Model | None:
    """The model in use, read once for each version; None when there is none, or none to trust."""
    counter = tx.versions.get(COUNTER, 0)
    if not counter:
        return None
    held = _cache.get(tx.cell.tenant)
    if held and held[0] == counter:
        return held[1]
    row = tx.one("select version, digest from classifiers where active")
    found: Model | None = None
    if row:
        try:
            found = _read(tx, kept.get(tx.cell.tenant, bytes(row["digest"])), row["version"])
        except (Refusal, FileNotFoundError):
            # Suggestions fall back on the keywords; nobody's report waits for a model.
            log.exception("the model cannot be used", tenant=tx.cell.tenant, version=row["version"])
    _cache[tx.cell.tenant] = counter, found
    return found


def examples(tx: Tx) -> list[training.Example]:
    """Closed cases of types that a case may still have and that there are enough of."""
    leaves = {kind.code for kind in rules(tx).types.leaves}
    rows = [row for row in tx.rows(CLOSED, [MOST_EXAMPLES]) if row["type"] in leaves]
    counted: dict[str, int] = {}
    for row in rows:
        counted[row["type"]] = counted.get(row["type"], 0) + 1
    return [
        training.Example(Told(row["title"], row["text"]), row["type"])
        for row in rows
        if counted[row["type"]] >= LEAST_OF_A_TYPE
    ]


def train(tx: Tx, *, author: str) -> dict[str, Any]:
    """Learn from the tenant's closed cases, keep the model as a new version, and use it."""
    known = examples(tx)
    if len(known) < LEAST_EXAMPLES or len({one.code for one in known}) < 2:
        raise Refusal(
            "too_few_cases",
            f"办结的事项还太少（{len(known)} 件可用，至少要 {LEAST_EXAMPLES} 件、两种类型），"
            "先按关键词建议",
            f"too few closed cases ({len(known)} fit; {LEAST_EXAMPLES} of two types are needed):"
            " keywords suggest meanwhile",
        )
    scores = training.crossed(training.sampled(known), count=FOLDS)
    model = training.fitted(
        [one.told for one in known],
        np.array([one.code for one in known]),
        least=scores.least,
    )
    told = {"at": tx.now.isoformat(), "cases": len(known), "scores": asdict(scores)}
    made = Model(model.codes, model.space, model.weights, model.bias, model.least, told)
    return _put_in_use(tx, written(made, _key(tx)), made, author=author)


def take(tx: Tx, data: bytes, *, author: str) -> dict[str, Any]:
    """Use a model from a file that this installation wrote for this tenant; no other."""
    return _put_in_use(tx, data, _read(tx, data), author=author)


def use(tx: Tx, version: int) -> None:
    """Go back to a version; 0 uses none, and the keywords suggest alone."""
    if version and tx.one("select 1 from classifiers where version = %s", [version]) is None:
        raise NotFound("no_such_model", "没有这个版本的模型", "there is no such model")
    tx.run("update classifiers set active = false where active")
    tx.run("update classifiers set active = true where version = %s", [version])
    tx.run(NEXT, [COUNTER])


def listed(tx: Tx) -> Sequence[dict[str, Any]]:
    return tx.rows(LIST)


def data_of(tx: Tx, version: int) -> bytes:
    """The file of a version, as it was written."""
    row = tx.one("select digest from classifiers where version = %s", [version])
    if row is None:
        raise NotFound("no_such_model", "没有这个版本的模型", "there is no such model")
    return kept.get(tx.cell.tenant, bytes(row["digest"]))


def _put_in_use(tx: Tx, data: bytes, model: Model, *, author: str) -> dict[str, Any]:
    told = model.told
    if not told.get("cases"):
        raise Invalid("model_not_ours", "模型文件不完整", "the model file is not complete")
    row = tx.one("select coalesce(max(version), 0) + 1 as version from classifiers")
    version = row["version"] if row else 1
    kept.put(tx.cell.tenant, digest(data), data)
    values = {
        "version": version,
        "digest": digest(data),
        "trained_at": told["at"],
        "cases": told["cases"],
        "types": len(model.codes),
        "scores": Jsonb(told["scores"]),
        "author": author,
    }
    tx.insert("classifiers", [values])
    use(tx, version)
    return {**values, "scores": told["scores"], "bytes": len(data)}


def _read(tx: Tx, data: bytes, version: int = 0) -> Model:
    return read(data, _key(tx), version)


def _key(tx: Tx) -> bytes:
    return crypto.keys().derive("model", tx.cell.tenant)
