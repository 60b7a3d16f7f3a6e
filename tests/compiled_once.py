"""What every application compiles afresh, compiled once for all applications of a test process.

A test makes an application of its own. Werkzeug then reads a hundred address rules, Jinja compiles
the templates that are shown, SQLAlchemy each statement: half a second that an instance spends once,
and thousands of tests would spend each time. Templates are shared by all processes of a test run:
a page takes longer to compile than to draw a dozen times.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import util
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from werkzeug.routing.rules import Rule

_compile = Rule.compile
_compile_builder = Rule._compile_builder
#: The folder of compiled templates, as the first process of a run tells the others.
_TEMPLATES = "IDEATION_TEST_TEMPLATES"
_own_folder: tempfile.TemporaryDirectory[str] | None = None
_statements: dict[str, Any] = {}
_rules: dict[object, dict[str, Any]] = {}
_builders: dict[object, Callable[..., tuple[str, str]]] = {}


def install() -> None:
    """Let rules be read once, and their builders be compiled when an address is first built."""
    global _own_folder
    if not Path(os.environ.get(_TEMPLATES, "/nowhere")).is_dir():
        _own_folder = tempfile.TemporaryDirectory(prefix="ideation-templates-")
        os.environ[_TEMPLATES] = _own_folder.name
    Rule.compile = _compile_rule  # type: ignore[method-assign]
    Rule._compile_builder = _compile_later  # type: ignore[method-assign]
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        # A statement is remembered under its dialect; all engines of one kind now share theirs.
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def folder() -> str | None:
    """Where compiled templates lie, for processes that a test starts."""
    return os.environ.get(_TEMPLATES)


def adopt(folder: str) -> None:
    """The same for a process that a test started: templates that any of them has compiled."""
    os.environ[_TEMPLATES] = folder
    install()
    cache = FileSystemBytecodeCache(folder)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": cache}


def share(app: Flask, engine: Engine) -> None:
    """Let the application take templates and statements that another has compiled."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ[_TEMPLATES])
    engine._compiled_cache = _statements.setdefault(engine.name, util.LRUCache(5000))


def _key(rule: Rule) -> tuple[object, ...]:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    return rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.websocket, defaults


def _compile_rule(rule: Rule) -> None:
    known = _rules.get(_key(rule))
    if known is None:
        _compile(rule)
        names = ("_parts", "_trace", "_converters")
        known = {name: getattr(rule, name) for name in names} | {"arguments": rule.arguments}
        _rules[_key(rule)] = known
        return
    rule._parts, rule._trace = known["_parts"], known["_trace"]
    rule._converters = known["_converters"]
    rule.arguments = set(known["arguments"])
    rule._build = rule._compile_builder(False).__get__(rule, None)  # type: ignore[assignment]
    rule._build_unknown = rule._compile_builder(True).__get__(rule, None)  # type: ignore[assignment]


def _compile_later(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    def build(self: Rule, **values: Any) -> tuple[str, str]:
        key = (_key(rule), append_unknown)
        if key not in _builders:
            _builders[key] = _compile_builder(rule, append_unknown)
        return _builders[key](self, **values)

    return build
