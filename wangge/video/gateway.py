"""One still from the owner's platform; docs/video-gateway.md is the interface.

Only hosts that the city has listed are asked, on the address that was looked up and checked, over
no proxy and no redirect, within the city's bounds of time and size; what comes must be a picture.
"""

import hmac
import ipaddress
import socket
import ssl
import time
from functools import cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import httpx2

from wangge.files import media
from wangge.files.models import Kind, Media
from wangge.kernel import secrets
from wangge.kernel.errors import Invalid, Refusal
from wangge.settings import settings
from wangge.video.models import Wanted

PORTS = {"http": 80, "https": 443}
KINDS = ("image/jpeg", "image/png", "image/webp")
LONGEST = 500
PIECE = 64_000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Target(NamedTuple):
    """Where a request really goes: the address that was checked, and the name it is asked for."""

    url: str
    host: str
    name: str


def checked(url: str) -> SplitResult:
    """An address of a page or a snapshot as it may be written down; refuses with ``bad_address``.

    Only http and https, with a host, without a user's name or password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_address() from None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    inside = parts.username is not None or parts.password is not None or "\\" in url
    if not plain or parts.scheme not in PORTS or not parts.hostname or inside or port == 0:
        raise _bad_address()
    return parts


def is_listed(parts: SplitResult, hosts: tuple[str, ...]) -> bool:
    """Whether the city lets snapshots come from there; without a port, the usual one alone."""
    usual = PORTS[parts.scheme]
    port = parts.port or usual
    name = parts.hostname or ""
    return f"{name}:{port}" in hosts or (port == usual and name in hosts)


def check_listed(parts: SplitResult, hosts: tuple[str, ...]) -> None:
    if not is_listed(parts, hosts):
        raise Invalid(
            "host_not_listed",
            f"不允许从这个主机取截图：{parts.netloc}；请在“规则 › 视频点位”里列出",
            f"snapshots may not come from {parts.netloc}; it is not in the city's list",
            field="snapshot_url",
        )


def target(url: str, hosts: tuple[str, ...]) -> Target:
    """Look the host up once and pin it, so that a second answer cannot lead elsewhere."""
    parts = checked(url)
    check_listed(parts, hosts)
    name, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise unavailable("host not found") from error
    addresses = [ipaddress.ip_address(one[4][0]) for one in found]
    if not addresses or not all(_may_be_asked(one, _literal(name)) for one in addresses):
        raise unavailable("the host lies on an address that is never asked")
    first = addresses[0]
    at = f"[{first}]" if first.version == 6 else str(first)
    rest = parts.path or "/"
    if parts.query:
        rest += f"?{parts.query}"
    return Target(f"{parts.scheme}://{at}:{port}{rest}", parts.netloc, name)


def _literal(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _may_be_asked(address: Address, literal: bool) -> bool:
    """Private networks are where cameras live; this machine only where it is listed as a number."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return _may_be_asked(mapped, literal)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return literal or not (address.is_loopback or address.is_reserved)


def fetch(wanted: Wanted) -> Media:
    """Ask for one still and read it anew as a plain picture; refuses with ``no_picture``."""
    where = target(wanted.url, wanted.hosts)
    ends = time.monotonic() + wanted.seconds
    headers = {
        "Host": where.host,
        "Accept": ", ".join(KINDS),
        "Accept-Encoding": "identity",
        "X-Wangge-View": str(wanted.view_id),
        "X-Wangge-Signature": sign(shared_token(), wanted.url, wanted.view_id),
    }
    try:
        with (
            httpx2.Client(verify=_trust(), trust_env=False, timeout=wanted.seconds) as client,
            client.stream(
                "GET", where.url, headers=headers, extensions={"sni_hostname": where.name}
            ) as answer,
        ):
            body = _read(answer, wanted.most_bytes, ends)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise unavailable(type(error).__name__) from error
    try:
        found = media.inspect(body)
    except Refusal as error:
        raise unavailable("not a picture") from error
    if found.kind is not Kind.IMAGE:
        raise unavailable("not a picture")
    return found


def _read(answer: httpx2.Response, most: int, ends: float) -> bytes:
    if answer.status_code != 200:
        raise unavailable(f"HTTP {answer.status_code}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in KINDS or answer.headers.get("content-encoding", "identity") != "identity":
        raise unavailable("not a plain picture")
    length = answer.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > most:
        raise unavailable("too large")
    body = bytearray()
    for piece in answer.iter_raw(PIECE):
        body += piece
        if len(body) > most:
            raise unavailable("too large")
        if time.monotonic() > ends:
            raise unavailable("too slow")
    return bytes(body)


@cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def shared_token() -> str:
    return settings().video_token or secrets.kept(settings().keys / "video.token")


def sign(token: str, url: str, view_id: UUID, *, at: int | None = None) -> str:
    """Give the header ``X-Wangge-Signature``: ``t=<unix seconds>,v1=<hex>``.

    The HMAC is over moment, look and path, so that it opens this one still and the owner can log
    under the same number; the secret itself never leaves.
    """
    moment = int(time.time()) if at is None else at
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    said = f"{moment}.{view_id}.{path}".encode()
    return f"t={moment},v1={hmac.new(token.encode(), said, 'sha256').hexdigest()}"


def _bad_address() -> Invalid:
    return Invalid(
        "bad_address",
        "地址须以 http:// 或 https:// 开头，不含用户名和密码",
        "an address begins with http:// or https:// and holds no user name or password",
    )


def unavailable(why: str) -> Refusal:
    """Nothing to show; ``why`` is for the technician: one English phrase in the details."""
    return Refusal(
        "no_picture",
        "没有取到画面：点位单位的平台没有应答，或应答的不是图片；这次调看已登记，可以再试",
        "no picture came: the owner's platform did not answer with one; the look is registered",
        why=why,
    )
