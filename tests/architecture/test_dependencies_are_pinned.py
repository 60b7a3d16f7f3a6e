"""What is installed is what was resolved: every line pinned and hashed, no address anywhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _packages(lock: str) -> list[str]:
    """Each package with its continuation lines joined."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_version_and_hashes(lock: str) -> None:
    loose = [
        line.split()[0]
        for line in _packages(lock)
        if not re.match(r"[\w.\[\],-]+==\S+", line) or "--hash=sha256:" not in line
    ]
    assert loose == []
    assert len(_packages(lock)) > 20


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_it(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text


def test_what_the_project_asks_for_is_locked() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.match(r"[\w-]+", line).group().lower() for line in wanted}  # type: ignore[union-attr]
    locked = {re.match(r"[\w.-]+", line).group().lower() for line in _packages(LOCKS[0])}  # type: ignore[union-attr]
    assert names <= locked


def test_both_locks_agree() -> None:
    def versions(lock: str) -> dict[str, str]:
        found = (re.match(r"([\w.-]+)(?:\[.*?\])?==(\S+)", line) for line in _packages(lock))
        return {match.group(1): match.group(2) for match in found if match}

    runs, tests = (versions(lock) for lock in LOCKS)
    assert {name: tests.get(name) for name in runs} == runs
