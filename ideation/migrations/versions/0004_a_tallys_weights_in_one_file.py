"""a tally's weights in one file.

What every vote weighed was a row each in ``tally_weights``; now each tally has one file
(``ideation.voting.weight_files`` describes its format, which is written here once more: what a
migration makes never changes). Heads of old tallies gain what the new ones have.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: The vocabulary of reasons, in its order.
REASONS = (
    "counted",
    "light",
    "capped-busy",
    "cluster",
    "unconfirmed",
    "own",
    "suspended",
    "insider",
    "quarantined",
    "out",
)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        # Single numbers are read out of large files; a compressed one would be unpacked for each.
        op.execute("ALTER TABLE tally_weight_files ALTER COLUMN body SET STORAGE EXTERNAL")
    _drop_guard(connection, "tallies", "update")
    for tally_id, contest_id in connection.execute(
        sa.text("SELECT id, contest_id FROM tallies ORDER BY id")
    ).all():
        _convert(connection, tally_id, contest_id)
    for verb in ("update", "delete", "truncate"):
        _drop_guard(connection, "tally_weights", verb)
    op.drop_table("tally_weights")


def downgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "tally_weights",
        sa.Column("tally_id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("weight", KEY, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tally_id"], ["tallies.id"], name=op.f("fk_tally_weights_tally_id")
        ),
        sa.PrimaryKeyConstraint(
            "tally_id", "submission_id", "member_id", name=op.f("pk_tally_weights")
        ),
    )
    for tally_id, contest_id, body in connection.execute(
        sa.text(
            "SELECT t.id, t.contest_id, f.body FROM tallies t"
            " JOIN tally_weight_files f ON f.tally_id = t.id ORDER BY t.id"
        )
    ).all():
        rows = _read(connection, tally_id, contest_id, bytes(body))
        if rows:
            connection.execute(
                sa.text(
                    "INSERT INTO tally_weights (tally_id, submission_id, member_id, weight, reason)"
                    " VALUES (:tally_id, :submission_id, :member_id, :weight, :reason)"
                ),
                rows,
            )
    for verb in ("update", "delete"):
        _drop_guard(connection, "tally_weight_files", verb)
    _drop_guard(connection, "tally_weight_files", "truncate")
    connection.execute(sa.text("DELETE FROM tally_weight_files"))
    _guard(connection, "tally_weights")


def _convert(connection: sa.Connection, tally_id: int, contest_id: int) -> None:
    weights = connection.execute(
        sa.text(
            "SELECT submission_id, member_id, weight, reason FROM tally_weights"
            " WHERE tally_id = :tally_id ORDER BY submission_id, member_id"
        ),
        {"tally_id": tally_id},
    ).all()
    votes = sha256()
    for submission_id, member_id, stars in connection.execute(
        sa.text(
            "SELECT submission_id, member_id, stars FROM votes"
            " WHERE contest_id = :contest_id ORDER BY submission_id, member_id"
        ),
        {"contest_id": contest_id},
    ):
        votes.update(submission_id.to_bytes(8, "big") + member_id.to_bytes(8, "big"))
        votes.update(stars.to_bytes(1, "big"))
    body = _file([tuple(row) for row in weights])
    connection.execute(
        sa.text("INSERT INTO tally_weight_files (tally_id, body) VALUES (:tally_id, :body)"),
        {"tally_id": tally_id, "body": body},
    )
    connection.execute(
        sa.text(
            "UPDATE tallies SET sigma2 = :sigma2, votes_digest = :votes_digest,"
            " weights_digest = :weights_digest WHERE id = :tally_id"
        ),
        {
            "sigma2": _sigma2(connection, tally_id),
            "votes_digest": votes.hexdigest(),
            "weights_digest": sha256(body).hexdigest(),
            "tally_id": tally_id,
        },
    )


def _file(weights: list[tuple[int, int, int, str]]) -> bytes:
    """From (submission, member, weight, reason) in order."""
    kinds = sorted({row[2:] for row in weights}, key=lambda kind: (kind[0], REASONS.index(kind[1])))
    code = {kind: number for number, kind in enumerate(kinds)}
    width = 1 if len(kinds) <= 256 else 2
    sizes = [(key, len(list(rows))) for key, rows in groupby(weights, key=lambda row: row[0])]
    head = (
        f"ideation-weights 1 votes={len(weights)} entries={len(sizes)}"
        f" kinds={len(kinds)} width={width}\n"
        + "".join(f"{weight} {reason}\n" for weight, reason in kinds)
    )
    index = b"".join(key.to_bytes(8, "big") + size.to_bytes(4, "big") for key, size in sizes)
    codes = b"".join(code[row[2:]].to_bytes(width, "big") for row in weights)
    return head.encode("ascii") + index + codes


def _read(
    connection: sa.Connection, tally_id: int, contest_id: int, body: bytes
) -> list[dict[str, Any]]:
    head, _, rest = body.partition(b"\n")
    numbers = [int(number) for number in re.findall(rb"=(\d+)", head)]
    votes, entries, kinds, width = numbers
    *lines, rest = rest.split(b"\n", kinds)
    named = [line.decode("ascii").split(" ") for line in lines]
    codes = rest[entries * 12 :]
    rows = connection.execute(
        sa.text(
            "SELECT submission_id, member_id FROM votes"
            " WHERE contest_id = :contest_id ORDER BY submission_id, member_id"
        ),
        {"contest_id": contest_id},
    ).all()
    if len(rows) != votes:
        raise ValueError(f"tally {tally_id} has weights for {votes} votes; there are {len(rows)}")
    made = []
    for place, (submission_id, member_id) in enumerate(rows):
        weight, reason = named[int.from_bytes(codes[place * width : (place + 1) * width], "big")]
        made.append(
            {
                "tally_id": tally_id,
                "submission_id": submission_id,
                "member_id": member_id,
                "weight": int(weight),
                "reason": reason,
            }
        )
    return made


def _sigma2(connection: sa.Connection, tally_id: int) -> int:
    """The variance within entries, in 1/10,000 of a squared star, from the histograms."""
    table = sa.table(
        "tally_rows",
        sa.column("tally_id", KEY),
        sa.column("histogram", sa.JSON()),
    )
    query = sa.select(table.c.histogram).where(table.c.tally_id == tally_id)
    within = freedom = 0
    for histogram in connection.execute(query).scalars():
        n, total, squares = _moments(histogram)
        if n:
            within += 10_000 * (n * squares - total * total) // n
            freedom += n - 1
    return (within + 20 * 20_000) // (freedom + 20)


def _moments(histogram: Iterable[int]) -> tuple[int, int, int]:
    pairs = list(enumerate(histogram, start=1))
    return (
        sum(votes for _, votes in pairs),
        sum(stars * votes for stars, votes in pairs),
        sum(stars * stars * votes for stars, votes in pairs),
    )


def _drop_guard(connection: sa.Connection, table: str, verb: str) -> None:
    """The runner puts those back that are still declared."""
    on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS guard_{table}_{verb}{on}")


def _guard(connection: sa.Connection, table: str) -> None:
    """As the version before had it; this one's runner does not know it any more."""
    for verb in ("UPDATE", "DELETE"):
        name = f"guard_{table}_{verb.lower()}"
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} is append-only: correct by a new row'); END"
            )
        else:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ideation_refuse()"
            )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ideation_refuse()"
        )
