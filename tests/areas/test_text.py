"""Search words and the order of names."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wangge.kernel.text import bigrams, folded, sort_key


def test_bigrams_of_a_name() -> None:
    assert bigrams("兴业小区") == ["兴业", "业小", "小区"]


def test_width_case_and_punctuation_do_not_matter() -> None:
    assert bigrams("Ａ座（东区）") == bigrams("a座 东区")


def test_a_lone_character_can_be_found() -> None:
    assert bigrams("桥") == ["桥"]


@given(before=st.text(), word=st.text(alphabet="东营垦利河口广饶", min_size=2), after=st.text())
def test_a_text_holds_the_bigrams_of_every_word_in_it(before: str, word: str, after: str) -> None:
    assert set(bigrams(word)) <= set(bigrams(f"{before}{word}{after}"))


@given(st.text(st.sampled_from("\n aZ~、。「」【】…—“”’东鿿！Ａ～ß①\u0301\u3099か")))
def test_the_short_way_folds_like_the_long_one(text: str) -> None:
    """Seen red with \u0301, which joins the letter before it, among what stands alone."""
    assert folded(text) == unicodedata.normalize("NFKC", text).casefold()


def test_names_sort_by_pinyin() -> None:
    names = ["垦利区", "东营区", "利津县", "广饶县", "河口区"]

    assert sorted(names, key=sort_key) == ["东营区", "广饶县", "河口区", "垦利区", "利津县"]
