"""How a handoff came out, which bot a customer talks to, and what the customer has of a corrected message"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.add_column('handoff', sa.Column('outcome', sa.String(), nullable=False, server_default=''))
    op.execute("UPDATE handoff SET outcome = 'resolved' WHERE state IN ('handed_back', 'ended')")
    op.create_index(
        'handoff_open',
        'handoff',
        ['since'],
        sqlite_where=sa.text("outcome = 'open'"),
        postgresql_where=sa.text("outcome = 'open'"),
    )
    op.add_column('conversation', sa.Column('bot', sa.String(), nullable=False, server_default=''))
    op.add_column('message', sa.Column('corrected', sa.Text(), nullable=False, server_default=''))
