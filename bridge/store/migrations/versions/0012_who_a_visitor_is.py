"""Who a visitor certainly is, what they have seen, and until when a token is good"""

import time

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

GOOD_FOR = 60 * 86_400  # seconds, for the tokens that there are


def upgrade() -> None:
    op.create_table(
        'visitor_token',
        sa.Column('token_hash', sa.String(), primary_key=True),
        sa.Column('chat', sa.String(), nullable=False),
        sa.Column('until', sa.BigInteger(), nullable=False),
    )
    op.create_index('visitor_token_until', 'visitor_token', ['until'])
    until = int((time.time() + GOOD_FOR) * 1_000_000)
    op.execute(f'INSERT INTO visitor_token (token_hash, chat, until) SELECT token_hash, chat, {until} FROM visitor')
    op.rename_table('visitor', 'visitor_before')
    op.create_table(
        'visitor',
        sa.Column('chat', sa.String(), primary_key=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('identity', sa.String(), nullable=True, unique=True),
        sa.Column('verified', sa.String(), nullable=False, server_default=''),
        sa.Column('seen', sa.BigInteger(), nullable=False, server_default='0'),
    )
    op.execute('INSERT INTO visitor (chat, name) SELECT chat, name FROM visitor_before')
    op.drop_table('visitor_before')
    op.add_column('conversation', sa.Column('verified', sa.String(), nullable=False, server_default=''))
