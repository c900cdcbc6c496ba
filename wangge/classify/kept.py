"""Models as files in the tenant's storage, each version by its number and digest."""

import obstore

from wangge.files.store import opened


def path(tenant: str, digest: bytes) -> str:
    return f"{tenant}/models/{digest.hex()}.wgm"


def put(tenant: str, digest: bytes, data: bytes) -> None:
    obstore.put(opened(), path(tenant, digest), data)


def get(tenant: str, digest: bytes) -> bytes:
    """Raise ``FileNotFoundError`` when the storage has lost it."""
    return bytes(obstore.get(opened(), path(tenant, digest)).bytes())
