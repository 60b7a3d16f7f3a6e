"""What review would otherwise have to look for again and again."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("ideation", "workers")
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
NAMELESS = {"services", "utils", "helpers", "common", "misc", "lib", "manager"}


SOURCES = sorted(
    path.relative_to(ROOT)
    for package in OURS
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts
)
TEMPLATES = sorted(
    path.relative_to(ROOT)
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".txt"}
)

INLINE = re.compile(
    r"<[^>]*\s(style|on[a-z]+)\s*=|<style|"
    r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")",
    re.IGNORECASE,
)


def _tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _own_imports(function: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS)
        or (
            isinstance(node, ast.Import)
            and any(name.name.split(".")[0] in OURS for name in node.names)
        )
    ]


def test_our_own_packages_are_imported_at_the_top() -> None:
    """One inside a function hides an edge of the graph; a comment on its line may say why."""
    hidden = []
    for path in SOURCES:
        lines = (ROOT / path).read_text().splitlines()
        for function in _functions(_tree(path)):
            hidden += [
                f"{path}:{line}" for line in _own_imports(function) if "#" not in lines[line - 1]
            ]
    assert hidden == []


def test_a_hidden_import_is_found() -> None:
    """Control."""
    tree = ast.parse("def f():\n    from ideation.core import db\n")
    assert _own_imports(next(_functions(tree))) == [2]


def test_no_file_is_named_for_nothing() -> None:
    assert [str(path) for path in SOURCES if path.stem in NAMELESS] == []


def test_files_stay_short() -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in SOURCES}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_functions_stay_short() -> None:
    long = []
    for path in SOURCES:
        for function in _functions(_tree(path)):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                long.append(f"{path}:{function.name} {lines}")
    assert long == []


def test_every_module_says_what_it_is() -> None:
    silent = [str(path) for path in SOURCES if ast.get_docstring(_tree(path)) is None]
    assert silent == []


def test_nothing_but_the_clock_asks_the_time() -> None:
    asking = [
        str(path)
        for path in SOURCES
        if re.search(
            r"datetime\.now\(|datetime\.utcnow\(|func\.now\(|CURRENT_TIMESTAMP",
            (ROOT / path).read_text(),
        )
        and path != Path("ideation/core/clock.py")
    ]
    assert asking == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_holds_nothing_inline(path: Path) -> None:
    text = (ROOT / path).read_text()
    if path.parts[1] == "mail" or path.name == "mail.html":
        assert "<script" not in text  # letters are styled inline, since mail programs ask for it
        return
    found = INLINE.search(text)
    assert found is None, found


@pytest.mark.parametrize(
    "html", ['<p style="x">', "<script>", '<a href="#" onclick="x">', "<style>"]
)
def test_inline_code_is_found(html: str) -> None:
    """Control."""
    assert INLINE.search(html)


def test_nothing_refers_to_this_machine() -> None:
    places = re.compile("|".join(re.escape(f"{place}/") for place in (ROOT, Path.home())))
    kept = [*SOURCES, *TEMPLATES, *(p.relative_to(ROOT) for p in ROOT.glob("docs/**/*.md"))]
    kept += [Path(name) for name in ("README.md", "Makefile", "pyproject.toml", "CHANGELOG.md")]
    found = [
        str(path)
        for path in kept
        if (ROOT / path).exists() and places.search((ROOT / path).read_text())
    ]
    assert found == []
