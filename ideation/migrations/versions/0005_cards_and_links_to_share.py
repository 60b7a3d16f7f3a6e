"""cards and links to share.

Every member gets a random code for the links they share; share cards and first visits get their
tables.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from ideation.core.db import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: As in ``ideation.core.ids``, which may change.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = sa.Enum("contest", "design", "product", name="kind", native_enum=False, length=30)
BATCH = 1000


def upgrade() -> None:
    with op.batch_alter_table("members") as batch:
        batch.add_column(sa.Column("share_code", sa.String(), nullable=True))
    _give_codes(op.get_bind())
    with op.batch_alter_table("members") as batch:
        batch.alter_column("share_code", existing_type=sa.String(), nullable=False)
        batch.create_unique_constraint(op.f("uq_members_share_code"), ["share_code"])
    op.create_table(
        "share_cards",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_cards")),
        sa.UniqueConstraint(
            "kind", "subject_id", "language", name=op.f("uq_share_cards_kind_subject_id_language")
        ),
    )
    op.create_index(op.f("ix_share_cards_asked_at"), "share_cards", ["asked_at"])
    op.create_index(op.f("ix_share_cards_key"), "share_cards", ["key"])
    op.create_table(
        "share_visits",
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_share_visits_member_id")
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "kind", "subject_id", "on", name=op.f("pk_share_visits")
        ),
    )


def downgrade() -> None:
    op.drop_table("share_visits")
    op.drop_table("share_cards")
    with op.batch_alter_table("members") as batch:
        batch.drop_constraint(op.f("uq_members_share_code"), type_="unique")
        batch.drop_column("share_code")


def _give_codes(connection: sa.Connection) -> None:
    """Ten letters each: of a million members none share one, and the index would say so."""
    keys = connection.execute(sa.text("SELECT id FROM members")).scalars().all()
    for start in range(0, len(keys), BATCH):
        connection.execute(
            sa.text("UPDATE members SET share_code = :code WHERE id = :id"),
            [
                {"id": key, "code": "".join(secrets.choice(ALPHABET) for _ in range(10))}
                for key in keys[start : start + BATCH]
            ],
        )
