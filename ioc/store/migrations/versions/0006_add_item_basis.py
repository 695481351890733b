"""Add what the lists and counts of registers were made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "item_basis",
        sa.Column("register_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("ranks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("register_id"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("item_basis")
