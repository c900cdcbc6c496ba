"""Snapshots come only from where the city says, and only as pictures of a bounded size."""

import socket
from typing import Any

import pytest

from tests.video.conftest import platform
from wangge.files.models import Kind
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.video import gateway
from wangge.video.local_gateway import Behaviour, StandIn, drawn
from wangge.video.models import Wanted

__all__ = ["platform"]


def wanted(server: StandIn, path: str = "/sites/A1/snapshot", **more: Any) -> Wanted:
    usual = Wanted(new_id(), f"http://{server.host}{path}", (server.host,), 5, 500_000)
    return usual._replace(**more)


def why(given: Wanted) -> str:
    with pytest.raises(Refusal) as refused:
        gateway.fetch(given)
    return str(refused.value.details.get("why", refused.value.code))


def test_a_signed_request_brings_a_picture(platform: StandIn) -> None:
    found = gateway.fetch(wanted(platform))
    assert (found.kind, found.width, found.height) == (Kind.IMAGE, 960, 540)


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (Behaviour(status=500), "HTTP 500"),
        (Behaviour(status=302, location="http://169.254.169.254/"), "HTTP 302"),
        (Behaviour(kind="text/html", body=b"<html>"), "not a plain picture"),
        (Behaviour(body=b"<svg/>"), "not a picture"),
        (Behaviour(body=b"OggS" + b"\0" * 100), "not a picture"),
        (Behaviour(body=b"\xff\xd8\xff" + b"\0" * 600_000), "too large"),
    ],
)
def test_what_is_no_picture_is_not_shown(
    platform: StandIn, behaviour: Behaviour, said: str
) -> None:
    """Meant to go red: with redirects followed the stand-in led to another address."""
    platform.behaviour = behaviour
    assert why(wanted(platform)) == said


def test_a_platform_that_does_not_answer_is_left(platform: StandIn) -> None:
    platform.behaviour.delay = 60
    assert why(wanted(platform, seconds=0.2)) == "ReadTimeout"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://a/", "http://", "http://a b/", "http://u:p@cam.gov.cn/",
        "http://cam.gov.cn:0/", "http://cam.gov.cn:99999/", "http://cam.gov.cn\\@127.0.0.1/",
        "javascript:alert(1)", "http://摄像.cn/", "http://cam.gov.cn/\n",
    ],
)  # fmt: skip
def test_what_is_no_address_is_not_written_down(url: str) -> None:
    with pytest.raises(Invalid, match="bad_address"):
        gateway.checked(url)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://cam.gov.cn/", ()),
        ("http://cam.gov.cn:8080/", ("cam.gov.cn",)),
        ("https://cam.gov.cn/", ("cam.gov.cn:80",)),
        ("http://evil.cam.gov.cn/", ("cam.gov.cn",)),
        ("http://cam.gov.cn.evil.example/", ("cam.gov.cn",)),
    ],
)
def test_a_host_that_is_not_listed_is_not_asked(url: str, hosts: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="host_not_listed"):
        gateway.target(url, hosts)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "::ffff:127.0.0.1"],  # noqa: S104
)
def test_a_listed_name_may_not_lead_inside(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Meant to go red: with the look-up unchecked a listed name led to the machine itself."""

    def answers(name: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
                for one in ("10.1.2.3", address)]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(Refusal, match="no_picture"):
        gateway.target("http://cam.gov.cn/a", ("cam.gov.cn",))


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 443))],
    )  # fmt: skip
    found = gateway.target("https://cam.gov.cn/a?b=1", ("cam.gov.cn",))
    assert found == ("https://10.1.2.3:443/a?b=1", "cam.gov.cn", "cam.gov.cn")


def test_a_link_local_address_is_never_asked_however_it_is_listed() -> None:
    with pytest.raises(Refusal, match="no_picture"):
        gateway.target("http://169.254.169.254/latest", ("169.254.169.254",))


def test_the_pictures_of_the_stand_in_differ_by_site_and_say_what_they_are() -> None:
    assert drawn("A1", "10:00:00") == drawn("A1", "10:00:00") != drawn("A2", "10:00:00")
