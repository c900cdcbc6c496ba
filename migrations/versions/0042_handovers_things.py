"""A leaver's open whistles, promises and supervision are items of the handover too.

A whistle may stand without a case. What is signed for is seen to by whoever signed; who blew,
promised or issued stays as it was written.
"""

from alembic import op

revision = "0042"
down_revision = "0041"

THINGS = """
alter table handed_items alter column case_id drop not null;
alter table handed_items add column thing_id uuid;
drop index handed_items_open;
create unique index handed_items_one on handed_items (kind, coalesce(task_id, thing_id, case_id))
    where state in ('waiting', 'given');
drop policy handed_seen on handed_items;
drop policy handed_changed on handed_items;
create policy handed_seen on handed_items for select to wangge_app
    using (exists (select from cases c where c.id = case_id)
        or (case_id is null and exists (select from whistles w where w.id = thing_id)));
create policy handed_changed on handed_items for update to wangge_app
    using (exists (select from cases c where c.id = case_id)
        or (case_id is null and exists (select from whistles w where w.id = thing_id)));
alter table case_promises add column seen_to_by uuid references accounts (id),
    add column seen_to_name text not null default '';
alter table supervisions add column seen_to_by uuid references accounts (id),
    add column seen_to_name text not null default '';
create index case_promises_made on case_promises (made_by) where kept_at is null;
create index supervisions_issued on supervisions (issued_by)
    where state in ('proposed', 'open');
create index whistles_caller on whistles (caller_id) where state = 'open';
"""


def upgrade() -> None:
    op.execute(THINGS)
