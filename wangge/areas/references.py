"""Coordinate reference systems of foreign files, and how exactly each becomes WGS-84.

CGCS2000 is WGS-84 to within centimetres, so only its projection has to be undone. Beijing 1954 and
Xian 1980 have no public transformation: what a library does with them is 50 to 120 metres wrong,
therefore they are refused.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from wangge.areas.geodesy import Coordinates
from wangge.kernel.errors import Invalid

WORST_METRES = 5.0  # a grid's border is drawn more exactly than that
CGCS2000 = re.compile(
    r"china[ _]?2000|cgcs[ _]?2000|geodetic_coordinate_system_2000", re.IGNORECASE
)
SECRET = re.compile(r"beijing[ _]?(19)?54|xian[ _]?(19)?80|new[ _]beijing", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a file's numbers mean; ``to_degrees`` is None where they are WGS-84 degrees already."""

    name: str
    to_degrees: Callable[[Coordinates], Coordinates] | None = None


DEGREES = Reference("EPSG:4326")
UNSAID = Reference("")


def of_prj(text: str) -> Reference:
    """Read the text of a ``.prj`` file."""
    try:
        return _of(CRS.from_wkt(text))
    except CRSError as error:
        raise Invalid(
            "unknown_reference",
            "坐标系说明（.prj）读不出来，请用 --reference 指定，例如 EPSG:4528",
            "the .prj cannot be read; name the system with --reference, such as EPSG:4528",
        ) from error


def of_code(code: str) -> Reference:
    """Read a name such as ``EPSG:4528`` or ``urn:ogc:def:crs:OGC:1.3:CRS84``."""
    try:
        return _of(CRS.from_user_input(code))
    except CRSError as error:
        raise Invalid(
            "unknown_reference",
            f"没有这个坐标系：{code}",
            f"there is no reference system {code}",
        ) from error


def _of(crs: CRS) -> Reference:
    ground = crs.geodetic_crs
    if ground is None or ground.datum is None:
        raise Invalid(
            "unknown_reference",
            f"坐标系“{crs.name}”没有说明以什么椭球为准",
            f"the reference system {crs.name} names no datum",
        )
    datum = f"{ground.name} {ground.datum.name}"
    if SECRET.search(datum):
        raise Invalid(
            "datum_without_parameters",
            f"“{crs.name}”没有公开的转换参数，直接换算会偏几十到一百多米："
            "请测绘部门先转为 CGCS2000（2000 国家大地坐标系）",
            f"{crs.name} has no public transformation to WGS-84: have it converted to CGCS2000",
        )
    if CGCS2000.search(datum):
        target = ground
    else:
        target, worst = CRS.from_epsg(4326), _accuracy(crs)
        if not 0 <= worst <= WORST_METRES:
            raise Invalid(
                "datum_not_exact",
                f"“{crs.name}”换算到 WGS-84 的误差太大或不明，请先转为 CGCS2000 或 WGS-84",
                f"{crs.name} cannot be brought to WGS-84 within {WORST_METRES:g} m",
            )
    if crs.is_geographic and target.equals(crs, ignore_axis_order=True):
        return Reference(crs.name)
    move = Transformer.from_crs(crs, target, always_xy=True, allow_ballpark=target is ground)

    def to_degrees(points: Coordinates) -> Coordinates:
        return np.column_stack(move.transform(points[:, 0], points[:, 1]))

    return Reference(crs.name, to_degrees)


def _accuracy(crs: CRS) -> float:
    """Metres that the best transformation at hand may be wrong by; -1 where nobody knows."""
    with warnings.catch_warnings():
        # A finer grid that is not installed is no matter: the accuracy of what is used decides.
        warnings.simplefilter("ignore", UserWarning)
        known = TransformerGroup(crs, 4326, always_xy=True, allow_ballpark=False).transformers
    return known[0].accuracy if known else -1.0
