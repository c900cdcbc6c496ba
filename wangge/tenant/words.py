"""Finding emergency words in what somebody wrote. In doubt it wakes somebody."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from operator import add
from typing import NamedTuple

from wangge.tenant.emergency import Help, WordGroup, Words

BREAK = "\n"
BREAKS = re.compile("\n{2,}")
CHARACTERS = 20_000  # are remembered; people write no more
ENDS = set("。！？；，、：!?;,:…\n\r|")
GAP = "…"
ACROSS = "[^\n]{0,6}?"
# Traditional forms of the characters that emergency words are made of.
SIMPLE = str.maketrans(
    "漏氣燒電災煙爆墜樓殺傷險溫鎖關從車門開廠塗裝壓線觸內裡裏進衝淹沒營窩搶劫體聯繫應讓洩",
    "漏气烧电灾烟爆坠楼杀伤险温锁关从车门开厂涂装压线触内里里进冲淹没营窝抢劫体联系应让泄",
)
SPELLED = re.compile(r"(?:(?<=\n)|^)\w(?:\n\w)+(?=\n|$)")


@dataclass(frozen=True)
class Flat:
    """Text without marks and spaces, and what it was made of."""

    text: str
    original: str
    kept: tuple[int, ...] | None = None  # which characters stay where breaks were taken out

    @cached_property
    def places(self) -> list[int]:
        """Where each character of the text stood; asked only of a text in which a word is heard."""
        places: list[int] = []
        last = BREAK
        for place, raw in enumerate(self.original):
            for letter in PLAIN[ord(raw)]:
                if letter != BREAK or last != BREAK:
                    places.append(place)
                last = letter
        return places if self.kept is None else [places[i] for i in self.kept]

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Its characters and its pairs of neighbours: what a word in it may begin with."""
        return frozenset((*self.text, *map(add, self.text, self.text[1:])))


class Found(NamedTuple):
    """A word of a group, and from where to where it stands in the original text."""

    word: str
    first: int
    last: int


@dataclass(frozen=True)
class Match:
    """One group that was heard."""

    group: WordGroup
    found: tuple[Found, ...]

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(found.word for found in self.found))


@dataclass(frozen=True)
class Emergency:
    """What was heard in a text; empty means nothing."""

    matches: tuple[Match, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.matches)

    @property
    def groups(self) -> list[str]:
        return [match.group.code for match in self.matches]

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(word for match in self.matches for word in match.words))

    @property
    def help(self) -> list[Help]:
        """Whom to call, each number once, the first group's first."""
        numbers = {h.number: h for match in reversed(self.matches) for h in match.group.help[::-1]}
        order = dict.fromkeys(h.number for match in self.matches for h in match.group.help)
        return [numbers[number] for number in order]


NOTHING = Emergency()


@lru_cache(maxsize=64)
def flat(text: str) -> Flat:
    """Fold width, case and traditional forms; drop spaces and marks between characters.

    Marks that end a sentence stay as breaks, so that a word is not made of two sentences, unless
    every single character is set apart by them (着！火！了！). The last few texts are remembered,
    because a report is asked for emergencies and for its type with the same words.
    """
    joined = BREAKS.sub(BREAK, text.translate(PLAIN)).removeprefix(BREAK)
    drop = {
        place
        for run in SPELLED.finditer(joined)
        for place in range(run.start(), run.end())
        if joined[place] == BREAK
    }
    if not drop:
        return Flat(joined, text)
    keep = tuple(place for place in range(len(joined)) if place not in drop)
    return Flat("".join(joined[i] for i in keep), text, keep)


class _Plain(dict[int, str]):
    """What one character becomes: letters, a break, or nothing; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        raw, found = chr(code), ""
        for letter in unicodedata.normalize("NFKC", raw).casefold().translate(SIMPLE):
            if letter.isalnum():
                found += letter
            elif raw in ENDS or letter in ENDS:
                found += BREAK
        if len(self) < CHARACTERS:
            self[code] = found
        return found


PLAIN = _Plain()


@dataclass(frozen=True)
class _Group:
    group: WordGroup
    words: tuple[tuple[str, str, re.Pattern[str]], ...]
    exceptions: tuple[str, ...]
    beginnings: frozenset[str]

    def candidates(self, text: str) -> Iterator[tuple[int, bool, int, int, str]]:
        """Yield weight, whether it is a word, first, last, as written in the document."""
        for word, plain, pattern in self.words:
            if plain in text:
                for hit in pattern.finditer(text):
                    yield len(word.replace(GAP, "")), True, hit.start(), hit.end(), word
        for exception in self.exceptions:
            at = text.find(exception)
            while at >= 0:
                yield len(exception), False, at, at + len(exception), exception
                at = text.find(exception, at + 1)


class Matcher:
    """Compiled words of a city. The longest wins: 着火点在 over 着火点 over 着火."""

    def __init__(self, words: Words) -> None:
        self._groups = [_compiled(group) for group in words.groups if group.active]
        self._beginnings = frozenset(chain.from_iterable(g.beginnings for g in self._groups))

    def __call__(self, text: str) -> Emergency:
        seen = flat(text)
        if self._beginnings.isdisjoint(seen.beginnings):
            return NOTHING
        near = (one for one in self._groups if not one.beginnings.isdisjoint(seen.beginnings))
        matches = (_matched(group, seen) for group in near)
        return Emergency(tuple(match for match in matches if match.found))


def _compiled(group: WordGroup) -> _Group:
    words = []
    for word in group.words:
        parts = [flat(part).text for part in word.split(GAP)]
        pattern = re.compile(ACROSS.join(map(re.escape, parts)))
        words.append((word, max(parts, key=len), pattern))
    exceptions = tuple(flat(exception).text for exception in group.exceptions)
    beginnings = frozenset(plain[:2] for _, plain, _ in words)
    return _Group(group, tuple(words), exceptions, beginnings)


def _matched(group: _Group, seen: Flat) -> Match:
    masked: set[int] = set()
    heard: set[int] = set()
    found: list[Found] = []
    # On a tie the word goes first: better to wake somebody.
    for _, is_word, first, last, written in sorted(
        group.candidates(seen.text), key=lambda c: (-c[0], not c[1], c[2])
    ):
        span = set(range(first, last))
        if is_word and not span & masked and not span <= heard:
            heard |= span
            found.append(Found(written, seen.places[first], seen.places[last - 1] + 1))
        elif not is_word and not span & heard:
            masked |= span
    return Match(group.group, tuple(sorted(found, key=lambda f: f.first)))
