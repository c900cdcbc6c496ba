"""Panels of what goes on outside: the newest matters, whistles, and who holds the posts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.cases.views import type_name
from wangge.cockpit.ground import Ground
from wangge.cockpit.latest import Latest
from wangge.cockpit.lists import Lists
from wangge.people.roles import role
from wangge.tenant.rules import Rules

PERMISSION = "case.read"
SHOWN = 20
WHISTLES_SHOWN = 50


def latest(held: Latest, ground: Ground, known: Rules, here: set[int]) -> list[dict[str, Any]]:
    """The newest of an area, with the place as coarse as it must be."""
    at_home = {*known.types.counted_as("dispute"), *known.types.counted_as("service")}
    found = []
    for row in held.rows:
        if row["pos"] not in here:
            continue
        exact = bool(row["open_spot"] and row["type"] and row["type"] not in at_home)
        lon, lat = (
            (row["lon"], row["lat"]) if exact else ground.middle(row["area_id"]) or (None, None)
        )
        names = ("id", "number", "what", "at", "type", "channel", "urgent", "pos")
        found.append(
            {name: row[name] for name in names}
            | {"name": type_name(known, row["type"]), "place": ground.told(row["area_id"]),
               "lon": lon, "lat": lat, "exact": exact}
        )  # fmt: skip
        if len(found) == SHOWN:
            break
    return found


def whistles(held: Lists, ground: Ground, known: Rules, here: set[int]) -> list[dict[str, Any]]:
    """Open whistles of an area, the one due first in front."""
    reasons = {one.code: one for one in known.lists.whistle_reasons}
    found: list[dict[str, Any]] = []
    for row in held.whistles:
        if row["pos"] in here and len(found) < WHISTLES_SHOWN:
            reason = reasons.get(row["reason"])
            named = {"zh": reason.zh if reason else row["reason"],
                     "en": reason.en if reason else row["reason"]}  # fmt: skip
            told = {name: n for name, n in row.items() if name != "area_id"}
            found.append(told | {"reason": named, "place": ground.told(row["area_id"])})
    return found


def posts(held: Lists, grids: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Posts held in an area by role: how many, and how many of them are away."""
    found: list[dict[str, Any]] = []
    for row in held.posts:
        if PERMISSION not in role(row["role"]).grants and not row["role"].startswith("grid"):
            continue  # administrators look after the system, not after the ground
        count = int(np.isin(row["places"], grids).sum())
        if count:
            named = role(row["role"])
            name = {"zh": named.zh or row["role"], "en": named.en or row["role"]}
            away = int(np.isin(row["away"], grids).sum())
            found.append({"role": row["role"], "name": name, "held": count, "away": away})
    return sorted(found, key=lambda one: -one["held"])
