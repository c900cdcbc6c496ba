"""Video sites 视频点位: where a camera of its owner stands, and the register of every look at one.

The register is written once: no role may change a row, and a trigger refuses the owner too. No
picture is kept here; what somebody keeps of one lies in the files of its case.
"""

from alembic import op

revision = "0070"
down_revision = "0061"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
UNITS = "(select nullif(current_setting('app.units', true), '')::uuid[])"
ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
SITES = f"""
create table video_sites (
    id uuid primary key,
    code text not null unique,
    name text not null,
    place_words text not null default '',
    area_id uuid not null references areas (id),
    pos int not null references areas (pos),
    lon float8 not null,
    lat float8 not null,
    owner_id uuid not null references organisations (id),
    page_url text not null default '',
    snapshot_url text not null default '',
    active bool not null default true,
    changed_at timestamptz not null
);
create index video_sites_pos on video_sites (pos) where active;
create index video_sites_lat on video_sites (lat, lon) where active;
create index video_sites_owner on video_sites (owner_id);

create table video_views (
    id uuid primary key,
    site_id uuid not null references video_sites (id),
    pos int not null,
    owner_id uuid not null references organisations (id),
    way text not null check (way in ('page', 'snapshot')),
    reason text not null check (length(btrim(reason)) >= 2),
    case_id uuid references cases (id),
    account_id uuid not null references accounts (id),
    account_name text not null,
    account_post text not null default '',
    at timestamptz not null
);
create index video_views_at on video_views (at desc, id desc);
create index video_views_site on video_views (site_id, at desc);
create index video_views_account on video_views (account_id, at desc);
create index video_views_owner on video_views (owner_id, at desc);
-- What was shown: its size and what it hashes to, so that what is kept is what was seen.
create table video_pictures (
    view_id uuid primary key references video_views (id),
    sha256 bytea not null,
    size int not null,
    at timestamptz not null
);
create table video_kept (
    view_id uuid primary key references video_views (id),
    case_id uuid not null references cases (id),
    file_id uuid not null unique,
    reason text not null check (length(btrim(reason)) >= 2),
    account_id uuid not null references accounts (id),
    at timestamptz not null
);
create trigger video_views_written_once before update or delete or truncate on video_views
    for each statement execute function refuse_change();
create trigger video_pictures_written_once before update or delete or truncate on video_pictures
    for each statement execute function refuse_change();
create trigger video_kept_written_once before update or delete or truncate on video_kept
    for each statement execute function refuse_change();

alter table video_sites enable row level security;
create policy video_sites_seen on video_sites for select to wangge_app
    using (pos <@ {SCOPE} or owner_id = any({UNITS}::uuid[]));
alter table video_views enable row level security;
create policy video_views_seen on video_views for select to wangge_app
    using (pos <@ {SCOPE} or owner_id = any({UNITS}::uuid[]) or account_id = {ME});
-- A look is written by whoever looks, at a site and for a case within his sight.
create policy video_views_written on video_views for insert to wangge_app
    with check (account_id = {ME} and exists (select from video_sites s where s.id = site_id)
        and (case_id is null or exists (select from cases c where c.id = case_id)));
alter table video_pictures enable row level security;
create policy video_pictures_seen on video_pictures for select to wangge_app
    using (exists (select from video_views v where v.id = view_id));
create policy video_pictures_written on video_pictures for insert to wangge_app
    with check (exists (select from video_views v where v.id = view_id and v.account_id = {ME}));
alter table video_kept enable row level security;
create policy video_kept_seen on video_kept for select to wangge_app
    using (exists (select from video_views v where v.id = view_id));
create policy video_kept_written on video_kept for insert to wangge_app
    with check (account_id = {ME} and exists (select from video_views v where v.id = view_id)
        and exists (select from cases c where c.id = case_id));

grant select on video_sites to wangge_app;
grant select, insert, update, delete on video_sites to wangge_intake;
grant select, insert on video_views, video_pictures, video_kept to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(SITES)
