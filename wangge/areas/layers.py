"""A file of areas or places as its rows: from a shapefile or GeoJSON, told apart by content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from wangge.areas import shapefiles
from wangge.areas.references import DEGREES, Reference, of_code
from wangge.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows as GeoJSON features; in place of a row that cannot be read stands its refusal."""

    features: Sequence[Any]
    reference: Reference = DEGREES
    columns: Sequence[str] = field(default_factory=tuple)


def read_layer(
    file: Path,
    *,
    reference: str = "",
    encoding: str = "",
    columns: Mapping[str, str] | None = None,
) -> Layer:
    """Read a zip of a shapefile, a ``.shp`` with its neighbours, or GeoJSON.

    ``reference`` (such as EPSG:4528) and ``encoding`` win over what the file says of itself;
    ``columns`` says which column of the file is meant by our name: ``{"code": "XZQDM"}``.
    """
    body = file.read_bytes()
    if body[:2] == b"PK":
        layer = _of_shapefile(shapefiles.unpacked(body), encoding)
    elif file.suffix.lower() == ".shp":
        layer = _of_shapefile(shapefiles.beside(file), encoding)
    else:
        layer = geojson_layer(_document(body))
    if reference:
        layer = Layer(layer.features, of_code(reference), layer.columns)
    return _renamed(layer, columns or {})


def geojson_layer(document: Any) -> Layer:
    """Take a FeatureCollection; its old member ``crs`` is honoured where it stands."""
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise Invalid(
            "not_geojson",
            "文件不是 GeoJSON 要素集合（FeatureCollection）",
            "the file is not a GeoJSON FeatureCollection",
        )
    reference, crs = DEGREES, document.get("crs")
    if isinstance(crs, Mapping) and isinstance(crs.get("properties"), Mapping):
        name = str(crs["properties"].get("name", ""))
        reference = of_code(name) if name else DEGREES
    names = [_properties(feature) for feature in features]
    return Layer(features, reference, tuple(dict.fromkeys(key for row in names for key in row)))


def _of_shapefile(parts: shapefiles.Parts, encoding: str) -> Layer:
    read = shapefiles.read(parts, encoding)
    return Layer(read.features, read.reference, read.columns)


def _document(body: bytes) -> Any:
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Invalid(
            "unreadable_layer",
            "文件读不出来：需要 GeoJSON（UTF-8）、shapefile 的 zip 包或 .shp 文件",
            "cannot be read: GeoJSON (UTF-8), a zip of a shapefile, or a .shp file is needed",
        ) from error


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _renamed(layer: Layer, columns: Mapping[str, str]) -> Layer:
    if missing := [name for name in columns.values() if name not in layer.columns]:
        raise Invalid(
            "column_missing",
            f"文件里没有这些列：{'、'.join(missing)}；有的是：{'、'.join(layer.columns)}",
            f"the file lacks {', '.join(missing)}; it has {', '.join(layer.columns)}",
            columns=list(layer.columns),
        )
    ours = {theirs: name for name, theirs in columns.items()}
    features = [
        feature
        if isinstance(feature, Invalid) or not _properties(feature)
        else {
            **feature,
            "properties": {ours.get(key, key): v for key, v in _properties(feature).items()},
        }
        for feature in layer.features
    ]
    return Layer(features, layer.reference, layer.columns)
