"""Add slots, held figures, requests, deliveries and features."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "delivery",
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=True),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("delivery_source", "delivery", ["source_id", "uploaded_at"], unique=False)
    op.create_index("delivery_unit", "delivery", ["unit_id", "uploaded_at"], unique=False)
    op.create_table(
        "feature",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone", sa.SmallInteger(), nullable=False),
        sa.Column("lon", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "key", "recorded_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("feature_unit", "feature", ["unit_id", "source_id"], unique=False)
    op.create_table(
        "held",
        sa.Column("held_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("grain", sa.SmallInteger(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("num", sa.BigInteger(), nullable=True),
        sa.Column("den", sa.BigInteger(), nullable=True),
        sa.Column("val", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("was_num", sa.BigInteger(), nullable=True),
        sa.Column("was_den", sa.BigInteger(), nullable=True),
        sa.Column("was_val", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "decision_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.PrimaryKeyConstraint("held_id"),
    )
    op.create_index(
        "held_about", "held", ["indicator_id", "grain", "period", "unit_id"], unique=False
    )
    op.create_index("held_open", "held", ["source_id", "decision"], unique=False)
    op.create_table(
        "run_request",
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("request_id"),
    )
    op.create_index("run_request_source", "run_request", ["source_id", "asked_at"], unique=False)
    op.create_table(
        "slot",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "due_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("slot_state", "slot", ["state", "source_id"], unique=False)
    op.add_column("run", sa.Column("kind", sa.Text(), nullable=False, server_default="poll"))
    op.add_column("run", sa.Column("due_at", sa.BigInteger(), nullable=True))
    op.add_column("run", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("run", sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("by", sa.Text(), nullable=True))
    op.add_column("run", sa.Column("poller", sa.Text(), nullable=True))
    op.add_column(
        "source_state", sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column(
        "source_state", sa.Column("breaker", sa.Text(), nullable=False, server_default="closed")
    )
    op.add_column("source_state", sa.Column("breaker_until", sa.BigInteger(), nullable=True))
    op.add_column(
        "source_state", sa.Column("breaker_trips", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("source_state", sa.Column("planned_until", sa.BigInteger(), nullable=True))
    op.add_column(
        "source_state", sa.Column("held", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("source_state", sa.Column("next_try", sa.BigInteger(), nullable=True))
    op.add_column(
        "source_state", sa.Column("more", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.add_column("source_state", sa.Column("file_hash", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("source_state", "file_hash")
    op.drop_column("source_state", "more")
    op.drop_column("source_state", "next_try")
    op.drop_column("source_state", "held")
    op.drop_column("source_state", "planned_until")
    op.drop_column("source_state", "breaker_trips")
    op.drop_column("source_state", "breaker_until")
    op.drop_column("source_state", "breaker")
    op.drop_column("source_state", "fence")
    op.drop_column("run", "poller")
    op.drop_column("run", "by")
    op.drop_column("run", "held")
    op.drop_column("run", "attempt")
    op.drop_column("run", "due_at")
    op.drop_column("run", "kind")
    op.drop_index("slot_state", table_name="slot")
    op.drop_table("slot")
    op.drop_index("run_request_source", table_name="run_request")
    op.drop_table("run_request")
    op.drop_index("held_open", table_name="held")
    op.drop_index("held_about", table_name="held")
    op.drop_table("held")
    op.drop_index("feature_unit", table_name="feature")
    op.drop_table("feature")
    op.drop_index("delivery_unit", table_name="delivery")
    op.drop_index("delivery_source", table_name="delivery")
    op.drop_table("delivery")
