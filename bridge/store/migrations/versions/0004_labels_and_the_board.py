"""Labels, a timeline that says who and why, the board, and who is on duty"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.add_column('handoff', sa.Column('labels', sa.String(), nullable=False, server_default=''))
    op.add_column('timeline', sa.Column('name', sa.String(), nullable=False, server_default=''))
    op.add_column('timeline', sa.Column('note', sa.Text(), nullable=False, server_default=''))
    op.create_index('timeline_handoff', 'timeline', ['handoff'])
    op.create_index('timeline_at', 'timeline', ['at'])
    op.create_table(
        'board',
        sa.Column('channel', sa.String(), primary_key=True),
        sa.Column('ts', sa.String(), nullable=False),
    )
    op.create_table(
        'duty',
        sa.Column('agent_id', sa.String(), primary_key=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('away', sa.Boolean(), nullable=False),
        sa.Column('since', sa.BigInteger(), nullable=False),
    )
