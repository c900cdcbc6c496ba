"""A trained model: plain numbers in a file of our own, and its guesses with their reasons."""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from wangge.classify.features import TITLE, Floats, Places, Space, Told, seen
from wangge.kernel.errors import Refusal

FORMAT = 1
SIGNATURE = 32
MOST_REASONS = 3
SHORTEST_REASON = 2


class Guess(NamedTuple):
    """A type with its score and the words of the text that spoke for it."""

    code: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """``weights`` by type and run; ``least`` is the lead that the first must have to be certain."""

    codes: tuple[str, ...]
    space: Space
    weights: Floats
    bias: Floats
    least: float
    told: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    def scores(self, told: Told) -> Floats:
        places, values = seen(self.space, told)
        return self.weights[:, places] @ values + self.bias

    def __call__(self, told: Told, most: int = 3) -> tuple[list[Guess], bool]:
        """The likeliest types, best first, and whether the first is certain enough."""
        places, values = seen(self.space, told)
        scores = self.weights[:, places] @ values + self.bias
        order = np.argsort(-scores)[:most]
        lead = float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else 1.0
        certain = len(places) > 0 and lead >= self.least
        guesses = [
            Guess(self.codes[n], float(scores[n]), self._reasons(int(n), places, values))
            for n in order
        ]
        return guesses, certain

    def _reasons(self, n: int, places: Places, values: Floats) -> tuple[str, ...]:
        """The runs that added most; what lies within a longer one is said by that."""
        spoke = self.weights[n, places] * values
        found: list[str] = []
        for at in np.argsort(-spoke):
            if spoke[at] <= 0 or len(found) == MOST_REASONS:
                break
            run = self._runs[int(places[at])].removeprefix(TITLE)
            if len(run) < SHORTEST_REASON or any(run in longer for longer in found):
                continue
            found = [*(one for one in found if one not in run), run]
        return tuple(found)

    @cached_property
    def _runs(self) -> Sequence[str]:
        return tuple(self.space.places)  # in the order of their places, as they were put in


def written(model: Model, key: bytes) -> bytes:
    """The file: a signature, then arrays without any object in them."""
    head = {
        "format": FORMAT,
        "codes": model.codes,
        "runs": list(model.space.places),
        "least": model.least,
        "told": dict(model.told),
    }
    body = io.BytesIO()
    np.savez_compressed(
        body,
        head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8),
        idf=model.space.weights,
        weights=model.weights,
        bias=model.bias,
    )
    return hmac.digest(key, body.getvalue(), "sha256") + body.getvalue()


def read(data: bytes, key: bytes, version: int = 0) -> Model:
    """Refuse with ``model_not_ours`` whatever this installation did not write for this tenant."""
    signed, body = data[:SIGNATURE], data[SIGNATURE:]
    if not hmac.compare_digest(signed, hmac.digest(key, body, "sha256")):
        raise not_ours()
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            idf, weights, bias = arrays["idf"], arrays["weights"], arrays["bias"]
    except (ValueError, KeyError, OSError, zipfile.BadZipFile):
        raise not_ours() from None
    if head["format"] != FORMAT:
        raise not_ours()
    space = Space({run: n for n, run in enumerate(head["runs"])}, idf)
    return Model(tuple(head["codes"]), space, weights, bias, head["least"], head["told"], version)


def not_ours() -> Refusal:
    return Refusal(
        "model_not_ours",
        "这个模型文件不是本系统为本单位训练的，或已被改动，不予使用",
        "this model was not trained here for this tenant, or was changed since: it is not used",
    )


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
