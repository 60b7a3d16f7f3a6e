"""Cells of tables that people open in a spreadsheet, which runs some texts as formulas.

OWASP, *CSV Injection*: what begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end, in East
Asian versions in full width as well. What stands before it and is not seen (spaces, a mark of byte
order) a spreadsheet may drop.
"""

import re

_RUNS = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠]")
_BEGINNING = re.compile(r"[\s\u200b\ufeff=+\-@＝＋－＠]+")


def quoted(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run; ``plain`` takes it off."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def plain(cell: str) -> str:
    """The cell as it was before ``quoted``, or as a spreadsheet made it."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell, 1) else cell


def bare(cell: str) -> str:
    """The text on one line, without a beginning that a spreadsheet would run.

    Dropped, not quoted: an apostrophe would become part of the name that a bank compares.
    """
    line = " ".join(cell.split())
    return _BEGINNING.sub("", line, count=1) if _RUNS.match(line) else line
