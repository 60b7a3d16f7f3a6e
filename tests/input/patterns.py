"""Every regular expression of the product: in its modules, its scripts and its forms."""

import ast
import functools
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_SEARCHED = {"search", "sub", "subn", "split", "findall", "finditer"}
_USED = _SEARCHED | {"match", "fullmatch"}
#: ``/…/`` where a value may stand, with its flags; no pattern of ours holds a slash in brackets.
_IN_SCRIPTS = re.compile(r"[=(,:!&|?{] ?/((?:[^/*\\\n]|\\.)(?:[^/\\\n]|\\.)*)/([dgimsuy]*)[.,;) ]")
_IN_FORMS = re.compile(r"""\bpattern="((?!\{\{)[^"]+)\"""")


@dataclass(frozen=True)
class Pattern:
    """A regular expression, where it stands, and how it is used."""

    where: str
    text: str | bytes
    flags: int
    is_searched: bool
    is_whole: bool


@functools.cache
def of_modules() -> tuple[Pattern, ...]:
    """What modules hand to ``re``, and how they use what they compiled."""
    found: list[Pattern] = []
    for folder in ("ideation", "workers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "import re\n" in (source := path.read_text()):
                found += _of_module(path, ast.parse(source))
    return tuple(found)


def of_scripts() -> Iterator[Pattern]:
    """What is written between slashes in our scripts."""
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        for text, flags in _IN_SCRIPTS.findall(path.read_text()):
            ours = re.sub(r"\\p\{[^}]*\}", r"[\\u4e00-\\u9fff]", text).replace("(?<", "(?P<")
            yield Pattern(path.name, ours, re.I if "i" in flags else 0, True, False)


def of_forms() -> Iterator[Pattern]:
    """What a field must look like, which a browser holds against the whole of it."""
    for folder in ("templates", "ideation"):
        for path in sorted((ROOT / folder).rglob("*.html")):
            for text in _IN_FORMS.findall(path.read_text()):
                yield Pattern(path.name, text, 0, False, True)


def _of_module(path: Path, tree: ast.Module) -> Iterator[Pattern]:
    module = None if "versions" in path.parts else importlib.import_module(_name(path))
    compiled: dict[str, set[str]] = {}
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        verb = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        subject = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(subject, ast.Name) and subject.id == "re" and verb in _USED:
            text = _value(call.args[0], module)
            flags = sum(_value(one, module) for one in call.args[3:] if "re." in ast.unparse(one))
            yield Pattern(path.name, text, flags, verb in _SEARCHED, verb == "fullmatch")
        elif isinstance(subject, ast.Name) and verb in _USED:
            compiled.setdefault(subject.id, set()).add(verb)
    held = list(_held(module))
    elsewhere = set().union(*(compiled[one] for one in compiled.keys() - dict(held).keys()))
    for where, pattern in held:
        for verb in compiled.get(where, elsewhere or {"search", "fullmatch"}):
            is_whole = verb == "fullmatch"
            yield Pattern(path.name, pattern.pattern, pattern.flags, verb in _SEARCHED, is_whole)


def _name(path: Path) -> str:
    dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    return dotted.removesuffix(".__init__")


def _held(module: ModuleType | None) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The compiled patterns that a module holds, alone, in rows or by name."""
    for name, value in vars(module).items() if module else ():
        rows = value.values() if isinstance(value, dict) else value
        for one in rows if isinstance(rows, tuple | list | type({}.values())) else (rows,):
            if isinstance(one, re.Pattern):
                yield name, one


def _value(node: ast.expr, module: ModuleType | None) -> Any:
    """What an expression is; a name that only a call knows stands for a letter."""
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "x" for one in node.values)
        return "".join(map(str, parts))
    return eval(ast.unparse(node), {"re": re, **vars(module)} if module else {"re": re})
