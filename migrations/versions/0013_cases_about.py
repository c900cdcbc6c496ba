"""A complaint about somebody is kept from him: whom a case is about neither handles nor sees it.

Restrictive, so that no post, no ground and no earlier part in the case opens it again.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

ABOUT = """
alter table cases add column about_unit uuid references organisations (id),
    add column about_account uuid references accounts (id);
create policy cases_kept_from_whom_they_are_about on cases as restrictive for all to wangge_app
    using ((about_unit is null or not about_unit = any(coalesce(
            (select nullif(current_setting('app.units', true), '')::uuid[]), '{}')))
        and (about_account is null or about_account is distinct from
            (select nullif(current_setting('app.account', true), '')::uuid)))
    with check (true);
"""


def upgrade() -> None:
    op.execute(ABOUT)
