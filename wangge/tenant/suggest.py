"""A first guess at the type of a matter, by the keywords of the types, with the reasons."""

from dataclasses import dataclass

from wangge.tenant.case_types import CaseType, Types
from wangge.tenant.words import flat


@dataclass(frozen=True)
class Suggestion:
    """``words`` are the keywords that were found: the reason that a screen shows."""

    type: CaseType
    score: int
    words: tuple[str, ...]


class Suggester:
    """Keywords of the active types of a city; long words count more than short ones."""

    def __init__(self, types: Types) -> None:
        self._known = [
            (case_type, sorted(((flat(w).text, w) for w in case_type.keywords), key=_longest))
            for case_type in types.leaves
            if case_type.keywords
        ]
        # Two characters that a keyword begins with name the few types worth a closer look.
        self._begins: dict[str, set[int]] = {}
        for n, (_, keywords) in enumerate(self._known):
            for plain, _ in keywords:
                self._begins.setdefault(plain[:2], set()).add(n)

    def __call__(self, text: str, most: int = 3) -> list[Suggestion]:
        """Best first; nothing when no keyword occurs. A word inside another counts once."""
        seen = flat(text)
        near = {n for start in seen.beginnings & self._begins.keys() for n in self._begins[start]}
        found = []
        for case_type, keywords in (self._known[n] for n in sorted(near)):
            left = seen.text
            words: list[str] = []
            score = 0
            for plain, written in keywords:
                if plain in left:
                    left = left.replace(plain, "\n")
                    words.append(written)
                    score += len(plain) ** 2
            if words:
                found.append(Suggestion(case_type, score, tuple(words)))
        found.sort(key=lambda suggestion: -suggestion.score)
        return found[:most]


def _longest(keyword: tuple[str, str]) -> int:
    return -len(keyword[0])
