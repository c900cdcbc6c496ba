"""Secrets come from the environment, or are made at first start into files of mode 0600."""

import os
import secrets as random
import stat
import tempfile
from pathlib import Path

from wangge.kernel.errors import Refusal


def kept(path: Path, *, nbytes: int = 32) -> str:
    """The text kept in ``path`` (URL-safe, ``nbytes`` of entropy), made when it is missing.

    Refuses with ``secret_too_open`` when others than the owner may read the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path, random.token_urlsafe(nbytes))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Refusal(
            "secret_too_open",
            f"密钥文件 {path} 的权限过宽，应为 0600",
            f"the secret file {path} is readable by others; set its mode to 0600",
        )
    return path.read_text().strip()


def _make(path: Path, text: str) -> None:
    """Appears whole or not at all; of two processes that start together the first one wins."""
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
