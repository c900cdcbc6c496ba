"""A party organisation is one row of ``organisations``; its layer and days stand beside it.

It stood twice: as an organisation that whistles call, and as a node of the party's tree. Each node
becomes the organisation of its id; where one with its code stood already, that one is the node.
"""

from alembic import op

revision = "0045"
down_revision = "0044"

EXPAND = """
create table party_layers (
    id uuid primary key references organisations (id),
    layer text not null check (layer in ('committee', 'general_branch', 'branch', 'group',
        'household')),
    valid daterange not null
);
grant select, insert, update on party_layers to wangge_app, wangge_intake;

create temp table same on commit drop as
    select p.id as node, coalesce(o.id, p.id) as id from party_organisations p
    left join organisations o on o.code = p.code and o.kind = 'party';
insert into organisations (id, kind, code, name, short_name, area_id, active)
    select p.id, 'party', case when taken.id is null then p.code else p.code || '-party' end,
        p.name, p.name, p.area_id, upper_inf(p.valid) or upper(p.valid) > current_date
    from party_organisations p join same on same.node = p.id and same.id = p.id
    left join organisations taken on taken.code = p.code;
insert into party_layers (id, layer, valid)
    select same.id, p.kind, p.valid from party_organisations p join same on same.node = p.id;
-- Those that only whistles knew begin as branches, on the first day that anything is known of.
insert into party_layers (id, layer, valid)
    select id, 'branch', daterange('2000-01-01', case when active then null else current_date end)
    from organisations where kind = 'party' and area_id is not null on conflict do nothing;
"""
CONTRACT = """
alter table party_ties drop constraint party_ties_organisation_id_fkey,
    drop constraint party_ties_parent_id_fkey;
alter table party_grids drop constraint party_grids_organisation_id_fkey;
alter table party_members drop constraint party_members_organisation_id_fkey;
update party_ties t set organisation_id = same.id from same
    where same.node = t.organisation_id and same.id <> same.node;
update party_ties t set parent_id = same.id from same
    where same.node = t.parent_id and same.id <> same.node;
update party_grids t set organisation_id = same.id from same
    where same.node = t.organisation_id and same.id <> same.node;
update party_members t set organisation_id = same.id from same
    where same.node = t.organisation_id and same.id <> same.node;
alter table party_ties add foreign key (organisation_id) references party_layers (id),
    add foreign key (parent_id) references party_layers (id);
alter table party_grids add foreign key (organisation_id) references party_layers (id);
alter table party_members add foreign key (organisation_id) references party_layers (id);
drop table party_organisations;

create view party_organisations as
    select o.id, o.code, o.name, l.layer as kind, o.area_id, l.valid
    from party_layers l join organisations o on o.id = l.id;
grant select, update on party_organisations to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(EXPAND)
    op.execute(CONTRACT)
