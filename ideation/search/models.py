"""Tables of the index, and the triggers that note what changed.

Designs, members, contests and products are written in many places, some by statements that no
event tells of. A trigger misses none, and costs a row where a word or a visibility changed: votes,
orders and visits touch none of these columns.
"""

import enum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core import guards
from ideation.core.db import Model, key_column

#: Compared by bytes on both engines, so that the words with a prefix stand side by side.
Term = String().with_variant(String(collation="C"), "postgresql")


class Kind(enum.StrEnum):
    """What can be found."""

    DESIGN = "design"
    CONTEST = "contest"
    PRODUCT = "product"
    MEMBER = "member"


class Posting(Model):
    """That a term (a word, one or two ideographs) stands in the words of a thing."""

    __tablename__ = "search_postings"
    __table_args__ = (Index(None, "kind", "subject_id"),)

    term: Mapped[str] = mapped_column(Term, primary_key=True)
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)


class Spelling(Model):
    """What a word becomes when letters are dropped; slips of it become the same."""

    __tablename__ = "search_spellings"

    spelling: Mapped[str] = mapped_column(Term, primary_key=True)
    word: Mapped[str] = mapped_column(Term, primary_key=True, index=True)


class Change(Model):
    """A thing whose words or visibility changed since it was read."""

    __tablename__ = "search_changes"

    id: Mapped[int] = key_column()
    kind: Mapped[Kind]
    subject_id: Mapped[int]


def _note(name: str, when: str, table: str, noted: str) -> None:
    """Declare a trigger that notes the rows of ``noted`` (kind, key) as changed."""
    insert = f"INSERT INTO search_changes (kind, subject_id) {noted}"
    event = f"AFTER {when} ON {table}"
    guards.declare(
        guards.Trigger(
            name=name,
            table=table,
            writes=Change.__tablename__,
            sqlite=f"CREATE TRIGGER {name} {event} BEGIN {insert}; END",
            postgresql=(
                (
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                    f"BEGIN {insert}; RETURN NULL; END $$"
                ),
                f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ),
        )
    )


def _note_both(table: str, columns: str, noted: str) -> None:
    _note(f"search_{table}_insert", "INSERT", table, noted)
    _note(f"search_{table}_update", f"UPDATE OF {columns}", table, noted)


_note_both("submissions", "title, tags, state", "VALUES ('design', NEW.id)")
_note_both("members", "name, standing, email_confirmed_at", "VALUES ('member', NEW.id)")
_note_both("products", "name, published_at", "VALUES ('product', NEW.id)")
_note_both(
    "contests",
    "is_whole, cancelled_at, week",
    # What hangs in it is public no sooner than the contest is whole.
    "SELECT 'contest', NEW.id"
    " UNION ALL SELECT 'design', id FROM submissions WHERE contest_id = NEW.id",
)
_note_both("briefs", "title", "VALUES ('contest', NEW.contest_id)")
_note_both(
    "series_texts",
    "name",
    "SELECT 'contest', id FROM contests WHERE series_id = NEW.series_id",
)
