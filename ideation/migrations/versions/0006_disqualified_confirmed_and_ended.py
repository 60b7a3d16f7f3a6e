"""disqualified designs, confirmed claims, agreements that ended.

Claims that are open were taken down before addresses were confirmed, and a person looks at them
already: they stay open, as confirmed.
"""

import sqlalchemy as sa
from alembic import op

from ideation.core.db import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "disqualifications",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("contest_id", KEY, nullable=False),
        sa.Column("submission_id", KEY, nullable=False),
        sa.Column("fault", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("place", KEY, nullable=True),
        sa.Column("tally_number", KEY, nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("appealed_by", KEY, nullable=True),
        sa.Column("appealed_at", AT, nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", KEY, nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("lifted_at", AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_disqualifications_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_disqualifications_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disqualifications")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disqualifications_public_id")),
    )
    op.create_index("ix_disqualifications_contest_id_at", "disqualifications", ["contest_id", "at"])
    op.create_index("ix_disqualifications_submission_id", "disqualifications", ["submission_id"])
    op.create_index(
        "uq_disqualifications_standing",
        "disqualifications",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.add_column("agreements", sa.Column("ended_at", AT, nullable=True))
    op.add_column("claims", sa.Column("confirmed_at", AT, nullable=True))
    op.execute("UPDATE claims SET confirmed_at = opened_at")


def downgrade() -> None:
    with op.batch_alter_table("claims") as batch:
        batch.drop_column("confirmed_at")
    with op.batch_alter_table("agreements") as batch:
        batch.drop_column("ended_at")
    op.drop_table("disqualifications")
