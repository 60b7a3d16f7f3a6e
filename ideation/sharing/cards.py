"""Share cards: which are due, drawn by a worker, kept under a key that follows from what they show.

A change only notes that a card may be outdated; a look every half minute asks for what is due, so
that two hundred approvals at once cost nobody anything, and a card that is missing for whatever
reason comes. An address holds one picture for good; one that looks otherwise has another.
"""

import hashlib
import json
import tempfile
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Select, delete, select, update

from ideation.core import config, i18n, jobs
from ideation.core.db import db, lock_row
from ideation.core.images.refusal import Refused
from ideation.core.images.sandbox import run_limited
from ideation.core.storage import in_force
from ideation.core.storage.base import NotStored, local_copy
from ideation.sharing import facts
from ideation.sharing.facts import Facts
from ideation.sharing.models import Kind, ShareCard
from ideation.sharing.press import drawing, faces
from ideation.submissions import leftovers

DRAW = jobs.declare("sharing.draw", queue="cards")

WIDTH, HEIGHT = drawing.WIDTH, drawing.HEIGHT

log = structlog.get_logger(__name__)

leftovers.watch("cards", ShareCard.key)


@dataclass(frozen=True)
class Drawn:
    """What came of a subject's cards: language → key, empty where none could be drawn."""

    kind: Kind
    subject_id: int
    keys: dict[str, str]
    #: What was asked for when drawing began; a later wish stands.
    asked_at: datetime | None


def find(kind: Kind, subject_id: int) -> str | None:
    """Storage key of the card in the language in force; None until a worker has drawn it."""
    query = select(ShareCard.key).where(
        ShareCard.kind == kind,
        ShareCard.subject_id == subject_id,
        ShareCard.language == i18n.language(),
    )
    return db.session.scalar(query) or None


def outdate(kind: Kind, subject_ids: Collection[int] | Select[int], *, at: datetime) -> None:
    """Note that the cards may show what is no longer so; those not drawn yet come anyway."""
    db.session.execute(
        update(ShareCard)
        .where(ShareCard.kind == kind, ShareCard.subject_id.in_(subject_ids))
        .values(asked_at=at)
        .execution_options(synchronize_session=False)
    )


def outdate_all(*, at: datetime) -> None:
    """Note it of every card there is."""
    db.session.execute(
        update(ShareCard).values(asked_at=at).execution_options(synchronize_session=False)
    )


def forget(kind: Kind, subject_id: int, *, at: datetime) -> None:
    """Drop the cards of what is no longer public and, once that is committed, their files."""
    keys = db.session.scalars(
        delete(ShareCard)
        .where(ShareCard.kind == kind, ShareCard.subject_id == subject_id)
        .returning(ShareCard.key)
        .execution_options(synchronize_session=False)
    ).all()
    leftovers.clear(sorted(set(filter(None, keys))), at=at)


def make(kind: Kind, subject_id: int, *, at: datetime) -> Drawn:
    """Draw and store what is missing, holding no transaction while the child works.

    Raises ``OSError``, ``StorageFull`` and ``SandboxInterrupted`` where another try may help.
    """
    wanted = _wanted(kind, subject_id, at)
    rows = _rows(kind, subject_id)
    db.session.rollback()
    keys = {tag: _key(one) for tag, one in wanted.items()}
    asked_at = max((row.asked_at for row in rows if row.asked_at), default=None)
    missing = {keys[tag]: one for tag, one in wanted.items()}
    for row in rows:
        missing.pop(row.key, None)
    if missing:
        try:
            _draw(missing)
        except (Refused, NotStored) as error:
            log.warning("share card not drawn", kind=kind.value, id=subject_id, why=str(error))
            keys = {tag: "" if key in missing else key for tag, key in keys.items()}
    return Drawn(kind, subject_id, keys, asked_at)


def record(drawn: Drawn, *, at: datetime) -> None:
    """Write down what was drawn, if it is still public, and let go of what it replaces."""
    wanted = {tag: _key(one) for tag, one in _wanted(drawn.kind, drawn.subject_id, at).items()}
    rows = {row.language: row for row in _rows(drawn.kind, drawn.subject_id, lock=True)}
    before = {row.key for row in rows.values()}
    for tag, key in drawn.keys.items():
        if tag not in wanted or key not in {wanted[tag], ""}:
            continue  # it was changed meanwhile: the next look draws it as it is now
        row = rows.pop(tag, None)
        if row is None:
            row = ShareCard(kind=drawn.kind, subject_id=drawn.subject_id, language=tag)
            db.session.add(row)
        row.key, row.drawn_at = key, at
        if row.asked_at == drawn.asked_at:
            row.asked_at = None
    for row in rows.values():
        if row.language not in wanted:
            db.session.delete(row)
    db.session.flush()
    unwanted = (before | set(drawn.keys.values())) - {""} - set(wanted.values())
    leftovers.clear(sorted(unwanted), at=at)


def _wanted(kind: Kind, subject_id: int, at: datetime) -> dict[str, Facts]:
    """Language → what the card of that language shows now; empty where there is no page."""
    found: dict[str, Facts] = {}
    for tag in i18n.LOCALES:
        with i18n.speaking(tag):
            one = facts.find(kind, subject_id, at)
        if one is None:
            return {}
        found[tag] = one
    return found


def _rows(kind: Kind, subject_id: int, *, lock: bool = False) -> list[ShareCard]:
    query = select(ShareCard).where(ShareCard.kind == kind, ShareCard.subject_id == subject_id)
    query = lock_row(query) if lock else query
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _key(one: Facts) -> str:
    """The pictures' random ids in it keep it from being guessed."""
    shown = json.dumps([drawing.VERSION, asdict(one)], sort_keys=True)
    return f"cards/{hashlib.sha256(shown.encode()).hexdigest()[:32]}.jpeg"


def _draw(missing: dict[str, Facts]) -> None:
    """Draw the cards in one child, whose pictures are the same, and store them."""
    store, any_ = in_force.store(), next(iter(missing.values()))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ideation-")))
        pictures = [stack.enter_context(local_copy(store, key)) for key in any_.pictures]
        cards = [
            {**asdict(one), "out": str(folder / f"{place}.jpeg")}
            for place, one in enumerate(missing.values())
        ]
        fonts = [str(config.current().home / "fonts"), *faces.FOLDERS]
        run_limited(drawing.draw, cards, [str(path) for path in pictures], fonts)
        for card, key in zip(cards, missing, strict=True):
            store.put(key, Path(str(card["out"])))
