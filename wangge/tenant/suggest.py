"""A first guess at the type of a matter, by the keywords of the types, with the reasons."""

import re
from collections import Counter
from dataclasses import dataclass
from math import log

from wangge.tenant.case_types import CaseType, Types
from wangge.tenant.words import ACROSS, GAP, flat

# A pair of characters that many types share says nothing, and a long letter says it at its start.
SHARED_BY, READ = 12, 200
# How near a text must come to a type of which it holds no keyword: two pairs, or one that is rare.
NEAR = 955


@dataclass(frozen=True)
class Suggestion:
    """``words`` are the keywords that were found: the reason that a screen shows.

    Where no keyword was, ``score`` is 0 and they are the pairs of characters that come near it.
    """

    type: CaseType
    score: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Keyword:
    """A word as it is looked for; ``水管…裂`` is two parts within a few characters.

    ``begins`` is what a text that holds it holds too: two characters, or its first part.
    """

    written: str
    plain: str
    begins: str
    parts: re.Pattern[str] | None

    @classmethod
    def of(cls, written: str) -> "Keyword":
        parts = [flat(part).text for part in written.split(GAP)]
        apart = re.compile(ACROSS.join(map(re.escape, parts))) if len(parts) > 1 else None
        return cls(written, "".join(parts), parts[0][:2], apart)

    def taken_out(self, text: str) -> str:
        """The text without it, or as it was."""
        return self.parts.sub("\n", text) if self.parts else text.replace(self.plain, "\n")


class Suggester:
    """Keywords of the active types of a city; long words count more than short ones.

    What is left of three guesses is filled by likeness: rare pairs of characters that the text
    shares with the names, conditions and keywords of a type.
    """

    def __init__(self, types: Types) -> None:
        self._types = {case_type.code: case_type for case_type in types.leaves}
        self._known = [
            (case_type, sorted(map(Keyword.of, case_type.keywords), key=_longest))
            for case_type in types.leaves
            if case_type.keywords
        ]
        # Two characters that a keyword begins with name the few types worth a closer look.
        self._begins: dict[str, set[int]] = {}
        for n, (_, keywords) in enumerate(self._known):
            for keyword in keywords:
                self._begins.setdefault(keyword.begins, set()).add(n)
        self._pairs = _pairs(types.leaves)

    def __call__(self, text: str, most: int = 3) -> list[Suggestion]:
        """Best first; nothing when nothing comes near. A word inside another counts once."""
        seen = flat(text)
        near = {n for start in seen.beginnings & self._begins.keys() for n in self._begins[start]}
        found = []
        for case_type, keywords in (self._known[n] for n in sorted(near)):
            left = seen.text
            words: list[str] = []
            score = 0
            for keyword in keywords:
                if keyword.begins not in seen.beginnings:
                    continue
                rest = keyword.taken_out(left)
                if rest != left:
                    left = rest
                    words.append(keyword.written)
                    score += len(keyword.plain) ** 2
            if words:
                found.append(Suggestion(case_type, score, tuple(words)))
        found.sort(key=lambda suggestion: -suggestion.score)
        if len(found) < most:
            found += self._alike(seen.text, {one.type.code for one in found})
        return found[:most]

    def _alike(self, text: str, known: set[str]) -> list[Suggestion]:
        """Types that the text comes near, best first."""
        text = text[:READ]
        nearness: Counter[str] = Counter()
        shared: dict[str, list[str]] = {}
        for pair in {text[n : n + 2] for n in range(len(text) - 1)} & self._pairs.keys():
            weight, having = self._pairs[pair]
            for case_type in having:
                nearness[case_type.code] += weight
                shared.setdefault(case_type.code, []).append(pair)
        return [
            Suggestion(self._types[code], 0, tuple(sorted(shared[code], key=text.index)[:3]))
            for code, near in nearness.most_common()
            if code not in known and near >= NEAR
        ]


def _pairs(leaves: tuple[CaseType, ...]) -> dict[str, tuple[int, list[CaseType]]]:
    """For each telling pair of characters its weight and the types that have it."""
    having: dict[str, list[CaseType]] = {}
    for case_type in leaves:
        said = [case_type.zh, *(part for word in case_type.keywords for part in word.split(GAP))]
        said += [label.zh for label in (case_type.condition, case_type.closing) if label]
        texts = [flat(one).text for one in said]
        for pair in {text[n : n + 2] for text in texts for n in range(len(text) - 1)}:
            if "\n" not in pair:
                having.setdefault(pair, []).append(case_type)
    return {
        pair: (round(100 * log(len(leaves) / len(near)) ** 2), near)
        for pair, near in having.items()
        if len(near) <= SHARED_BY
    }


def _longest(keyword: Keyword) -> int:
    return -len(keyword.plain)
