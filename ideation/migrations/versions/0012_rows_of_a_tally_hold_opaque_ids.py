"""rows of a tally hold opaque ids, as the ballot log does; erased members have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFERENCES = (("tally_id", "tallies"), ("submission_id", "submissions"))


def upgrade() -> None:
    op.create_index(
        "ix_members_nameless",
        "members",
        ["id"],
        sqlite_where=sa.text("pseudonym_secret IS NULL"),
        postgresql_where=sa.text("pseudonym_secret IS NULL"),
    )
    with op.batch_alter_table("tally_rows") as batch_op:
        for column, _ in REFERENCES:
            batch_op.drop_constraint(op.f(f"fk_tally_rows_{column}"), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("tally_rows") as batch_op:
        for column, table in REFERENCES:
            batch_op.create_foreign_key(
                op.f(f"fk_tally_rows_{column}"), table, [column], ["id"]
            )
    op.drop_index("ix_members_nameless", table_name="members")
