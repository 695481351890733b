"""Add revisions, and ways to what was read and refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "figure_revision",
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("grain", sa.SmallInteger(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("was_num", sa.BigInteger(), nullable=True),
        sa.Column("was_den", sa.BigInteger(), nullable=True),
        sa.Column("was_val", sa.BigInteger(), nullable=True),
        sa.Column("was_bound", sa.SmallInteger(), nullable=False),
        sa.Column("was_state", sa.SmallInteger(), nullable=False),
        sa.Column("was_source_id", sa.Integer(), nullable=True),
        sa.Column("was_illustrative", sa.SmallInteger(), nullable=False),
        sa.Column("was_own", sa.SmallInteger(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("num", sa.BigInteger(), nullable=True),
        sa.Column("den", sa.BigInteger(), nullable=True),
        sa.Column("val", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.SmallInteger(), nullable=False),
        sa.Column("own", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "recorded_at", "indicator_id", "grain", "period", "unit_id", "breakdown"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "run_that_read",
        "run",
        ["source_id", "run_id"],
        unique=False,
        sqlite_where=sa.text("read > 0"),
        postgresql_where=sa.text("read > 0"),
    )
    op.create_index("rejection_code", "rejection", ["run_id", "code"], unique=False)
    op.create_index(
        "figure_revision_about",
        "figure_revision",
        ["indicator_id", "unit_id", "recorded_at"],
        unique=False,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("rejection_code", table_name="rejection")
    op.drop_index("run_that_read", table_name="run")
    op.drop_index("figure_revision_about", table_name="figure_revision")
    op.drop_table("figure_revision")
