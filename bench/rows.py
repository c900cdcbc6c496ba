"""Many cases in little time: rows made by PostgreSQL itself, indexes built after them.

They are as the product writes them, but for what nobody counts here: facts and sealed names.
"""

from typing import Any

import psycopg

from wangge.kernel.text import bigrams

PHRASES = (
    "路灯不亮晚上看不见路", "垃圾桶满了没人清运", "井盖松动车过就响", "半夜施工噪音扰民",
    "摆摊占道行人难走", "下水道堵了污水外溢", "楼道堆放杂物有隐患", "小区门口积水很深",
    "健身器材螺丝脱落", "树枝压到电线上了", "电动车在楼道充电", "物业不修单元门禁",
    "河边栏杆断了一截", "公厕没水好几天了", "邻居装修砸承重墙", "人行道地砖翘起绊人",
)  # fmt: skip
OPEN = (
    ("reported", "desk"), ("reported", "desk"), ("accepted", "desk"), ("verifying", "grid"),
    ("dispatched", "unit"), ("handling", "unit"), ("handling", "unit"), ("checking", "grid"),
    ("checked", "desk"), ("registered", "desk"),
)  # fmt: skip
TABLES = ("cases", "case_steps", "case_askers")
SPOTS = """
create temp table spots as
select row_number() over (order by g.pos) - 1 as n, g.pos, g.id as area_id, o.id as desk_id,
    t.code as prefix, u.ids[1 + g.pos % cardinality(u.ids)] as unit_id
from areas g
join areas t on t.level = 'township' and g.path <@ t.path
join organisations o on o.area_id = t.id and o.kind = 'desk'
cross join (select array_agg(id order by code) as ids from organisations
    where kind = 'department') u
where g.level = 'grid';
create temp table phrases (n int, text text, terms text[]);
create temp table kinds (n int, state text, duty text);
create temp table numbers as select generate_series(1, {count}) as i;
analyze spots, numbers;
"""
# In the order of their time, as reports come: read from ``numbers``, whose size is known, the big
# side of each join stays as it is. A table in chance order is read all over for any period.
CASES = """
insert into cases (id, number, request_hash, title, text, kind, level, channel, emergency, state,
    duty, pos, area_id, lon, lat, place_state, received_at, reported_at, registered_at, handled_at,
    closed_at, due_at, due_from, due_limit, total_due_at, overdue_at, desk_id, unit_id, unit_ids,
    rules_version, version, solved, satisfaction, answer, terms, accept_due_at, accept_done_at,
    dispatch_due_at, dispatch_done_at, acknowledge_due_at, acknowledge_done_at,
    handle_due_at, handle_done_at, check_due_at, check_done_at, said_at, misdispatched_at, until_at)
select uuidv7(c.at - now()), 'L' || s.prefix || '-' || c.i, '\\xfeed', p.text,
    p.text || '，第' || c.i || '次反映', 'help', 'normal', 'resident',
    case when c.i %% 1000 = 0 then '{fire}'::text[] else '{}' end,
    coalesce(k.state, 'evaluated'), coalesce(k.duty, 'none'), s.pos, s.area_id, 118.5, 37.4,
    'located', c.at, c.at, c.at + interval '1 hour',
    case when k.n is null then c.at + c.took end, case when k.n is null then c.at + c.took end,
    case when k.n is not null then c.at + interval '1 day' end, c.at, '1WD',
    c.at + interval '5 days',
    case when k.n is not null and c.at + interval '1 day' < %(now)s or c.i %% 23 = 0
        then c.at + interval '1 day' end,
    s.desk_id, case when k.n is null or k.duty in ('unit', 'grid') then s.unit_id end,
    case when k.n is null or k.duty in ('unit', 'grid') then array[s.desk_id, s.unit_id]
        else array[s.desk_id] end,
    1, greatest(%(steps)s, 1),
    case when k.n is null then c.i %% 50 <> 0 end, case when k.n is null then 'good' end, '',
    p.terms || ('第' || c.i %% 10), c.at + interval '4 hours', c.at + interval '1 hour',
    c.at + interval '1 day', c.at + interval '90 minutes', c.at + interval '2 days',
    c.at + interval '2 hours', c.at + interval '4 days',
    case when k.n is null then c.at + c.took end,
    case when k.n is null then c.at + interval '5 days' end,
    case when k.n is null then c.at + c.took end, case when k.n is null then c.at + c.took end,
    case when c.i %% 19 = 0 then c.at + interval '80 minutes' end,
    greatest(c.at + interval '5 days', c.at + c.took)
from (select i, %(now)s - (%(count)s - i) * (%(span)s::interval / %(count)s) as at,
        (3 + i %% 200) * interval '1 hour' as took,
        i > %(count)s * (1 - %(open)s) or i %% 997 = 0 as open
    from numbers) c
join spots s on s.n = (c.i::bigint * 7919) %% (select count(*) from spots)
join phrases p on p.n = c.i %% (select count(*) from phrases)
left join kinds k on c.open and k.n = c.i %% (select count(*) from kinds)
"""
STEPS = """
insert into case_steps (id, case_id, seq, round, action, source, target, actor_kind, actor_name,
    unit_id, at, data)
select uuidv7(), c.id, n, 1, case when n = 1 then 'report' else 'remark' end,
    case when n > 1 then c.state end, c.state, 'system', '', c.desk_id,
    c.received_at + n * interval '20 minutes', '{}'
from cases c, generate_series(1, %(steps)s) n where c.request_hash = '\\xfeed'
"""
ASKERS = """
insert into case_askers (case_id, mode, phone_index, phone_mask, code_hash)
select id, 'open', sha256(('phone ' || (hashtext(id::text) %% 50000))::bytea), '138****0000',
    sha256(('CODE' || replace(number, '-', ''))::bytea)
from cases where request_hash = '\\xfeed' and hashtext(id::text) %% %(every)s = 0
"""
PLAIN_INDEXES = """
select i.indexname, i.indexdef from pg_indexes i
where i.schemaname = 'public' and i.tablename = any(%s) and not exists (
    select from pg_constraint c where c.conname = i.indexname)
"""


def pour(
    owner_dsn: str, count: int, *, days: int = 365, steps: int = 2, asker_every: int = 1,
    still_open: float = 0.02,
) -> None:  # fmt: skip
    """Add ``count`` cases of the last ``days`` to a tenant that has grids, desks, departments.

    Of the newest a share is ``still_open``. Each has ``steps`` steps, and one in ``asker_every`` an
    asker who can be reached. The connection is the owner's: keys into other tables are right by
    construction, not checked.
    """
    with psycopg.connect(owner_dsn, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("set synchronous_commit = off")
        conn.execute("set maintenance_work_mem = '512MB'")
        conn.execute(SPOTS.format(count=int(count)).encode())
        _copy(conn, "phrases", [(n, text, bigrams(text)) for n, text in enumerate(PHRASES)])
        _copy(conn, "kinds", [(n, *kind) for n, kind in enumerate(OPEN)])
        now = conn.execute("select city_now()").fetchone()
        values: dict[str, Any] = {
            "count": count,
            "steps": steps,
            "every": asker_every,
            "open": still_open,
            "now": now and now[0],
        }
        indexes = conn.execute(PLAIN_INDEXES, [list(TABLES)]).fetchall()
        for name, _ in indexes:
            conn.execute(f'drop index "{name}"'.encode())
        conn.execute(CASES, {**values, "span": f"{days} days"})
        conn.execute(STEPS, values)
        conn.execute(ASKERS, values)
        for _, definition in indexes:
            conn.execute(definition.encode())
        conn.execute("vacuum (analyze) cases, case_steps, case_askers, areas, organisations")


def _copy(conn: psycopg.Connection[Any], table: str, rows: list[tuple[Any, ...]]) -> None:
    with conn.cursor().copy(f"copy {table} from stdin".encode()) as into:
        for row in rows:
            into.write_row(row)
