"""Settings, from the environment alone: typed, listed by ``ideation settings``, loud when wrong.

Each setting is declared once below with its meaning, how it is read and its default.
"""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ideation.core.text import clean_line


class ConfigError(Exception):
    """A setting that cannot be used; the message says which one and what to write instead."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its meaning, how its text becomes a value, its default text."""

    name: str
    meaning: str
    parse: Callable[[str], Any]
    default: str
    default_words: str = ""
    secret: bool = False

    @property
    def field(self) -> str:
        """The name in ``Settings``: IDEATION_BASE_URL → base_url."""
        return self.name.removeprefix("IDEATION_").lower()


def _text(value: str) -> str:
    return value


def _line(value: str) -> str:
    """It stands in headings, in headers of mail, in feeds: nothing unseen, no second line."""
    if clean_line(value) != value:
        raise ValueError("one line, without characters that nobody sees")
    return value


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return parse


def _folder(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _optional_path(value: str) -> Path | None:
    return Path(value).expanduser().resolve() if value else None


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("an address such as https://contest.example, without a path")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    """Also ``postgres://``, which many hosts hand out; always through psycopg 3."""
    if not value:
        return value
    head, _, rest = value.partition("://")
    if head in {"postgres", "postgresql"}:
        value = f"postgresql+psycopg://{rest}"
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("sqlite:////path/to/file.db or postgresql://user:password@host/name")
    return value


def _one_of(*schemes: str, example: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError(example)
        return value

    return parse


def _word(*known: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in known:
            raise ValueError(" or ".join(known))
        return value

    return parse


def _secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError("32 characters or more")
    return value


def _vault_keys(value: str) -> str:
    keys = [key.strip() for key in value.split(",")] if value else []
    if any(len(key) < 32 for key in keys):
        raise ValueError("32 characters or more, or several such keys with commas between")
    return ",".join(keys)


SETTINGS: tuple[Setting, ...] = (
    Setting("IDEATION_NAME", "What the instance is called", _line, "Ideation"),
    Setting("IDEATION_HOME", "Folder for the database, pictures and keys", _folder, "var"),
    Setting(
        "IDEATION_BASE_URL",
        "Address that people type; it stands in links and mail",
        _http_url,
        "",
        default_words="http://HOST:PORT",
    ),
    Setting("IDEATION_HOST", "Address the web server listens on", _text, "127.0.0.1"),
    Setting("IDEATION_PORT", "Port the web server listens on", _whole(1, 65535), "8000"),
    Setting(
        "IDEATION_DATABASE_URL",
        "Database: SQLite or PostgreSQL",
        _database_url,
        "",
        default_words="SQLite in IDEATION_HOME",
        secret=True,
    ),
    Setting(
        "IDEATION_REDIS_URL",
        "Redis or Valkey for waking workers and counting limits",
        _one_of("redis", "rediss", "unix", example="redis://host:6379/0"),
        "",
        default_words="a server started by `ideation up`",
        secret=True,
    ),
    Setting(
        "IDEATION_STORAGE_URL",
        "Where pictures are kept",
        _one_of("file", example="file:///path/to/folder"),
        "",
        default_words="files/ in IDEATION_HOME",
    ),
    Setting(
        "IDEATION_SECRET_KEY",
        "Signs sessions and ballots; the same for all processes of an instance",
        _secret_key,
        "",
        default_words="made once, in IDEATION_HOME",
        secret=True,
    ),
    Setting(
        "IDEATION_VAULT_KEY",
        "Encrypts bank details; the first of several seals, all of them open",
        _vault_keys,
        "",
        default_words="made once, in IDEATION_HOME",
        secret=True,
    ),
    Setting(
        "IDEATION_MAIL_URL",
        "Mail server; without it mail waits in the operator's inbox page",
        _one_of("smtp", "smtps", example="smtp://user:password@host:587"),
        "",
        default_words="none",
        secret=True,
    ),
    Setting(
        "IDEATION_MAIL_FROM",
        "Sender of mail",
        _line,
        "Ideation <hello@localhost>",
    ),
    Setting(
        "IDEATION_PAYMENTS",
        "Payment provider for new cards; with sandbox no money moves",
        _word("sandbox"),
        "sandbox",
    ),
    Setting(
        "IDEATION_TRUSTED_PROXIES",
        "How many proxies before the server add X-Forwarded headers",
        _whole(0, 5),
        "0",
    ),
    Setting("IDEATION_WEB_WORKERS", "Web processes", _whole(1, 64), "1"),
    Setting("IDEATION_WEB_THREADS", "Threads of each web process", _whole(1, 64), "8"),
    Setting("IDEATION_JOB_WORKERS", "Worker processes", _whole(1, 64), "1"),
    Setting(
        "IDEATION_CLOCK_FILE",
        "For tests: a file with the seconds by which the clock is moved",
        _optional_path,
        "",
        default_words="none",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The values in force; each field is the setting IDEATION_<FIELD>."""

    name: str
    home: Path
    base_url: str
    host: str
    port: int
    database_url: str
    redis_url: str
    storage_url: str
    secret_key: str
    vault_key: str
    mail_url: str
    mail_from: str
    payments: str
    trusted_proxies: int
    web_workers: int
    web_threads: int
    job_workers: int
    clock_file: Path | None

    @property
    def is_loopback(self) -> bool:
        """Whether only people at this very machine can reach the instance."""
        host = urlsplit(self.base_url).hostname or ""
        names = {"localhost", "127.0.0.1", "::1"}
        return host in names and self.host in names and self.trusted_proxies == 0

    @property
    def is_https(self) -> bool:
        """Whether people reach the instance over https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; fill in what depends on IDEATION_HOME.

    Raises ConfigError for a value that cannot be used or an unknown IDEATION_ variable.
    """
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    values = {setting.field: _read(setting, environ) for setting in SETTINGS}
    home: Path = values["home"]
    values["base_url"] = values["base_url"] or f"http://{_shown(values['host'])}:{values['port']}"
    values["database_url"] = values["database_url"] or f"sqlite:///{home / 'ideation.db'}"
    values["storage_url"] = values["storage_url"] or f"file://{home / 'files'}"
    values["redis_url"] = values["redis_url"] or f"unix://{redis_socket(home)}"
    values["secret_key"] = values["secret_key"] or _kept_secret(home, "secret.key")
    values["vault_key"] = values["vault_key"] or _kept_secret(home, "vault.key")
    assert set(values) == {field.name for field in fields(Settings)}
    return Settings(**values)


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Put these settings in force for the process."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings in force. Raises RuntimeError before ``use``."""
    if _current is None:
        raise RuntimeError("config.use() has not been called")
    return _current


def redis_socket(home: Path) -> Path:
    """Where the embedded server listens; in /tmp where the path would not fit a socket's 107."""
    path = home / "redis.sock"
    if len(str(path)) <= 100:
        return path
    short = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ideation-{os.getuid()}-{short}" / "redis.sock"


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # recognised, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _read(setting: Setting, environ: Mapping[str, str]) -> Any:
    text = environ.get(setting.name, "").strip() or setting.default
    if not text and setting.parse is _http_url:
        return ""
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "the value given" if setting.secret else repr(text)
        raise ConfigError(f"{setting.name}: {shown} cannot be used; write {error}.") from error


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelt setting that is silently ignored costs somebody an evening."""
    known = {setting.name for setting in SETTINGS}
    for name in environ:
        if (
            name.startswith("IDEATION_")
            and not name.startswith("IDEATION_TEST_")
            and name not in known
        ):
            raise ConfigError(f"{name} is no setting; `ideation settings` lists them all.")


def _kept_secret(home: Path, name: str) -> str:
    """A key of its own, made at the first start; of two racers the first to link wins."""
    path = home / name
    if path.exists():
        return path.read_text().strip()
    fresh = home / f"{name}.{os.getpid()}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    except OSError as error:
        raise ConfigError(f"IDEATION_HOME: {home} cannot be written ({error.strerror}).") from error
    return path.read_text().strip()
