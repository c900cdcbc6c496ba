"""What the walk asks of its city, in SQL."""

CASES = """
select c.*, a.code, exists (select from alarms m where m.case_id = c.id
    and m.acknowledged_at is null) as alarm_open,
    exists (select from case_askers k where k.case_id = c.id) as has_asker,
    exists (select from organisations d join areas r on r.id = d.area_id and r.parent_id is null
        where d.id = c.desk_id) as is_at_top,
    exists (select from handed_items h where h.case_id = c.id
        and h.state in ('waiting', 'given')) as is_left,
    exists (select from case_tasks t where t.case_id = c.id
        and t.state in ('dispatched', 'acknowledged', 'returned')) as has_tasks,
    exists (select from whistles w where w.case_id = c.id and w.state = 'open') as has_whistle,
    exists (select from case_merges m where m.undone_at is null and m.lead_id = c.id)
        or exists (select from case_merges m where m.undone_at is null and m.case_id = c.id)
        as is_joined,
    (select l.state from case_merges m join cases l on l.id = m.lead_id
        where m.undone_at is null and m.case_id = c.id) as lead_state,
    array(select k.state from case_merges m join cases k on k.id = m.case_id
        where m.undone_at is null and m.lead_id = c.id) as leads,
    exists (select from mailbox_matters m where m.case_id = c.id) as is_letter,
    exists (select from supervisions s where s.case_id = c.id and s.kind = 'notice'
        and s.state = 'open') as notice_open,
    exists (select from supervisions s where s.case_id = c.id and s.kind = 'listing'
        and s.state = 'open') as listing_open,
    array(select s.kind || ' ' || s.state from supervisions s where s.case_id = c.id) as issued
from cases c join areas a on a.id = c.area_id where c.id = any(%s) order by c.id
"""
OPEN_ANYWHERE = """
select c.number, c.state, c.duty, c.desk_id, c.unit_id, c.handler_id, c.round, c.due_at,
    c.due_from, a.code
from cases c join areas a on a.id = c.area_id
where c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged', 'split')
"""
BY_RULE = """
select source, action, count(*) as n from case_steps where actor_kind = 'system' group by 1, 2
"""
LINES = """
select s.case_id, s.seq, s.round, s.action, s.source, s.target, s.actor_kind, s.account_id,
    s.actor_name, s.answer, s.data, s.due_at, s.at
from unnest(%s::uuid[], %s::int[]) as known(id, version)
join case_steps s on s.case_id = known.id and s.seq > known.version order by s.case_id, s.seq
"""
# Lines that do not follow one on the other, or do not end where their case stands.
WRONG = """
with line as (
    select s.case_id, s.seq, s.action, s.source, s.target, s.at, s.due_at, s.round,
        lag(s.seq) over w as before_seq, lag(s.target) over w as came, lag(s.at) over w as was_at,
        lead(s.seq) over w is null as is_last
    from case_steps s where s.case_id = any(%s)
    window w as (partition by s.case_id order by s.seq))
select c.number, c.state, c.version, c.due_at as now_due, line.* from line
join cases c on c.id = line.case_id
where line.seq <> coalesce(before_seq, line.seq - 1) + 1
    or (before_seq is not null and source is distinct from came)
    or line.at < was_at or line.at > %s
    or (is_last and (target <> c.state or line.seq <> c.version or line.round <> c.round
        or line.due_at is distinct from c.due_at))
"""
UNASKED = """
select c.number, c.state, c.asked from cases c where c.id = any(%s)
    and array(select unnest(c.asked) order by 1) is distinct from array(select r.kind
        from case_requests r where r.case_id = c.id and r.status = 'pending' order by 1)
"""
DESKS = """
select distinct c.state, d.code from cases c join organisations d on d.id = c.desk_id and d.active
join areas a on a.id = d.area_id and a.parent_id is not null
where c.id = any(%s) and c.duty not in ('none', 'asker') order by 1, 2
"""
NEAR_ITS_END = """
select id from cases where id = any(%s) and state in ('handled', 'checking', 'checked') order by id
"""
# Where a case may be transferred: the desks beside its own.
BESIDE = """
select o.id from organisations o join areas a on a.id = o.area_id
where o.kind = 'desk' and o.active and o.id <> %(desk)s
    and a.level = (select b.level from organisations d join areas b on b.id = d.area_id
        where d.id = %(desk)s)
order by o.code
"""
# Posts whose end leaves something open: of holders, of who acted last at a desk, of a ground.
LEAVERS = """
select c.state, p.id from cases c join posts p on p.valid @> city_today()
    and p.unit_id = c.unit_id and p.account_id = c.holder_id
where c.id = any(%(live)s) and c.state in ('dispatched', 'handling', 'suspended')
union select c.state, p.id from cases c
cross join lateral (select s.account_id, s.action from case_steps s where s.case_id = c.id
    and s.actor_kind = 'account' order by s.seq desc limit 1) last
join posts p on p.valid @> city_today() and p.unit_id = c.desk_id
    and p.account_id = last.account_id
where c.id = any(%(live)s) and c.duty = 'desk' and last.action <> 'remark'
union select c.state, p.id from cases c
join areas r on c.pos <@ r.span join posts p on p.valid @> city_today() and p.area_id = r.id
    and p.unit_id is null and p.role = any(%(field)s)
where c.id = any(%(live)s) and c.duty = 'grid' and c.state in ('verifying', 'checking')
order by 1, 2
"""
# Whoever waits alone to decide at a desk: without him it goes to another.
DECIDERS = """
select r.state, min(a.username) as username from case_requests r
join posts p on p.unit_id = r.desk_id and p.valid @> city_today() and p.role = 'duty_leader'
join accounts a on a.id = p.account_id and a.active
where r.status = 'pending' and r.case_id = any(%s)
group by r.id having count(*) = 1 order by 1, 2
"""
# Everybody's session and what a sign-in reads of it.
SIGNED_IN = """
insert into sessions (token_hash, account_id, csrf, created_at, seen_at, expires_at, idle)
select * from unnest(%s::bytea[], %s::uuid[]) as who(token_hash, account_id),
    (select 'x', city_now(), city_now(), city_now() + interval '900 days',
        interval '900 days') as begun
on conflict (token_hash) do nothing
"""
SESSIONS = """
select s.account, s.posts from unnest(%s::bytea[]) with ordinality as t(token_hash, n),
lateral open_session(t.token_hash) as s order by n
"""
# Bookkeeping of the walk, not of the city: a run that is over is out of the way.
OVER = """
update cases set state = 'withdrawn', duty = 'none', due_at = null, due_from = null, asked = '{}'
where state not in ('evaluated', 'declined', 'withdrawn') and id <> all(%s)
"""
LAPSED = """
update case_requests set status = 'lapsed', decided_at = asked_at
where status = 'pending' and case_id <> all(%s)
"""
NO_TASKS = """
update case_tasks set state = 'cancelled'
where state not in ('done', 'cancelled') and case_id <> all(%s)
"""
NO_WHISTLES = """
update whistles set state = 'cancelled', ended_at = city_now()
where state = 'open' and case_id <> all(%s)
"""
NO_NOTICES = """
update supervisions set state = 'ended', next_at = null
where state in ('open', 'proposed') and case_id <> all(%s)
"""
SWEPT = (OVER, LAPSED, NO_TASKS, NO_WHISTLES, NO_NOTICES)
WAITING = """
select r.*, c.number, c.handler_id, c.holder_id, c.state, c.duty from case_requests r
join cases c on c.id = r.case_id where r.status = 'pending' order by r.id
"""
