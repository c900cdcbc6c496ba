"""Where bytes lie: a folder of this machine or an object store, addressed by their own digest."""

from collections.abc import Iterator
from functools import cache

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from wangge.files.models import Size
from wangge.settings import settings

CHUNK = 1_000_000
_ENDINGS = {Size.FULL: "", Size.LARGE: ".large", Size.THUMB: ".thumb"}


@cache
def _open(url: str, folder: str) -> ObjectStore:
    """For ``s3://bucket/prefix`` the keys and the endpoint come from the usual AWS_ variables."""
    return from_url(url) if url else LocalStore(folder, mkdir=True)


def opened() -> ObjectStore:
    """The tenants' storage, as the settings name it."""
    return _open(settings().files_url, str(settings().home / "files"))


def _path(tenant: str, digest: bytes, size: Size) -> str:
    name = digest.hex()
    return f"{tenant}/{name[:2]}/{name}{_ENDINGS[size]}"


def put(tenant: str, digest: bytes, size: Size, data: bytes) -> None:
    """Write under the digest; the same bytes are the same object, so a repeat changes nothing."""
    obstore.put(opened(), _path(tenant, digest, size), data)


def length(tenant: str, digest: bytes, size: Size) -> int:
    return obstore.head(opened(), _path(tenant, digest, size))["size"]


def read(tenant: str, digest: bytes, size: Size, start: int, end: int) -> Iterator[bytes]:
    """Open the bytes from ``start`` up to but not including ``end``; missing ones fail at once."""
    found = obstore.get(opened(), _path(tenant, digest, size), options={"range": (start, end)})
    return map(bytes, found.stream(min_chunk_size=CHUNK))


def remove(tenant: str, digest: bytes) -> None:
    """Take the object and its smaller copies away; what is gone already is no failure."""
    for size in Size:
        try:
            obstore.delete(opened(), _path(tenant, digest, size))
        except FileNotFoundError:
            continue
