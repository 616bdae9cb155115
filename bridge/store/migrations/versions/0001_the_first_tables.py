"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('conversation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('customer', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('reachable', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('handoff', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.String(), nullable=True),
    sa.Column('owner_name', sa.String(), nullable=True),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('kept_stage', sa.String(), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('unsure', sa.Integer(), nullable=False),
    sa.Column('brief', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('channel', 'chat')
    )
    op.create_table('cursor',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('delivery',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('platform_id', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('delivery_of', ['message_id'], unique=False)
        batch_op.create_index('delivery_platform', ['platform_id'], unique=False)

    op.create_table('handoff',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('opened', sa.BigInteger(), nullable=False),
    sa.Column('owner_id', sa.String(), nullable=True),
    sa.Column('owner_name', sa.String(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('thread_channel', sa.String(), nullable=True),
    sa.Column('thread_ts', sa.String(), nullable=True),
    sa.Column('upto', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    with op.batch_alter_table('handoff', schema=None) as batch_op:
        batch_op.create_index('handoff_of', ['conversation_id'], unique=False)
        batch_op.create_index('handoff_state', ['state', 'owner_id'], unique=False)
        batch_op.create_index('handoff_thread', ['thread_channel', 'thread_ts'], unique=False)

    op.create_table('inbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('failed', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_at'), ['at'], unique=False)

    op.create_table('inbox_key',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('inbox_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    with op.batch_alter_table('inbox_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_key_inbox_id'), ['inbox_id'], unique=False)

    op.create_table('lane',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('pending', sa.Integer(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=True),
    sa.Column('waiting_since', sa.BigInteger(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    with op.batch_alter_table('lane', schema=None) as batch_op:
        batch_op.create_index('lane_due', ['due'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('handoff', sa.Integer(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('author_id', sa.String(), nullable=False),
    sa.Column('author_name', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed', sa.Text(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source_channel', sa.String(), nullable=True),
    sa.Column('source_ts', sa.String(), nullable=True),
    sa.Column('platform_id', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('message_of', ['conversation_id', 'id'], unique=False)
        batch_op.create_index('message_platform', ['conversation_id', 'platform_id'], unique=False)
        batch_op.create_index('message_source', ['source_channel', 'source_ts'], unique=True)

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lane', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('outbox_key', ['key'], unique=False)
        batch_op.create_index('outbox_lane', ['lane', 'id'], unique=False)

    op.create_table('timeline',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('handoff', sa.Integer(), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timeline_conversation_id'), ['conversation_id'], unique=False)

    op.create_table('visitor',
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('chat'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_table('web_event',
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('chat', 'seq'),
    sa.UniqueConstraint('chat', 'key')
    )


def downgrade() -> None:
    op.drop_table('web_event')
    op.drop_table('visitor')
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_timeline_conversation_id'))

    op.drop_table('timeline')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('outbox_lane')
        batch_op.drop_index('outbox_key')

    op.drop_table('outbox')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('message_source')
        batch_op.drop_index('message_platform')
        batch_op.drop_index('message_of')

    op.drop_table('message')
    with op.batch_alter_table('lane', schema=None) as batch_op:
        batch_op.drop_index('lane_due')

    op.drop_table('lane')
    with op.batch_alter_table('inbox_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_key_inbox_id'))

    op.drop_table('inbox_key')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_at'))

    op.drop_table('inbox')
    with op.batch_alter_table('handoff', schema=None) as batch_op:
        batch_op.drop_index('handoff_thread')
        batch_op.drop_index('handoff_state')
        batch_op.drop_index('handoff_of')

    op.drop_table('handoff')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('delivery_platform')
        batch_op.drop_index('delivery_of')

    op.drop_table('delivery')
    op.drop_table('cursor')
    op.drop_table('conversation')
