"""Where lines stand in their threads, which messages are templates, and what else a chat is called"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.create_table(
        'shown',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('ts', sa.String(), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('handoff', sa.BigInteger(), nullable=False),
        sa.Column('reactions', sa.String(), nullable=False, server_default=''),
        sa.Column('sent', sa.String(), nullable=False, server_default=''),
        sa.PrimaryKeyConstraint('channel', 'ts'),
        sqlite_with_rowid=False,
    )
    op.create_index('shown_message', 'shown', ['message_id'])
    reported = sa.text("sent <> ''")
    op.create_index('shown_sent', 'shown', ['sent'], sqlite_where=reported, postgresql_where=reported)
    op.add_column('message', sa.Column('template', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('conversation', sa.Column('also', sa.String(), nullable=False, server_default=''))
    op.add_column('conversation', sa.Column('reach', sa.String(), nullable=False, server_default=''))
    named = sa.text("also <> ''")
    op.create_index('conversation_also', 'conversation', ['channel', 'also'], sqlite_where=named, postgresql_where=named)
