"""应急 of the demo: resources of the townships, a year of invented incidents, one still open."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from wangge.demo.invented import names
from wangge.emergency import past
from wangge.emergency.past import Past
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.service import rules

MADE = "demo"
DESKS = """
select distinct on (o.id) o.id, o.short_name, a.code, a.span::text as span, p.id as leader_id,
    p.name as leader, p.phone, coalesce(h.title, '') as title
from organisations o join areas a on a.id = o.area_id
join posts h on h.unit_id = o.id and h.role = 'duty_leader' and h.valid @> city_today()
join accounts p on p.id = h.account_id and p.active
where o.kind = 'desk' and o.active and a.level = 'township'
order by o.id, h.deputy, p.id
"""
GRIDS = """
select g.id, g.pos, g.code, g.names, b.wkb, w.id as worker_id, w.name as worker
from areas g join area_borders b on b.area_id = g.id and b.valid @> city_today()
left join lateral (select c.id, c.name from posts p join accounts c on c.id = p.account_id
    and c.active where p.area_id = g.id and p.role = 'grid_worker' and p.valid @> city_today()
    order by c.id limit 1) w on true
where g.level = 'grid' and g.pos <@ %s::int4multirange order by md5(g.code || %s) limit %s
"""
# kind, what it is called, what can be done with it, measure, how many at most
KEPT = (
    ("warehouse", "防汛物资库", ["supplies", "pumping"], "套", 40),
    ("pump", "移动泵车", ["pumping"], "台", 3),
    ("team", "应急抢险队", ["rescue", "clearing"], "人", 30),
    ("shelter", "应急避难场所", ["shelter"], "床位", 200),
    ("vehicle", "发电照明车", ["power", "lighting"], "辆", 2),
    ("team", "微型消防站", ["fire_fighting"], "人", 8),
    ("vehicle", "救护车", ["medical", "transport"], "辆", 2),
    ("team", "燃气抢修队", ["gas_repair"], "人", 10),
    ("warehouse", "生活物资储备点", ["supplies", "shelter"], "份", 500),
    ("vehicle", "除雪清障车", ["clearing"], "辆", 4),
)
# kind, what happened, why, what came of it; as often as it stands here
HAPPENED = (
    ("fire", "一户厨房起火", "油锅无人看管", "明火已扑灭，无人员伤亡"),
    ("fire", "配电箱冒烟起火", "线路老化", "断电灭火，已更换线路并恢复供电"),
    ("fire", "楼道杂物着火", "烟头引燃杂物", "已扑灭，楼道清理完毕"),
    ("waterlogging", "道路积水没过人行道", "短时强降雨，雨水口堵塞", "积水排完，道路恢复通行"),
    ("waterlogging", "地下车库进水", "暴雨倒灌", "车库排干，车辆全部移出"),
    ("gale", "大风刮倒行道树压住车辆", "阵风八级", "树已清走，道路恢复通行"),
    ("gas_leak", "小区闻到燃气味", "表后阀门老化", "阀门更换，检测合格，居民返回"),
    ("gas_leak", "施工挖断燃气管", "施工前没有探管", "关阀抢修完成，恢复供气"),
    ("outage", "片区停水", "主管爆裂", "抢修完成，恢复供水"),
    ("outage", "两栋楼停暖", "换热站水泵故障", "水泵更换，温度恢复"),
    ("collapse", "路面塌陷一处", "雨污管渗漏", "围挡抢修，路面恢复"),
    ("lost_person", "老人走失", "外出迷路", "三小时后找到，平安回家"),
    ("food_poisoning", "聚餐后数人腹泻", "凉菜存放不当", "全部救治出院，单位整改"),
    ("gathering", "业主因停车费聚集", "收费标准没有公示", "当面答复，协商一致"),
    ("snow", "桥面结冰多车打滑", "夜间冻雨", "撒布融雪剂，恢复通行"),
)
LESSONS = (
    "联络表两处电话已变，已更新；雨季前再核对一次。",
    "第一现场回报快，处置力量到得晚，已把泵车前置到低洼片区。",
    "居民疏散有序；楼道杂物清理列入网格每月巡查。",
    "物业和网格员分工不清，已写进预案步骤。",
)
LEVELS = "4444444443343"
DAY = 1440


def live(tx: Tx) -> int:
    """Resources of every township, the incidents of a year; returns the number of incidents."""
    return seed(tx, incidents=46, drills=3, open_ones=1)


def seed(tx: Tx, *, incidents: int, drills: int = 0, open_ones: int = 0) -> int:
    """``incidents`` real ones of which the last are open, and drills beside them.

    Each desk of a township keeps something; a few statements, however many incidents there are.
    """
    rng = Random(5)  # noqa: S311 - invents, keeps no secret
    desks = tx.rows(DESKS)
    for desk in desks:
        desk["grids"] = tx.rows(GRIDS, [desk["span"], MADE, 24])
    desks = [desk for desk in desks if desk["grids"]]
    if not desks:
        return 0
    _keep(tx, rng, desks)
    writer = Writer(tx, rng)
    for n in range(incidents + drills):
        drill, still = n >= incidents, incidents - open_ones <= n < incidents
        ago = timedelta(minutes=35) if still else timedelta(
            days=330 * (incidents + drills - n) / (incidents + drills), hours=rng.random() * 20 + 12
        )  # fmt: skip
        desk = rng.choice(desks)
        writer.write(desk, rng.choice(desk["grids"]), tx.now - ago, drill=drill, still=still)
    return past.load(tx, writer.past)


def _spot(grid: dict[str, Any]) -> tuple[float, float]:
    point = shapely.from_wkb(bytes(grid["wkb"])).representative_point()
    return point.x, point.y


def _keep(tx: Tx, rng: Random, desks: list[dict[str, Any]]) -> None:
    keepers, rows = names(71), []
    wanted = max(40, len(desks))
    for n in range(wanted):
        desk = desks[n % len(desks)]
        kind, name, able, measure, most = KEPT[(n + n // len(KEPT)) % len(KEPT)]
        grid = desk["grids"][n // len(desks) % len(desk["grids"])]
        lon, lat = _spot(grid)
        rows.append({
            "id": new_id(), "code": f"YJ-{n + 1:03d}", "name": f"{grid['names'][-2]}{name}",
            "kind": kind, "capabilities": able, "unit_id": desk["id"], "area_id": grid["id"],
            "pos": grid["pos"], "place_words": f"{' '.join(grid['names'][-2:])}", "lon": lon,
            "lat": lat, "amount": rng.randint(1, most), "measure": measure,
            "keeper": next(keepers), "phone": f"1390546{9000 + n:04d}",
            "state": "repair" if n % 13 == 12 else "ready", "checked_at": tx.now,
        })  # fmt: skip
    past.keep_all(tx, rows)


class Writer:
    """Puts incidents together as rows, each with its tasks, calls and log."""

    def __init__(self, tx: Tx, rng: Random) -> None:
        self.tx, self.rng, self.past = tx, rng, Past()
        self.known = rules(tx)
        self.zone = ZoneInfo(self.known.calendar.zone)

    def write(
        self, desk: dict[str, Any], grid: dict[str, Any], at: datetime, *, drill: bool, still: bool
    ) -> None:
        rng = self.rng
        code, what, cause, result = rng.choice(HAPPENED)
        kind, level = self.known.plans.kind(code), rng.choice(LEVELS)
        plan = next(iter(self.known.plans.fitting(code, level)), None)
        if kind is None or plan is None:
            return
        key, place = new_id(), " ".join(grid["names"][-2:])
        lon, lat = _spot(grid)
        worker = grid["worker_id"]
        answered = at + timedelta(minutes=rng.randint(1, 3))
        acted = answered + timedelta(minutes=rng.randint(1, 9))
        there = acted + timedelta(minutes=rng.randint(6, 35))
        closed = there + timedelta(minutes=rng.randint(30, 420))
        by = {"account_id": desk["leader_id"], "name": desk["leader"], "title": desk["title"]}
        self.past.incidents.append({
            "id": key, "number": self._number(grid["code"], at, drill=drill), "drill": drill,
            "kind": code, "category": kind.category, "level": level,
            "response": level if level != "4" else "",
            "title": f"{'演练：' if drill else ''}{grid['names'][-2]}{what}",
            "words": f"{place}{what}", "place_words": place, "lon": lon, "lat": lat,
            "pos": grid["pos"], "area_id": grid["id"], "desk_id": desk["id"],
            "unit_ids": [desk["id"]], "account_ids": [worker] if worker else [],
            "plan": plan.code, "plan_name": {"zh": plan.zh, "en": plan.en},
            "plan_version": self.known.versions.get("plans", 0),
            "state": "open" if still else "closed", "alert_step": 1, "alerted_at": at,
            "answered_at": answered, "answered_by": desk["leader_id"], "first_action_at": acted,
            "on_site_at": there, "closed_at": None if still else closed,
            "result": "" if still else ("演练完成，各岗位均已到位" if drill else result),
            "cause": "" if still or drill else cause,
            "lessons": "" if still else rng.choice(LESSONS),
            "moved": 0 if drill else rng.choice((0, 0, 0, 6, 14)),
            "opened_by": desk["leader_id"], "opened_name": desk["leader"],
            "opened_title": desk["title"], "opened_at": at, "source_ref": MADE,
        })  # fmt: skip
        lines: list[tuple[datetime, str, str, dict[str, Any], dict[str, Any]]] = [
            (at, "opened", f"{place}{what}", {"level": level}, by)
        ]
        called = {"step": 1, "called": [{"name": desk["leader"], "duty": "on_duty",
                                         "unit": desk["short_name"]}]}  # fmt: skip
        lines += [(at, "called", "", called, {}), (answered, "answered", "", {}, by)]
        self.past.calls.append({
            "id": new_id(), "incident_id": key, "step": 1, "duty": "on_duty",
            "account_id": desk["leader_id"], "name": desk["leader"], "unit": desk["short_name"],
            "phone": desk["phone"], "way": "sms", "message_id": new_id(), "called_at": at,
            "receipt": "delivered", "receipt_at": at + timedelta(seconds=4),
            "acknowledged_at": answered,
        })  # fmt: skip
        for n, step in enumerate(plan.steps, 1):
            lines += self._task(key, n, step, grid, desk, at, acted + timedelta(minutes=n), still)
        if not still:
            lines.append((there + timedelta(minutes=5), "situation", f"现场可控，{result}", {}, by))
            lines.append((closed, "closed", result, {"told": 1}, by))
        for n, (moment, what_, words, data, who) in enumerate(sorted(lines, key=_when), 1):
            self.past.lines.append({
                "id": new_id(), "incident_id": key, "seq": n, "kind": what_, "words": words,
                "data": data, "account_id": who.get("account_id"), "name": who.get("name", ""),
                "title": who.get("title", ""), "at": moment,
            })  # fmt: skip

    def _task(
        self, key: Any, n: int, step: Any, grid: dict[str, Any], desk: dict[str, Any],
        at: datetime, taken: datetime, still: bool,
    ) -> list[Any]:  # fmt: skip
        own = bool(step.role and grid["worker_id"])
        name = grid["worker"] if own else desk["leader"]
        state = ("done", "taken", "given")[min(n - 1, 2)] if still else "done"
        ended = taken + timedelta(minutes=8) if state == "done" else None
        due = at + timedelta(minutes=step.minutes) if step.minutes else None
        task = new_id()
        self.past.tasks.append({
            "id": task, "incident_id": key, "seq": n, "step": step.code, "words": step.zh,
            "words_en": step.en, "role": step.role or "", "unit_id": None if own else desk["id"],
            "account_id": grid["worker_id"] if own else None, "state": state, "given_at": at,
            "due_at": due, "late_at": None, "taken_at": None if state == "given" else taken,
            "taken_name": "" if state == "given" else name, "ended_at": ended,
            "ended_name": name if ended else "",
        })  # fmt: skip
        by = {"account_id": grid["worker_id"] if own else desk["leader_id"], "name": name}
        said = {"task": str(task)}
        lines: list[Any] = [] if state == "given" else [(taken, "task_take", step.zh, said, by)]
        return [*lines, (ended, "task_done", step.zh, said, by)] if ended else lines

    def _number(self, code: str, at: datetime, *, drill: bool) -> str:
        day = at.astimezone(self.zone).date()
        prefix = f"{'YL' if drill else 'E'}{code[:9]}"
        row = self.tx.one("select next_case_number(%s, %s) as n", [prefix, day])
        return f"{prefix}-{day:%Y%m%d}-{row['n'] if row else 0:04d}"


def _when(line: tuple[Any, ...]) -> datetime:
    at: datetime = line[0]
    return at
