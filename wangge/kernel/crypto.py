"""Personal words at rest: sealing, blind indexes, normal forms and masks.

One master key per installation lies in a file outside the data folder; every use derives its own
key from it (HKDF), so that a leak of one derived key opens nothing else.
"""

import base64
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wangge.kernel import secrets
from wangge.kernel.errors import Invalid, Refusal
from wangge.settings import settings

_VERSION = b"\x01"
_NONCE = 12
_KEY = 32


class CannotOpen(Exception):  # noqa: N818 - named by what happened
    """Sealed with another key, for another tenant, or damaged."""


@dataclass(frozen=True)
class Keys:
    """Everything derived from one master key."""

    master: bytes = field(repr=False)

    def derive(self, purpose: str, tenant: str = "") -> bytes:
        """32 bytes for one purpose (and tenant); equal input gives equal bytes."""
        return _derive(self.master, f"wangge/{purpose}/{tenant}")

    def seal(self, tenant: str, text: str) -> bytes:
        """AES-256-GCM, a fresh nonce each time, bound to the tenant: layout 1 | 12 | text | 16."""
        nonce = os.urandom(_NONCE)
        cipher = _cipher(self.derive("seal", tenant))
        return _VERSION + nonce + cipher.encrypt(nonce, text.encode(), _VERSION + tenant.encode())

    def open_(self, tenant: str, sealed: bytes | memoryview) -> str:
        raw = bytes(sealed)
        if raw[:1] != _VERSION:
            raise CannotOpen("unknown layout of sealed text")
        cipher = _cipher(self.derive("seal", tenant))
        nonce, body = raw[1 : 1 + _NONCE], raw[1 + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, _VERSION + tenant.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("sealed with another key or for another tenant") from error

    def index(self, tenant: str, text: str) -> bytes:
        """Make a blind index: equal texts are found by equality, nothing is read from it."""
        return signed(self.derive("index", tenant), text.encode())

    def fingerprint(self) -> str:
        """Tells whether data belong to this key without showing anything of it."""
        return self.derive("fingerprint").hex()[:16]


@lru_cache(maxsize=1024)
def _derive(master: bytes, info: str) -> bytes:
    return HKDF(SHA256(), length=_KEY, salt=None, info=info.encode()).derive(master)


@lru_cache(maxsize=256)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=256)
def _signing(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod=sha256)


def signed(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256; what depends on the key alone is worked out once."""
    found = _signing(key).copy()
    found.update(message)
    return found.digest()


def load(path: Path, *, outside: Path | None = None) -> Keys:
    """Read the keys in ``path``; made there at first start, with mode 0600.

    Refuses a file that others may read, and one inside the data folder ``outside``: a copy of the
    data must never bring its own key along.
    """
    if outside is not None and path.resolve().is_relative_to(outside.resolve()):
        raise Refusal(
            "key_inside_data",
            f"密钥文件不得放在数据目录内：{path}",
            f"the master key must not lie in the data folder: {path}",
        )
    try:
        master = base64.b64decode(secrets.kept(path, nbytes=_KEY) + "=", altchars="-_")
    except ValueError:
        master = b""
    if len(master) != _KEY:
        raise Refusal(
            "key_damaged", f"密钥文件已损坏：{path}", f"this is not a whole key file: {path}"
        )
    return Keys(master)


@cache
def keys() -> Keys:
    """Return the keys of this installation."""
    return load(settings().master_key, outside=settings().data)


def seal(tenant: str, text: str) -> bytes:
    return keys().seal(tenant, text)


def open_(tenant: str, sealed: bytes | memoryview) -> str:
    return keys().open_(tenant, sealed)


def index(tenant: str, text: str) -> bytes:
    return keys().index(tenant, text)


def hashed(token: str) -> bytes:
    """How a random token (follow code, upload token) is stored: found by equality, not read."""
    return sha256(token.encode()).digest()


_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*\d{1,6}$", re.IGNORECASE)
_MARKS = re.compile(r"[\s\-‐‑–—()·.]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-9]\d{6,7}|1\d{2,5}|9\d{4}|[48]00\d{7}")
_ABROAD = re.compile(r"\+(?!86)\d{7,15}")


def normal_phone(raw: str) -> str:
    """One form per number: mobiles as 11 digits, landlines with area code, others abroad with +.

    Takes +86, 0086, blanks, brackets, dashes, full-width digits; an extension is dropped.
    """
    text = _MARKS.sub("", _EXTENSION.sub("", unicodedata.normalize("NFKC", raw).strip()))
    text = "+" + text[2:] if text.startswith("00") else text
    if text.startswith("+86"):
        text = text[3:]
    elif len(text) == 13 and text.startswith("861"):
        text = text[2:]
    for form in (_MOBILE, _LANDLINE, _LOCAL, _ABROAD):
        if form.fullmatch(text):
            return text
    if _LANDLINE.fullmatch("0" + text):  # +86 546 833 1234 leaves the trunk zero out
        return "0" + text
    raise Invalid(
        "phone_not_valid",
        "电话号码格式不正确，请核对。",
        "This is not a telephone number; please check it.",
        field="phone",
    )


def mask_phone(phone: str) -> str:
    """138****5678; landlines keep the area code; service numbers are nobody's and stay."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    if len(phone) <= 6:
        return phone
    keep = (3 if phone[1] in "12" else 4) if phone.startswith("0") else min(3, len(phone) - 6)
    return f"{phone[:keep]}****{phone[-2:]}"


_DOUBLE_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|司空|夏侯|端木|百里|南宫|独孤|呼延"
)


def mask_name(name: str) -> str:
    """王**: the surname stays, and not even the length of the rest."""
    text = name.strip()
    if not text:
        return ""
    double = _DOUBLE_SURNAMES.match(text) if len(text) > 2 else None
    return f"{double[0] if double else text[0]}**"
