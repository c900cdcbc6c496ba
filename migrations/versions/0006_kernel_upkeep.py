"""The log of facts has a name and a horizon; a restored copy holds back its messages."""

from alembic import op

revision = "0006"
down_revision = "0005"

UPKEEP = """
create table upkeep (
    only_row bool primary key default true check (only_row),
    log uuid not null default gen_random_uuid(),
    horizon bigint not null default 0,
    silent bool not null default false
);
insert into upkeep default values;
grant select on upkeep to wangge_app;
grant select, update on upkeep to wangge_intake;

-- Of the oldest `most` facts those before the moment, as one unbroken beginning of the log.
create function forget_facts(before timestamptz, most int) returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last bigint;
    gone int;
begin
    select max(pos) into last from (
        select p.pos, bool_and(f.at < before) over (order by p.pos) as old
        from (select pos, fact_id from fact_positions order by pos limit most) p
        join facts f on f.id = p.fact_id) aged where old;
    if last is null then
        return 0;
    end if;
    update upkeep set horizon = last;
    with placed as (delete from fact_positions where pos <= last returning fact_id)
        delete from facts using placed where id = fact_id;
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function forget_facts(timestamptz, int) from public;
grant execute on function forget_facts(timestamptz, int) to wangge_intake;

alter table sms_messages drop constraint sms_messages_state_check;
alter table sms_messages add constraint sms_messages_state_check
    check (state in ('queued', 'sent', 'delivered', 'failed', 'withheld')) not valid;
alter table sms_messages validate constraint sms_messages_state_check;
"""


def upgrade() -> None:
    op.execute(UPKEEP)
