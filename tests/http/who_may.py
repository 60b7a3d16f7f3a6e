"""The table of doors: `python -m tests.http.who_may` writes routes.txt anew after a change.

Read what changed in its diff: every line is a door and who may open it.
"""

import tempfile
from pathlib import Path

from flask import Flask

from ideation.accounts.grants import GRANTS, Permission, Role
from ideation.app import create_app
from ideation.core import config
from ideation.http.guards import Needs, Who, declared
from tests.http.addresses import routes

TABLE = Path(__file__).with_name("routes.txt")
HEAD = (
    "# method  address  who may: anyone | signed in | ballot | file | feed"
    " | the permission it needs\n"
)


def written() -> str:
    """The table as it is kept."""
    return TABLE.read_text()


def table_of(app: Flask) -> str:
    """The table as the application declares it."""
    lines = []
    for method, rule in routes(app):
        needs = declared(app, rule.endpoint)
        lines.append(f"{method:<6} {rule.rule:<55} {needs.value if needs else 'NOBODY SAID'}")
    return HEAD + "\n".join(lines) + "\n"


def needs_by_route() -> dict[tuple[str, str], Needs]:
    """(method, address) → who may, from the table as it is kept."""
    found: dict[tuple[str, str], Needs] = {}
    for line in written().splitlines():
        if line.startswith("#"):
            continue
        method, address, words = line.split(maxsplit=2)
        found[method, address] = _read(words)
    return found


def expected(needs: Needs, role: Role | str) -> str:
    """``reached``, ``sign in``, ``forbidden`` or ``hidden`` for a role at a door."""
    if isinstance(needs, Who) and needs is not Who.SIGNED_IN:
        return "reached"
    if role in {"anonymous", "suspended"}:
        return "sign in"
    if needs is Who.SIGNED_IN:
        return "reached"
    holds = GRANTS[role] if isinstance(role, Role) else frozenset()
    if needs in holds:
        return "reached"
    return "forbidden" if Permission.ENTER_CONSOLE in holds else "hidden"


def _read(words: str) -> Needs:
    return Who(words) if words in {who.value for who in Who} else Permission(words)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        TABLE.write_text(table_of(create_app(config.load({"IDEATION_HOME": home}))))
