"""Signing in and out."""

from tests.town import Town


def test_by_click(town: Town) -> None:
    me = town.person("lihong").me
    assert me["account"]["name"] == "李红"
