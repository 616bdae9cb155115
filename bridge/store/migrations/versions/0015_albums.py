"""Which message brought which file of an album, and in which topic of a chat somebody wrote last"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    op.add_column('file', sa.Column('platform_id', sa.String(), nullable=True))
    known = sa.text('platform_id IS NOT NULL')
    op.create_index('file_platform', 'file', ['platform_id'], sqlite_where=known, postgresql_where=known)
    op.add_column('conversation', sa.Column('topic', sa.String(), nullable=False, server_default=''))
