"""Identifiers: UUIDv7, made by whoever creates the record and compared only for equality."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
