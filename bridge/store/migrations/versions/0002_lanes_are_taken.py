"""Lanes are taken by workers, token buckets are kept, and the keys of events know their own age"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'

SENT = "source_ts IS NOT NULL"
KNOWN = "platform_id IS NOT NULL"
WAITS = "due > 0"
WAY = """CASE WHEN name LIKE 'customer:%' THEN COALESCE(
 (SELECT channel FROM conversation WHERE 'customer:' || conversation.id = lane_before.name), 'customer')
 ELSE SUBSTR(name, 1, {colon}(name, ':') - 1) END"""


def upgrade() -> None:
    colon = 'INSTR' if op.get_bind().dialect.name == 'sqlite' else 'STRPOS'
    op.create_table('worker',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('beat', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('bucket',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('full_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.drop_table('cursor')
    op.drop_index('lane_due', 'lane')
    op.rename_table('lane', 'lane_before')
    op.create_table('lane',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('pending', sa.Integer(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=True),
    sa.Column('waiting_since', sa.BigInteger(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(), nullable=True),
    sa.Column('claim', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name='lane_key'),
    sqlite_with_rowid=False
    )
    op.execute(
        "INSERT INTO lane (name, way, pending, due, waiting_since, priority, claim) "
        f"SELECT name, {WAY.format(colon=colon)}, pending, due, waiting_since, priority, 0 FROM lane_before"
    )
    op.drop_table('lane_before')
    op.create_index('lane_due', 'lane', ['way', 'due'])
    op.create_index('lane_waits', 'lane', ['due'], sqlite_where=sa.text(WAITS), postgresql_where=sa.text(WAITS))
    op.create_index('ix_lane_worker', 'lane', ['worker'])
    op.drop_index('ix_inbox_key_inbox_id', 'inbox_key')
    op.rename_table('inbox_key', 'inbox_key_before')
    op.create_table('inbox_key',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name='inbox_key_key'),
    sqlite_with_rowid=False
    )
    op.execute(
        "INSERT INTO inbox_key (key, at) SELECT k.key, "
        "COALESCE((SELECT at FROM inbox WHERE id = k.inbox_id), (SELECT MAX(at) FROM inbox), 0) FROM inbox_key_before k"
    )
    op.drop_table('inbox_key_before')
    op.create_index('inbox_key_at', 'inbox_key', ['at'])
    op.drop_index('message_source', 'message')
    op.drop_index('message_platform', 'message')
    op.create_index('message_source', 'message', ['source_channel', 'source_ts'], unique=True,
                    sqlite_where=sa.text(SENT), postgresql_where=sa.text(SENT))
    op.create_index('message_platform', 'message', ['conversation_id', 'platform_id'],
                    sqlite_where=sa.text(KNOWN), postgresql_where=sa.text(KNOWN))
