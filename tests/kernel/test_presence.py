"""Who has a subject open is known for a moment and then forgotten."""

from wangge.kernel.ids import new_id
from wangge.kernel.presence import LASTS_SECONDS, Here, Places


def test_whoever_says_nothing_more_is_gone() -> None:
    """A browser that crashed says no word: its person is not there for ever."""
    places, case, one, two = Places(), new_id(), new_id(), new_id()
    assert places.hear(Here(case, one, "郑洁", "受理员", stays=True), 0.0)
    assert places.hear(Here(case, two, "冯涛", "派单员", stays=True), 30.0)
    assert not places.hear(Here(case, two, "冯涛", "派单员", stays=True), 40.0), "only still there"
    assert places.others(case, two) == [{"name": "郑洁", "title": "受理员"}]

    assert places.forget(LASTS_SECONDS + 1) == [case]

    assert places.others(case, two) == []
    assert places.at(case) == {two}
    assert places.hear(Here(case, two, "冯涛", "派单员", stays=False), 60.0)
    assert places.people == {}
