"""What a member wants to be told, and how."""

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideation.core.db import db, is_postgresql
from ideation.notices import kinds
from ideation.notices.kinds import Kind
from ideation.notices.models import WAITS_FOR_A_DIGEST, Notice, NoticePreference
from ideation.notices.ways import MAILED, Way


def way_of(member_id: int, kind: Kind) -> Way:
    """How the member is told of the kind: their own choice, else the kind's default."""
    if kind.always is not None:
        return kind.way
    preference = db.session.get(NoticePreference, (member_id, kind.name))
    return preference.way if preference else kind.way


def ways_of(member_id: int) -> dict[str, Way]:
    """Name of each kind → how the member is told of it."""
    rows = db.session.scalars(
        select(NoticePreference).where(NoticePreference.member_id == member_id)
    )
    chosen = {row.kind: row.way for row in rows}
    return {
        kind.name: kind.way if kind.always is not None else chosen.get(kind.name, kind.way)
        for kind in kinds.all_kinds()
    }


def choose(member_id: int, ways: Mapping[str, Way]) -> None:
    """Keep the member's choices, by names of kinds; what always comes is left as it is.

    What waits for a digest and is no longer wanted by mail waits no more.
    """
    open_ones = {kind.name for kind in kinds.all_kinds() if kind.always is None}
    rows = [
        {"member_id": member_id, "kind": name, "way": way}
        for name, way in sorted(ways.items())
        if name in open_ones
    ]
    if not rows:
        return
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    adding = insert(NoticePreference).values(rows)
    db.session.execute(
        adding.on_conflict_do_update(
            index_elements=[NoticePreference.member_id, NoticePreference.kind],
            set_={"way": adding.excluded.way},
        )
    )
    silenced = [str(row["kind"]) for row in rows if row["way"] not in MAILED]
    db.session.execute(
        update(Notice)
        .where(Notice.member_id == member_id, Notice.kind.in_(silenced), WAITS_FOR_A_DIGEST)
        .values(way=Way.HERE)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def choose_for_all(member_id: int, way: Way) -> None:
    """The same choice for every kind that leaves one."""
    choose(member_id, {kind.name: way for kind in kinds.all_kinds()})
