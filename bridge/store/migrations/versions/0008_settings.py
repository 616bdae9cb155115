"""What admins change of the desk's settings"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    op.create_table(
        'setting_change',
        sa.Column('section', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('in_file', sa.Boolean(), nullable=False),
        sa.Column('was', sa.Text(), nullable=False),
        sa.Column('became', sa.Text(), nullable=False),
        sa.Column('who', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('section', 'version'),
    )
