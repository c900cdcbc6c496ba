"""Shapefiles as city offices send them: zipped, in GBK or UTF-8, with or without .prj and .cpg."""

import codecs
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import shapefile

from wangge.areas.references import UNSAID, Reference, of_prj
from wangge.kernel.errors import Invalid

MOST_BYTES = 300_000_000
MOST_ENTRIES = 500
CHINESE = "gb18030"  # holds all of GBK and GB2312
LANGUAGE_GBK = 0x4D  # the driver byte that dBASE keeps for code page 936
Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Read:
    """Rows as GeoJSON features, or the refusal of a row that cannot be read."""

    features: list[Any]
    reference: Reference
    columns: tuple[str, ...]


def unpacked(body: bytes) -> Parts:
    """Take the one shapefile out of a zip; refuses what would not fit into memory."""
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            shapes = [entry for entry in entries if _suffix(entry) == "shp"]
            if len(shapes) != 1:
                names = "、".join(entry.filename for entry in shapes) or "-"
                raise Invalid(
                    "one_shapefile_needed",
                    f"压缩包里应当只有一个 .shp，现在有 {len(shapes)} 个：{names}",
                    f"the zip must hold one .shp, it holds {len(shapes)}: {names}",
                )
            stem = shapes[0].filename[:-4]
            mine = [entry for entry in entries if entry.filename.rpartition(".")[0] == stem]
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in mine) > MOST_BYTES:
                raise Invalid(
                    "layer_too_large",
                    f"压缩包太大，解开后不能超过 {MOST_BYTES // 10**6} MB",
                    f"too large: at most {MOST_BYTES // 10**6} MB when unpacked",
                )
            return {_suffix(entry): archive.read(entry) for entry in mine}
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Invalid(
            "unreadable_zip", "压缩包损坏或有密码", "the zip is damaged or has a password"
        ) from error


def beside(file: Path) -> Parts:
    """A ``.shp`` on disk with the files of the same name beside it."""
    return {
        part.suffix[1:].lower(): part.read_bytes()
        for part in file.parent.iterdir()
        if part.is_file() and part.stem == file.stem and part.suffix
    }


def _suffix(entry: ZipInfo) -> str:
    return entry.filename.rpartition(".")[2].lower()


def read(parts: Parts, encoding: str = "") -> Read:
    """Read every row; ``encoding`` wins over the file's own word."""
    reader = _opened(parts)
    names = [field.name.encode("ascii", "surrogateescape") for field in reader.fields[1:]]
    records = list(_records(reader))
    told = _encoding(parts, encoding, names, records)
    columns = tuple(name.decode(told, "ignore").strip() for name in names)
    features = [_feature(reader, at, columns, row, told) for at, row in enumerate(records)]
    prj = parts.get("prj", b"").decode("utf-8", "replace").strip("\ufeff \r\n\0")
    return Read(features, of_prj(prj) if prj else UNSAID, columns)


def _opened(parts: Parts) -> shapefile.Reader:
    """Refuse files of which a part is missing, cut off, or does not belong to the others."""
    if missing := [part for part in ("shp", "dbf") if part not in parts]:
        raise Invalid(
            "shapefile_incomplete",
            f"shapefile 缺少 .{'、.'.join(missing)} 文件",
            f"the shapefile lacks its .{', .'.join(missing)}",
        )
    body = parts["shp"]
    if len(body) < 100 or struct.unpack(">i", body[24:28])[0] * 2 != len(body):
        raise Invalid(
            "shapefile_cut",
            ".shp 文件不完整，可能没有传完，请重新复制",
            "the .shp is cut off; copy it again",
        )
    files = {name: io.BytesIO(parts[name]) for name in ("shp", "shx", "dbf") if name in parts}
    try:
        # Bytes that are no ASCII stay what they are until the encoding is known.
        reader = shapefile.Reader(**files, encoding="ascii", encodingErrors="surrogateescape")
        rows, shapes = reader.numRecords, len(reader.shapes()) if "shx" not in parts else None
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError) as error:
        raise Invalid(
            "unreadable_shapefile", "shapefile 读不出来", "the shapefile cannot be read"
        ) from error
    shapes = reader.numShapes if shapes is None else shapes
    if rows != shapes:
        raise Invalid(
            "shapefile_uneven",
            f"图形 {shapes} 个、属性 {rows} 行，对不上：.shp 与 .dbf 不是一套",
            f"{shapes} shapes and {rows} records: .shp and .dbf do not belong together",
        )
    return reader


def _records(reader: shapefile.Reader) -> Iterator[list[Any] | None]:
    """Rows of attributes with raw bytes for text; None for one that is broken."""
    for at in range(reader.numRecords or 0):
        try:
            row = list(reader.record(at))
        except (shapefile.ShapefileException, struct.error, ValueError, IndexError):
            yield None
            continue
        yield [
            cell.encode("ascii", "surrogateescape") if isinstance(cell, str) else cell
            for cell in row
        ]


def _encoding(
    parts: Parts, wanted: str, names: list[bytes], records: list[list[Any] | None]
) -> str:
    """The operator's word, the .cpg, the driver byte, and else UTF-8 where everything is UTF-8."""
    told = wanted or parts.get("cpg", b"").decode("ascii", "ignore").strip("\0 \r\n")
    if told:
        found = _named(told)
        if found or wanted:
            return found or _unknown(wanted)
    if parts["dbf"][29] == LANGUAGE_GBK:
        return CHINESE
    cells = [cell for row in records if row for cell in row if isinstance(cell, bytes)]
    try:
        for text in (*names, *cells):
            text.decode("utf-8")
    except UnicodeDecodeError:
        return CHINESE
    return "utf-8"


def _named(told: str) -> str:
    plain = told.lower().removeprefix("cp").strip()
    name = f"cp{plain}" if plain.isdigit() else told
    try:
        found = codecs.lookup("utf-8" if plain == "65001" else name).name
    except LookupError:
        return ""
    return CHINESE if found in {"gbk", "gb2312", "cp936"} else found


def _unknown(wanted: str) -> str:
    raise Invalid("unknown_encoding", f"没有这种编码：{wanted}", f"no such encoding: {wanted}")


def _feature(
    reader: shapefile.Reader, at: int, columns: tuple[str, ...], row: list[Any] | None, told: str
) -> Any:
    if row is None:
        return Invalid(
            "unreadable_record", "属性行损坏，读不出来", "the record is damaged and cannot be read"
        )
    try:
        cells = [cell.decode(told).strip() if isinstance(cell, bytes) else cell for cell in row]
    except UnicodeDecodeError:
        return Invalid(
            "bad_encoding",
            f"文字按 {told} 读不出来；换一种编码再试，例如 --encoding gbk",
            f"the text is not {told}; try another one, such as --encoding gbk",
        )
    try:
        shape = reader.shape(at)
        drawn = None if shape is None or shape.shapeType == 0 else shape.__geo_interface__
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError):
        return Invalid(
            "unreadable_shape", "图形损坏，读不出来", "the shape is damaged and cannot be read"
        )
    return {"type": "Feature", "properties": dict(zip(columns, cells, strict=True)),
            "geometry": drawn}  # fmt: skip
