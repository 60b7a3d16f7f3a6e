"""Many at once: threads that all start together, each with an application context of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import TypeVar

from flask import Flask

from ideation.core.db import db

Answer = TypeVar("Answer")


def at_once(app: Flask, acts: Sequence[Callable[[], Answer]], threads: int = 40) -> list[Answer]:
    """Do every act on one of ``threads`` threads that are let go together; in order."""
    gate = threading.Barrier(min(threads, len(acts)))
    passed = threading.local()

    def one(act: Callable[[], Answer]) -> Answer:
        if not getattr(passed, "gate", False):
            passed.gate = True
            gate.wait(30)
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(min(threads, len(acts))) as pool:
        answers = list(pool.map(lambda act: Context().run(one, act), acts))
    db.session.rollback()  # the test looks at the database afresh
    return answers
