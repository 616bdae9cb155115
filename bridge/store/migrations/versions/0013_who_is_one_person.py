"""Who is one person, because somebody said so"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.add_column('conversation', sa.Column('contact', sa.BigInteger(), nullable=True))
    op.create_index('conversation_contact', 'conversation', ['contact'],
                    sqlite_where=sa.text('contact IS NOT NULL'), postgresql_where=sa.text('contact IS NOT NULL'))
    op.create_index('conversation_verified', 'conversation', ['verified'],
                    sqlite_where=sa.text("verified <> ''"), postgresql_where=sa.text("verified <> ''"))
    op.create_table(
        'same_person',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), primary_key=True),
        sa.Column('one', sa.BigInteger(), nullable=False),
        sa.Column('other', sa.BigInteger(), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('who', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
    )
    op.create_index('same_person_one', 'same_person', ['one'])
