"""Who is told what, and how: `python -m tests.docs.notices_table` writes it into docs/notices.md.

Read what changed in its diff: every line is something that a member is told.
"""

import re
from pathlib import Path

from ideation import app
from ideation.core import i18n
from ideation.notices import kinds
from ideation.notices.kinds import Kind
from ideation.notices.ways import Way

assert app  # its import declares every kind

DOC = Path(__file__).resolve().parents[2] / "docs/notices.md"
BEGIN, END = "<!-- kinds: begin -->", "<!-- kinds: end -->"
_HEAD = "| Kind | What it is | Who is told | How, until they choose |\n| --- | --- | --- | --- |\n"
_WAY = {
    Way.MAIL: "a mail at once",
    Way.DIGEST: "the daily mail",
    Way.HERE: "the site",
    Way.NONE: "not at all",
}


def table() -> str:
    """The catalogue of kinds as the application declares it, by topic."""
    with i18n.speaking("en"):
        parts = [
            f"### {words}\n\n{_HEAD}"
            + "".join(_row(kind) for kind in kinds.all_kinds() if kind.topic is topic)
            for topic, words in kinds.TOPICS.items()
        ]
    return "\n".join(parts)


def written() -> str:
    """The table as the page has it."""
    found = re.search(f"{BEGIN}\n\n(.*)\n{END}", DOC.read_text(), re.DOTALL)
    return found[1] if found else ""


def _row(kind: Kind) -> str:
    how = _WAY[kind.way] + (", always" if kind.always else "")
    return f"| `{kind.name}` | {kind.label} | {kind.whom} | {how} |\n"


if __name__ == "__main__":
    before, _, rest = DOC.read_text().partition(BEGIN)
    DOC.write_text(f"{before}{BEGIN}\n\n{table()}\n{END}{rest.partition(END)[2]}")
