"""Files that come along with messages, and those of web chats, which are kept here"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    identity = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'file',
        sa.Column('id', identity, primary_key=True),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('mime', sa.String(), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('ref', sa.String(), nullable=False),
        sa.Column('upload', sa.String(), nullable=False),
        sa.Column('handoff', sa.BigInteger(), nullable=True),
    )
    op.create_index('file_of', 'file', ['message_id'])
    op.create_table(
        'upload',
        sa.Column('id', sa.String(), primary_key=True),
        sa.Column('chat', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('mime', sa.String(), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
    )
    op.create_index('upload_loose', 'upload', ['at'], sqlite_where=sa.text("state <> 'used'"), postgresql_where=sa.text("state <> 'used'"))
    op.create_table(
        'upload_piece',
        sa.Column('upload', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('upload', 'number'),
    )
