"""an index of words for the site-wide search; everything there is waits to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TERM = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NOTING = ("submissions", "members", "products", "contests", "briefs", "series_texts")

CHANGES = sa.table("search_changes", sa.column("kind"), sa.column("subject_id"))
SEARCHED = [
    (kind, sa.table(name, sa.column("id")))
    for kind, name in (
        ("contest", "contests"),
        ("product", "products"),
        ("member", "members"),
        ("design", "submissions"),
    )
]


def upgrade() -> None:
    op.create_table(
        "search_postings",
        sa.Column("term", TERM, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("term", "kind", "subject_id", name=op.f("pk_search_postings")),
    )
    op.create_index("ix_search_postings_kind_subject_id", "search_postings", ["kind", "subject_id"])
    op.create_table(
        "search_spellings",
        sa.Column("spelling", TERM, nullable=False),
        sa.Column("word", TERM, nullable=False),
        sa.PrimaryKeyConstraint("spelling", "word", name=op.f("pk_search_spellings")),
    )
    op.create_index("ix_search_spellings_word", "search_spellings", ["word"])
    op.create_table(
        "search_changes",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_changes")),
    )
    for kind, table in SEARCHED:
        noted = sa.select(sa.literal(kind), table.c.id).order_by(table.c.id)
        op.execute(sa.insert(CHANGES).from_select(["kind", "subject_id"], noted))


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in NOTING:
        for event in ("insert", "update"):
            name = f"search_{table}_{event}"
            if is_sqlite:
                op.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                op.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    op.drop_table("search_changes")
    op.drop_table("search_spellings")
    op.drop_table("search_postings")
