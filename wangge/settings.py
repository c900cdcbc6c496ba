"""Every setting of the platform, with a default that works on one machine."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment as ``WANGGE_<NAME>``; docs/settings.md is made from this."""

    model_config = SettingsConfigDict(env_prefix="WANGGE_", extra="ignore")

    home: Path = Field(
        default=Path("var"), description="Folder that holds database, files and keys"
    )
    dsn: str = Field(
        default="",
        description="Owner's DSN of a PostgreSQL 18+ run by others; empty: our own",
    )
    app_password: str = Field(
        default="", description="Password of the login role wangge_app; empty: made"
    )
    intake_password: str = Field(
        default="", description="Password of the login role wangge_intake; empty: made"
    )
    host: str = Field(default="127.0.0.1", description="Address that the API listens on")
    port: int = Field(default=8000, description="Port that the API listens on")
    default_tenant: str = Field(
        default="dongying", description="Answers on any host name that is no tenant's"
    )
    demo: bool = Field(default=False, description="Sign in by click, instruments, invented city")
    key_file: Path | None = Field(
        default=None, description="Master key; default: keys/master.key in home"
    )
    files_url: str = Field(
        default="", description="Object store (s3://bucket/prefix); empty: folder in home"
    )
    sms_url: str = Field(
        default="", description="Address of the SMS gateway; empty: the local stand-in's"
    )
    sms_token: str = Field(default="", description="Bearer token for the SMS gateway; empty: made")
    sms_port: int = Field(default=8025, description="Port of the local SMS stand-in in the demo")
    video_token: str = Field(
        default="", description="Secret by which requests for snapshots are signed; empty: made"
    )
    video_port: int = Field(
        default=8026, description="Port of the local video stand-in in the demo"
    )
    voice_url: str = Field(
        default="", description="Address of the voice gateway; empty: the local stand-in's"
    )
    voice_token: str = Field(
        default="", description="Bearer token for the voice gateway; empty: made"
    )
    voice_port: int = Field(default=8027, description="Port of the local voice stand-in")
    tianditu_key: str = Field(
        default="",
        description="Key of Tianditu 天地图, used only where a city has chosen that base map;"
        " the browsers that draw it see it",
    )
    public_url: str = Field(
        default="http://{tenant}.localhost:8000", description="Address in QR codes and messages"
    )
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description="Addresses or networks of the reverse proxies whose X-Forwarded-For and"
        ' X-Forwarded-Proto are believed, as a JSON list: ["10.0.0.5", "10.1.0.0/24"]',
    )
    hosts: list[str] = Field(
        default_factory=list,
        description="Host names that are answered, as a JSON list; a leading dot takes what is"
        " below it; empty: any",
    )
    session_hours: int = Field(default=12, description="Longest life of a staff session, hours")
    idle_minutes: int = Field(
        default=120, description="A session without a request ends after, minutes"
    )
    pool_size: int = Field(default=8, description="Connections per tenant, role and process")
    fact_days: int = Field(
        default=90, ge=8, description="Days for which readers may go back in the log of facts"
    )
    archive: Path | None = Field(
        default=None,
        description="Folder for the write-ahead log of our own database; empty: none is kept",
    )
    log_level: str = Field(default="INFO", description="Least level that is written")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def master_key(self) -> Path:
        return self.key_file or self.keys / "master.key"


@cache
def settings() -> Settings:
    return Settings()
