"""Chinese text made findable and sortable without help from the database."""

import re
import unicodedata
from operator import add

APART = re.compile(r"[\W_]+")
# ASCII, the usual marks, Chinese characters, full width: none of them changes with its neighbours.
ALONE = re.compile("[\n -~、。《》【】…—‘’“”\u4e00-\u9fff！-～]*")


class _Folded(dict[int, str]):
    """What becomes of each character that stands for itself."""

    def __missing__(self, code: int) -> str:
        found = self[code] = unicodedata.normalize("NFKC", chr(code)).casefold()
        return found


_FOLDED = _Folded()


def folded(text: str) -> str:
    """Full and half width, case and composed forms look the same afterwards."""
    if ALONE.fullmatch(text):
        return text.translate(_FOLDED)  # a tenth of the time
    return unicodedata.normalize("NFKC", text).casefold()


def bigrams(text: str) -> list[str]:
    """Every pair of neighbouring characters, once, in order; a lone character stands for itself.

    A text contains a word of two or more characters only if it has all the word's bigrams, so
    ``column @> bigrams(word)`` finds candidates through a GIN index.
    """
    found: dict[str, None] = {}
    for word in APART.split(folded(text)):
        if len(word) == 1:
            found[word] = None
        found |= dict.fromkeys(map(add, word, word[1:]))
    return list(found)


def sort_key(text: str) -> str:
    """Pinyin with tone numbers, syllable by syllable: names sort as in a Chinese register."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries take a third of a second

    return " ".join(lazy_pinyin(folded(text), style=Style.TONE3, neutral_tone_with_five=True))
