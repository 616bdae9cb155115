"""Alembic's entry: run with a connection that `bridge.store.migrate` made."""

from alembic import context

from bridge.store.tables import SQLModel

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
