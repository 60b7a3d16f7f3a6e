"""The words of the production agreement: one version, three languages, one seal.

A version's files never change once an instance may have offered it: new words are a new version,
and ``CURRENT`` names it. The seal is SHA-256 over the texts in all languages, so an agreement
says which words its designers had before them, whatever language they read them in.
"""

import functools
import hashlib
from pathlib import Path

from ideation.core import i18n

CURRENT = "2026-11"
_FOLDER = Path(__file__).parent / "terms"


@functools.cache
def read(version: str, language: str) -> str:
    """The terms in a language, as Markdown; in English where the language is not ours.

    Raises KeyError for a version that never was.
    """
    tag = language if language in i18n.LOCALES else i18n.DEFAULT
    path = _FOLDER / f"{version}.{tag}.md"
    if "/" in version or not path.is_file():
        raise KeyError(version)
    return path.read_text(encoding="utf-8")


@functools.cache
def seal(version: str) -> str:
    """SHA-256, in hex, over language tag and text of every language, a NUL after each."""
    digest = hashlib.sha256()
    for tag in sorted(i18n.LOCALES):
        for part in (tag, read(version, tag)):
            digest.update(part.encode() + b"\0")
    return digest.hexdigest()
