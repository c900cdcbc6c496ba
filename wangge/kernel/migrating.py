"""The schema brought to its newest version; alembic and SQLAlchemy are used here alone."""

from importlib.resources import files
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from wangge.kernel.db import Cells

__all__ = ["OperationalError", "head", "upgrade"]


def _scripts() -> Config:
    config = Config()
    place = Path(str(files("wangge"))).parent / "migrations"
    config.set_main_option("script_location", str(place))
    return config


def head() -> str:
    return str(ScriptDirectory.from_config(_scripts()).get_current_head())


def upgrade(cells: Cells, database: str) -> None:
    config = _scripts()
    parts = psycopg.conninfo.conninfo_to_dict(cells.owner(database))
    config.attributes["url"] = URL.create(
        "postgresql+psycopg", query={key: str(value) for key, value in parts.items()}
    )
    command.upgrade(config, "head")
