"""What became of messages after they were said"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.add_column('message', sa.Column('corrects', sa.BigInteger(), nullable=True))
    op.add_column('message', sa.Column('deleted', sa.Boolean(), nullable=False, server_default=sa.false()))
