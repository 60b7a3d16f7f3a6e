"""Alembic's door: run migrations on the connection that ``runner`` hands over."""

from alembic import context

from ideation.core.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
    compare_type=False,
)
context.run_migrations()
