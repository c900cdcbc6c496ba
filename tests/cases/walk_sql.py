"""What the walk asks of its city, in SQL."""

CASES = """
select c.*, a.code, exists (select from alarms m where m.case_id = c.id
    and m.acknowledged_at is null) as alarm_open,
    exists (select from case_askers k where k.case_id = c.id) as has_asker
from cases c join areas a on a.id = c.area_id where c.id = any(%s) order by c.id
"""
OPEN_ANYWHERE = """
select c.*, a.code from cases c join areas a on a.id = c.area_id
where c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged', 'split')
"""
BY_RULE = """
select source, action, count(*) as n from case_steps where actor_kind = 'system' group by 1, 2
"""
LINES = """
select seq, round, action, source, target, actor_kind, account_id, actor_name, answer, data,
    due_at, at
from case_steps where case_id = %s and seq > %s order by seq
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
where c.id = any(%s) and c.duty not in ('none', 'asker') order by 1, 2
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
