"""Every command, setting, file and module that the docs name is there."""

import importlib.util
import re
from pathlib import Path

import click
import pytest

from ideation.cli import main
from ideation.core.config import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted(
    path.relative_to(ROOT)
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/decisions/*.md"),
    )
)

CODE = re.compile(r"`([^`\n]+)`|^    (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
FOLDERS = ("ideation", "workers", "tests", "templates", "static", "docs", "tools", "benchmarks")


def _code(path: Path) -> list[str]:
    """What stands between backticks or is indented as a command, without its comment."""
    found = CODE.findall((ROOT / path).read_text())
    lines = [re.sub(r"\s+#.*", "", inline or block) for inline, block in found]
    return [part.strip() for line in lines for part in line.split("&&")]


def _problem(code: str) -> str | None:
    words = code.split()
    if words[:1] == ["ideation"] and len(words) > 1:
        return _command_problem(words[1:])
    if words[:1] == ["make"]:
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        missing = [word for word in words[1:] if re.fullmatch("[a-z-]+", word)]
        return next((f"make {word}" for word in missing if word not in targets), None)
    if words[:2] == ["python", "-m"]:
        return None if importlib.util.find_spec(words[2]) else f"python -m {words[2]}"
    name = re.match(r"IDEATION_\w+", code)
    if name:
        known = {setting.name for setting in SETTINGS} | {"IDEATION_"}
        return None if name.group() in known else name.group()
    if "/" in code and code.split("/")[0] in FOLDERS and re.fullmatch(r"[\w./-]+", code):
        return None if (ROOT / code).exists() else code
    return None


def _command_problem(words: list[str]) -> str | None:
    command: click.Command = main
    for word in words:
        if word.startswith("--"):
            known = {option for param in command.params for option in param.opts}
            known |= {option for param in command.params for option in param.secondary_opts}
            if word not in known | {"--help"}:
                return f"{command.name} {word}"
        elif isinstance(command, click.Group) and re.fullmatch("[a-z-]+", word):
            found = command.commands.get(word)
            if found is None:
                return f"ideation {word}"
            command = found
    return None


@pytest.mark.parametrize("path", DOCS, ids=str)
def test_what_it_names_exists(path: Path) -> None:
    assert [problem for code in _code(path) if (problem := _problem(code))] == []


@pytest.mark.parametrize("path", DOCS, ids=str)
def test_its_links_lead_somewhere(path: Path) -> None:
    links = LINK.findall((ROOT / path).read_text())
    assert [link for link in links if not (ROOT / path.parent / link).exists()] == []


@pytest.mark.parametrize(
    "code",
    [
        "ideation fly",
        "ideation up --fast",
        "ideation results forge",
        "make coffee",
        "IDEATION_SPEED",
        "docs/nowhere.md",
        "python -m nothing_at_all",
    ],
)
def test_what_does_not_exist_is_found(code: str) -> None:
    """Control."""
    assert _problem(code)


def test_every_setting_an_operator_must_know_is_explained() -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    must = (
        *("HOME", "BASE_URL", "DATABASE_URL", "REDIS_URL", "MAIL_URL", "TRUSTED_PROXIES"),
        "VAULT_KEY",
    )
    assert [name for name in must if f"IDEATION_{name}" not in operations] == []
