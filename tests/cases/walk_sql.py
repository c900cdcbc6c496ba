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
HANDED = """
select source, action, count(*) as n from case_steps
where action in ('hand_over', 'raise_request') group by 1, 2
"""
DESKS = """
select distinct c.state, d.code from cases c join organisations d on d.id = c.desk_id and d.active
where c.id = any(%s) and c.duty not in ('none', 'asker') order by 1, 2
"""
# Bookkeeping of the walk, not of the city: a run that is over is out of the way.
OVER = """
update cases set state = 'withdrawn', duty = 'none', due_at = null, due_from = null, asked = '{}'
where state not in ('closed', 'evaluated', 'declined', 'withdrawn')
"""
# Each batch begins on the same day: who had gone by then is gone, who had come is there.
TURNED_BACK = """
update posts set valid = case when upper(valid) is null
    then daterange(least(lower(valid), city_today()), null) else 'empty' end
where not isempty(valid)
"""
LAPSED = """
update case_requests set status = 'lapsed', decided_at = asked_at where status = 'pending'
"""
WAITING = """
select r.*, c.number, c.handler_id, c.holder_id, c.state, c.duty from case_requests r
join cases c on c.id = r.case_id where r.status = 'pending' order by r.id
"""
