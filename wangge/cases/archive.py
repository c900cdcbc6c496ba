"""归档: the electronic file of a case as one ZIP, with checksums, and the seal of a finished one.

The history of a case is written once; the seal lets anybody who kept the file prove it later.
"""

import hashlib
import mimetypes
import zipfile
from typing import IO, Any
from uuid import UUID

import orjson

from wangge.cases import queries
from wangge.cases.models import FINAL, State
from wangge.cases.views import view
from wangge.files import service as files
from wangge.files.models import Size
from wangge.kernel.db import Tx
from wangge.people.models import Actor

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
EXTENSIONS = {"image/webp": ".webp", "audio/webm": ".webm", "audio/mp4": ".m4a"}
SEALED = """
select c.number, c.title, c.text, c.received_at, c.answer, c.state,
    (select jsonb_agg(jsonb_build_array(s.id, s.seq, s.round, s.action, s.source, s.target,
        s.actor_kind, s.account_id, s.unit_id, s.note, s.answer, s.reason, s.data,
        extract(epoch from s.at)) order by s.seq)
        from case_steps s where s.case_id = c.id and s.seq <= %(seq)s) as steps,
    (select jsonb_agg(jsonb_build_array(f.id, f.step_id, encode(f.sha256, 'hex')) order by f.id)
        from files f where f.case_id = c.id and f.created_at <= %(at)s) as files
from cases c where c.id = %(id)s
"""
KEPT = "select seq, digest, at from case_seals where case_id = %s"
KEEP = """
insert into case_seals (case_id, seq, digest, at) values (%s, %s, %s, %s) on conflict do nothing
"""


def seal(tx: Tx, case_id: UUID) -> None:
    """Seal a finished case once; what is remarked later stands outside the seal."""
    row = tx.one("select state, version from cases where id = %s", [case_id])
    if row is None or State(row["state"]) not in FINAL or tx.one(KEPT, [case_id]):
        return
    digest = _digest(tx, case_id, row["version"], tx.now)
    tx.run(KEEP, [case_id, row["version"], digest, tx.now])


def _digest(tx: Tx, case_id: UUID, seq: int, at: Any) -> bytes:
    row = tx.one(SEALED, {"id": case_id, "seq": seq, "at": at})
    return hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).digest()


def sealed(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    """When it was sealed, with which digest, and whether the case is still what was sealed."""
    row = tx.one(KEPT, [case_id])
    if row is None:
        return None
    return {
        "at": row["at"],
        "steps": row["seq"],
        "sha256": bytes(row["digest"]).hex(),
        "unchanged": _digest(tx, case_id, row["seq"], row["at"]) == bytes(row["digest"]),
    }


def write(tx: Tx, actor: Actor, row: dict[str, Any], printed: bytes, into: IO[bytes]) -> None:
    """Write the ZIP: the printed file, every step, every attachment, and the sums of them all.

    It holds what its reader may see: an asker is masked as on his screen.
    """
    steps, kept = queries.steps(tx, row["id"]), queries.files_of(tx, row["id"])
    whole = view(tx, actor, row, steps, kept)
    whole.pop("actions")
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:

        def add(name: str, content: bytes, **more: Any) -> None:
            packed.writestr(name, content)
            digest = hashlib.sha256(content).hexdigest()
            entries.append({"name": name, "size": len(content), "sha256": digest, **more})

        add("case.pdf", printed)
        add("case.json", orjson.dumps(whole, option=orjson.OPT_INDENT_2))
        for n, file in enumerate(kept, 1):
            name = f"files/{n:02d}-{file['purpose']}{_extension(file['mime'])}"
            content = files.content(tx, file["id"], Size.FULL)
            add(name, content, id=file["id"], step=file["step_id"], shot_at=file["shot_at"])
        manifest = {
            "wangge_case_file": 1,
            "number": row["number"],
            "made_at": tx.now,
            "made_by": f"{actor.name} {actor.title}".strip(),
            "steps": len(steps),
            "seal": sealed(tx, row["id"]),
            "files": list(entries),
        }
        add(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        packed.writestr(SUMS, "".join(f"{one['sha256']}  {one['name']}\n" for one in entries))


def _extension(mime: str) -> str:
    return EXTENSIONS.get(mime) or mimetypes.guess_extension(mime) or ".bin"
