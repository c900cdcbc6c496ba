"""为民服务记录: a desk reads what was done on its ground; at a home only that it was."""

from alembic import op

revision = "0082"
down_revision = "0081"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
# The view belongs to its owner, so it reads past the policy of the records: it is the wall itself.
READ = f"""
create function service_scope() returns int4multirange
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(range_agg(r), '{{}}') from posts p
        left join organisations o on o.id = p.unit_id
        join areas a on a.id = coalesce(p.area_id, o.area_id) cross join lateral unnest(a.span) as r
    where p.account_id = nullif(current_setting('app.account', true), '')::uuid
        and p.valid @> city_today() and p.role in ('acceptor', 'duty_leader', 'secretary')
$$;
revoke execute on function service_scope() from public;
grant execute on function service_scope() to wangge_app, wangge_intake;

create index field_records_services on field_records (received_at, id)
    where kind in ('service', 'outreach', 'errand', 'talk');
create index field_records_services_done on field_records (done_at)
    where kind in ('service', 'outreach', 'errand', 'talk');
create view services_done with (security_barrier) as
select r.id, r.kind, r.type, r.pos, r.area_id, r.account_id, r.people, r.done_at, r.received_at,
    r.household_id is not null or r.dwelling_id is not null as at_home,
    case when r.household_id is null and r.dwelling_id is null then r.words else '' end as words,
    case when r.household_id is null and r.dwelling_id is null then r.place_words else '' end
        as place_words
from field_records r
where r.kind in ('service', 'outreach', 'errand', 'talk') and r.pos <@ (select service_scope());
grant select on services_done to wangge_app;

drop policy files_seen on files;
create policy files_seen on files for select to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = {ME}) or (group_message_id is not null
        and exists (select from group_messages m where m.id = group_message_id))
        or (field_record_id is not null
        and (exists (select from field_records r where r.id = field_record_id)
            or exists (select from services_done s where s.id = field_record_id and not s.at_home)))
        or (estate_notice_id is not null
        and exists (select from estate_notices n where n.id = estate_notice_id)));
"""


def upgrade() -> None:
    op.execute(READ)
