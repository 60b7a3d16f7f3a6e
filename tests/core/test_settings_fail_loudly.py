import stat
from pathlib import Path

import pytest

from ideation.core import config
from ideation.core.config import ConfigError

BROKEN = {
    "IDEATION_PORT": "eighty",
    "IDEATION_BASE_URL": "contest.example",
    "IDEATION_DATABASE_URL": "mysql://host/name",
    "IDEATION_REDIS_URL": "http://host",
    "IDEATION_STORAGE_URL": "ftp://host",
    "IDEATION_SECRET_KEY": "short",
    "IDEATION_VAULT_KEY": f"{'a' * 40},short",
    "IDEATION_MAIL_URL": "mailto:host",
    "IDEATION_TRUSTED_PROXIES": "-1",
    "IDEATION_WEB_WORKERS": "0",
    "IDEATION_WEB_THREADS": "many",
    "IDEATION_JOB_WORKERS": "0",
}


def _load(home: Path, **values: str) -> config.Settings:
    return config.load({"IDEATION_HOME": str(home), **values})


@pytest.mark.parametrize(("name", "value"), BROKEN.items())
def test_a_broken_setting_is_one_sentence_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, **{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "write" in sentence


@pytest.mark.parametrize(
    "name", ["IDEATION_SECRET_KEY", "IDEATION_VAULT_KEY", "IDEATION_DATABASE_URL"]
)
def test_a_broken_secret_is_not_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, **{name: "oops://hunter2"})
    assert "hunter2" not in str(caught.value)


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="IDEATION_DATABSE_URL is no setting"):
        _load(tmp_path, IDEATION_DATABSE_URL="sqlite://")


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="IDEATION_HOME"):
        _load(tmp_path / "file" / "home")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_of_postgresql_go_through_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = _load(tmp_path, IDEATION_DATABASE_URL=f"{scheme}://u:p@h/n")
    assert settings.database_url == "postgresql+psycopg://u:p@h/n"


def test_secrets_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 64
    assert first.vault_key == second.vault_key != first.secret_key
    for name in ("secret.key", "vault.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("values", "loopback"),
    [
        ({}, True),
        ({"IDEATION_HOST": "0.0.0.0"}, False),
        ({"IDEATION_BASE_URL": "https://contest.example"}, False),
        ({"IDEATION_TRUSTED_PROXIES": "1"}, False),
    ],
)
def test_loopback_means_that_nobody_else_can_reach_it(
    tmp_path: Path, values: dict[str, str], loopback: bool
) -> None:
    assert _load(tmp_path, **values).is_loopback is loopback


def test_a_long_home_still_has_a_socket_that_fits(tmp_path: Path) -> None:
    assert len(str(config.redis_socket(tmp_path / ("x" * 120)))) <= 107
