"""four ways to be told, and digests.

What was chosen stays: by mail is a mail at once, which is told on the site as well; on the site
alone stays so, and nothing at all too. What was told before waits for no digest.
"""

import sqlalchemy as sa
from alembic import op

from ideation.core.db import UTCDateTime

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = UTCDateTime(timezone=True)
WAITS = "way = 'digest' AND mailed_at IS NULL AND read_at IS NULL"


def upgrade() -> None:
    op.add_column(
        "notices", sa.Column("way", sa.String(length=30), nullable=False, server_default="here")
    )
    op.add_column("notices", sa.Column("mailed_at", AT, nullable=True))
    op.create_index(
        "ix_notices_for_a_digest",
        "notices",
        ["member_id"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )
    op.create_table(
        "digests",
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_digests_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_digests")),
    )
    op.add_column("notice_preferences", sa.Column("way", sa.String(length=30), nullable=True))
    op.execute(
        "UPDATE notice_preferences SET way = "
        "CASE WHEN by_mail THEN 'mail' WHEN in_app THEN 'here' ELSE 'none' END"
    )
    with op.batch_alter_table("notice_preferences") as batch:
        batch.alter_column("way", existing_type=sa.String(length=30), nullable=False)
        batch.drop_column("in_app")
        batch.drop_column("by_mail")


def downgrade() -> None:
    for column in ("in_app", "by_mail"):
        op.add_column("notice_preferences", sa.Column(column, sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE notice_preferences "
        "SET in_app = (way <> 'none'), by_mail = (way IN ('mail', 'digest'))"
    )
    with op.batch_alter_table("notice_preferences") as batch:
        batch.alter_column("in_app", existing_type=sa.Boolean(), nullable=False)
        batch.alter_column("by_mail", existing_type=sa.Boolean(), nullable=False)
        batch.drop_column("way")
    op.drop_table("digests")
    op.drop_index("ix_notices_for_a_digest", "notices")
    with op.batch_alter_table("notices") as batch:
        batch.drop_column("mailed_at")
        batch.drop_column("way")
