"""Check that every string is translated into both Chinese scripts and keeps its placeholders."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "ideation" / "translations"
LANGUAGES = ("zh_Hans", "zh_Hant")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def main() -> None:
    """Print what is missing, stale or lost a placeholder, and exit 1."""
    wanted = _extracted()
    problems = [problem for tag in LANGUAGES for problem in _problems(tag, wanted)]
    if problems:
        sys.exit("\n".join([*problems[:60], f"{len(problems)} problems; see `make translations`"]))


def _extracted() -> Catalog:
    """The strings that code and templates hold now."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as file:
        subprocess.run(  # noqa: S603
            [
                *(str(ROOT / ".venv/bin/pybabel"), "-q", "extract", "-F", "tools/babel.cfg"),
                *("-k", "lazy", "-k", "lazy_plural:1,2", "-k", "_", "-o", file.name, "."),
            ],
            cwd=ROOT,
            check=True,
        )
        return read_po(Path(file.name).open("rb"))


def _problems(tag: str, wanted: Catalog) -> list[str]:
    path = CATALOGUES / tag / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        have = read_po(file, locale=tag)
    found = []
    for message in wanted:
        if not message.id:
            continue
        ours = have.get(message.id if isinstance(message.id, str) else message.id[0])
        name = message.id if isinstance(message.id, str) else message.id[0]
        texts = _texts(ours.string) if ours else []
        if not texts or not all(texts):
            found.append(f"{tag}: not translated: {name!r}")
        elif any(_names(text) != _names(name) for text in texts) and not isinstance(
            message.id, tuple
        ):
            found.append(f"{tag}: other placeholders than: {name!r}")
    return found


def _texts(string: object) -> list[str]:
    return [string] if isinstance(string, str) else list(string)  # type: ignore[call-overload]


def _names(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


if __name__ == "__main__":
    main()
