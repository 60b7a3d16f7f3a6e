"""The catalogues: collect strings into them (``--update``), or check that they are whole.

One template of strings comes out of code and templates; each language has a file of its own. Files
hold no dates, places or old entries, so that a change of one string is a change of a few lines.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "ideation" / "translations"
LANGUAGES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文"}
#: Calls whose arguments are strings to translate: the functions of ``ideation.core.i18n``.
KEYWORDS = parse_keywords(["_", "gettext", "ngettext:1,2", "lazy", "lazy_plural:1,2"])
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

_HEADER = """\
# Ideation in {name}. `make translations` collects new strings; docs/glossary.md has the words.
msgid ""
msgstr ""
"Language: {tag}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def main() -> None:
    """Update the catalogues, or print what is missing or lost a placeholder and exit 1."""
    wanted = extracted()
    if "--update" in sys.argv[1:]:
        for tag in LANGUAGES:
            write(tag, updated(wanted, read(tag)))
        return
    found = [problem for tag in LANGUAGES for problem in problems(tag, wanted, read(tag))]
    if found:
        sys.exit("\n".join([*found[:60], f"{len(found)} problems; see `make translations`"]))


def extracted() -> Catalog:
    """The strings that code and templates hold now."""
    with (ROOT / "tools" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="Ideation", charset="utf-8")
    # Folder by folder: the root holds the environment and people's data.
    for folder in sorted({pattern.partition("/")[0] for pattern, _ in methods}):
        inner = [
            (pattern.partition("/")[2], method)
            for pattern, method in methods
            if pattern.startswith(f"{folder}/")
        ]
        inner_options = {
            pattern.partition("/")[2]: found
            for pattern, found in options.items()
            if pattern.startswith(f"{folder}/")
        }
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / folder, inner, inner_options, KEYWORDS
        ):
            catalog.add(message, None, [(f"{folder}/{name}", line)])
    return catalog


def read(tag: str) -> Catalog:
    """A language's catalogue; empty where it has none yet."""
    path = path_of(tag)
    if not path.exists():
        return Catalog(locale=tag)
    with path.open("rb") as file:
        return read_po(file, locale=tag)


def updated(wanted: Catalog, have: Catalog) -> Catalog:
    """The strings wanted with the translations at hand; what nothing asks for any more is gone."""
    new = Catalog(locale=have.locale, charset="utf-8")
    for message in wanted:
        if message.id:
            ours = have.get(name_of(message))
            new.add(message.id, ours.string if ours and _fits(message, ours) else "")
    return new


def write(tag: str, catalog: Catalog) -> None:
    """Write a language's catalogue, and the compiled one that the application reads."""
    path = path_of(tag)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_HEADER.format(tag=tag, name=LANGUAGES[tag]).encode())
        write_po(file, catalog, omit_header=True, no_location=True, sort_output=True, width=0)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def problems(tag: str, wanted: Catalog, have: Catalog) -> list[str]:
    """What is not translated, has other placeholders, or is asked for by nothing any more."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        ours = have.get(name_of(message))
        texts = texts_of(ours) if ours else []
        allowed = names_in(*([message.id] if isinstance(message.id, str) else message.id))
        if not texts or not all(texts):
            found.append(f"{tag}: not translated: {name_of(message)!r}")
        elif any(names_in(text) != allowed for text in texts):
            found.append(f"{tag}: other placeholders than: {name_of(message)!r}")
    stale = {name_of(message) for message in have} - {name_of(message) for message in wanted}
    return found + [f"{tag}: nothing asks for: {name!r}" for name in sorted(stale)]


def path_of(tag: str) -> Path:
    """Where a language's catalogue is."""
    return CATALOGUES / tag / "LC_MESSAGES" / "messages.po"


def name_of(message: Message) -> str:
    """What a catalogue finds a message by: its text, in the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def texts_of(message: Message) -> list[str]:
    """Every form that a message was translated into."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def names_in(*texts: str) -> set[str]:
    """The placeholders of some texts."""
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def _fits(message: Message, ours: Message) -> bool:
    return isinstance(message.id, str) == isinstance(ours.id, str)


if __name__ == "__main__":
    main()
