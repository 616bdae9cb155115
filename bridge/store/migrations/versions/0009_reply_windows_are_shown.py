"""Which reply window people were shown to be closing, or shut"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.add_column('conversation', sa.Column('window_shown', sa.String(), nullable=False, server_default=''))
