"""no index of a tally's rows by design: nobody looks a row up by its design alone."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_tally_rows_submission_id", table_name="tally_rows")


def downgrade() -> None:
    op.create_index("ix_tally_rows_submission_id", "tally_rows", ["submission_id"])
