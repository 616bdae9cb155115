"""Which mark stands on an agent's message is known"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('message', sa.Column('mark', sa.String(), nullable=False, server_default=''))
    op.execute("DELETE FROM outbox WHERE kind = 'mark'")  # they said what to draw, and not on which message
    op.execute("DELETE FROM lane WHERE way = 'marks'")
