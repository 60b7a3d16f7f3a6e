"""rows of a tally hold opaque ids, as the ballot log does."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFERENCES = (("tally_id", "tallies"), ("submission_id", "submissions"))


def upgrade() -> None:
    with op.batch_alter_table("tally_rows") as batch_op:
        for column, _ in REFERENCES:
            batch_op.drop_constraint(op.f(f"fk_tally_rows_{column}"), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("tally_rows") as batch_op:
        for column, table in REFERENCES:
            batch_op.create_foreign_key(
                op.f(f"fk_tally_rows_{column}"), table, [column], ["id"]
            )
