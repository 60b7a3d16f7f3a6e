"""keys of the deck, and designs that came or left lately.

By the two indexes a deck finds what changed in its contest since the slot began, so that its total
is exact at a cost that does not grow with the contest.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from ideation.core.db import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "deck_keys",
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column(
            "keys",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_deck_keys_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_deck_keys")),
    )
    for column in ("updated_at", "decided_at"):
        op.create_index(
            f"ix_submissions_contest_id_{column}", "submissions", ["contest_id", column]
        )


def downgrade() -> None:
    for column in ("updated_at", "decided_at"):
        op.drop_index(f"ix_submissions_contest_id_{column}", "submissions")
    op.drop_table("deck_keys")
