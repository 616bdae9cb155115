"""Since when customers wait for a person, and lists that are read in their order"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'

LAST = """(SELECT {what} FROM message m WHERE m.conversation_id = handoff.conversation_id AND m.author <> 'system'
 AND m.state NOT IN ('note', 'held') ORDER BY m.id DESC LIMIT 1)"""


def upgrade() -> None:
    op.add_column('handoff', sa.Column('waits', sa.BigInteger(), nullable=True))
    op.execute("UPDATE handoff SET waits = since WHERE state = 'queued'")
    op.execute(f"""UPDATE handoff SET waits = {LAST.format(what='m.at')}
        WHERE state = 'claimed' AND {LAST.format(what='m.author')} = 'customer'""")
    op.create_index('handoff_queue', 'handoff', ['state', 'since', 'number'])
    op.create_index('handoff_waits', 'handoff', ['state', 'waits'],
                    sqlite_where=sa.text('waits IS NOT NULL'), postgresql_where=sa.text('waits IS NOT NULL'))
