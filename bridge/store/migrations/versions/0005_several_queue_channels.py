"""Handoffs go to several queue channels, and may move from one thread to another"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.add_column('handoff', sa.Column('route', sa.String(), nullable=False, server_default=''))
    op.add_column('handoff', sa.Column('queue_channel', sa.String(), nullable=False, server_default=''))
    op.execute("UPDATE handoff SET queue_channel = thread_channel WHERE thread_channel IS NOT NULL")
    op.create_table(
        'former_thread',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('ts', sa.String(), nullable=False),
        sa.Column('handoff', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('channel', 'ts'),
    )
