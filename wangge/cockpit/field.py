"""Panels of what goes on outside: newest matters, whistles, early warnings, video sites, posts."""

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.alerts.words import sentence
from wangge.cases.views import type_name
from wangge.cockpit.ground import Ground
from wangge.cockpit.latest import Latest
from wangge.cockpit.lists import Lists
from wangge.people.roles import role
from wangge.tenant.rules import Rules

PERMISSION = "case.read"
SHOWN = 20
WHISTLES_SHOWN = 50
ALERTS_SHOWN = 50
SITES_SHOWN = 300


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


def alerts(
    held: Lists, ground: Ground, known: Rules, here: set[int], now: datetime
) -> list[dict[str, Any]]:
    """Early warnings of an area that are not ended, the newest first, in the middle of its area."""
    named = {one.code: one for one in known.alerts.rules}
    found: list[dict[str, Any]] = []
    for row in held.alerts:
        if row["pos"] in here and len(found) < ALERTS_SHOWN:
            rule = named.get(row["rule"])
            zh, en = sentence(known, row["kind"], row["figures"])
            lon, lat = ground.middle(row["area_id"]) or (None, None)
            told = {name: row[name] for name in ("id", "kind", "state", "pos", "at", "raised")}
            found.append(
                told
                | {"title": {"zh": rule.zh, "en": rule.en} if rule
                   else dict.fromkeys(("zh", "en"), row["rule"]),
                   "words": {"zh": zh, "en": en}, "place": ground.told(row["area_id"]),
                   "late": row["state"] == "open" and row["due_at"] <= now,
                   "lon": lon, "lat": lat}
            )  # fmt: skip
    return found


def video(held: Lists, ground: Ground, here: set[int]) -> list[dict[str, Any]]:
    """Video sites in use in an area; no address: that is given for a reason, at another door."""
    names = ("id", "code", "name", "lon", "lat", "pos")
    return [
        {name: row[name] for name in names} | {"place": ground.told(row["area_id"])}
        for row in held.video
        if row["pos"] in here
    ][:SITES_SHOWN]


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
