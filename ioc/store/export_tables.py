"""The tables of what leaves the house: jobs, snapshots with their files, briefings, deliveries."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from ioc.store.engine import RowId, metadata

# One wish for files. The verification code is drawn when it is asked for, so that it can stand on
# what is made; it leads nowhere until the snapshot of that code is kept. `forms`, `options`,
# `step` and `reasons` are JSON. A worker holds it until `lease_until`; `attempt` fences one that
# was slow: only the attempt that is current may finish it.
export_job = Table(
    "export_job",
    metadata,
    Column("job_id", RowId, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # page, briefing
    Column("owner", Text, nullable=False),
    Column("owner_name", Text, nullable=False, default=""),
    Column("scope", Text, nullable=False),  # Scope.key
    Column("address", Text),  # canonical, of a page
    Column("run_id", RowId),  # of a briefing: briefing_run
    Column("forms", Text, nullable=False),
    Column("options", Text, nullable=False, default="{}"),
    Column("lang", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued, running, done, partial, failed, cancelled
    Column("asked_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("step", Text, nullable=False, default="{}"),
    Column("reasons", Text, nullable=False, default="[]"),
    Column("cancel_at", BigInteger),
    Column("worker", Text),
    Column("lease_until", BigInteger),
    Column("attempt", Integer, nullable=False, default=0),
    Column("snapshot_id", RowId),
    Index("export_job_queue", "state", "asked_at"),
    Index("export_job_owner", "owner", "asked_at"),
)

# What was exported, frozen. `data` are its figures and tables with their words, compressed JSON
# (ioc/exports/frozen.py); `data_hash` is the SHA-256 of the canonical JSON of the figures in it.
# The row stays when files and data are removed after `expires_at`: its code then says so instead
# of never having been.
snapshot = Table(
    "snapshot",
    metadata,
    Column("snapshot_id", RowId, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # page, briefing
    Column("owner", Text, nullable=False),
    Column("owner_name", Text, nullable=False, default=""),
    Column("scope", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False),  # of the view; of a briefing its own page
    Column("lang", Text, nullable=False),
    Column("data_version", RowId, nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("data", LargeBinary),
    Column("data_hash", Text, nullable=False),
    Column("illustrative", SmallInteger, nullable=False),
    Column("complete", SmallInteger, nullable=False),
    Column("briefing", Text),
    Column("run_id", RowId),
    Column("expires_at", BigInteger),
    Column("removed_at", BigInteger),
    Index("snapshot_owner", "owner", "made_at"),
    Index("snapshot_expires", "expires_at"),
)

# `place` is the path below the folder of exports; `pixels` the hash of a picture's pixels, which
# does not change when a program only rewrites what stands around them.
snapshot_file = Table(
    "snapshot_file",
    metadata,
    Column("file_id", RowId, primary_key=True),
    Column("snapshot_id", RowId, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("pixels", Text, index=True),
    Column("place", Text, nullable=False),
)

# The figures that a snapshot shows, in the numbers of the other tables (key as figure_revision).
snapshot_figure = Table(
    "snapshot_figure",
    metadata,
    Column("indicator_id", Integer, primary_key=True, autoincrement=False),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("grain", SmallInteger, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("breakdown", Text, primary_key=True),
    Column("snapshot_id", RowId, primary_key=True, autoincrement=False),
    Index("snapshot_figure_of", "snapshot_id"),
    sqlite_with_rowid=False,
)

# A figure that somebody exported was revised: told once to whoever exported it.
revision_notice = Table(
    "revision_notice",
    metadata,
    Column("notice_id", RowId, primary_key=True),
    Column("snapshot_id", RowId, nullable=False),
    Column("owner", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("indicator_id", Integer, nullable=False),
    Column("grain", SmallInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("breakdown", Text, nullable=False),
    Column("noticed_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
    UniqueConstraint(
        "snapshot_id", "recorded_at", "indicator_id", "grain", "period", "unit_id", "breakdown"
    ),
    Index("revision_notice_owner", "owner", "seen_at"),
)

# Up to which `recorded_at` revisions were already looked through for notices: one row.
revision_sweep = Table(
    "revision_sweep",
    metadata,
    Column("name", Text, primary_key=True),
    Column("recorded_at", BigInteger, nullable=False),
)

# A briefing that people made; those declared in files have no row. Versions are appended.
briefing = Table(
    "briefing",
    metadata,
    Column("key", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("owner_name", Text, nullable=False, default=""),
    Column("shared", SmallInteger, nullable=False, default=0),
    Column("made_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
)
briefing_version = Table(
    "briefing_version",
    metadata,
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", Text, nullable=False),  # JSON of domain.briefing.Briefing
    Column("made_at", BigInteger, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("by_name", Text, nullable=False, default=""),
)

# What a viewer put aside for a briefing: `content` is a JSON list of view sections.
briefing_basket = Table(
    "briefing_basket",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# One making of a briefing: `slot` is the moment it was due (ISO), or what a person's wish is
# called; `missing` is JSON of what was late; unique, so that it is made once. The next moment of a
# schedule stands here ahead, `planned`: so a machine that was off knows what it missed, and a
# schedule that is new makes nothing of the past. `late` tells that it was made after its moment.
briefing_run = Table(
    "briefing_run",
    metadata,
    Column("run_id", RowId, primary_key=True),
    Column("key", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("period", Text),  # Period.code, calendar
    Column("due_at", BigInteger, nullable=False),
    Column("wait_until", BigInteger),
    Column("state", Text, nullable=False),  # planned, waiting, queued, or how it ended
    Column("late", SmallInteger, nullable=False, default=0),
    Column("missing", Text, nullable=False, default="[]"),
    Column("reason", Text, nullable=False, default=""),
    Column("job_id", RowId),
    Column("snapshot_id", RowId),
    Column("finished_at", BigInteger),
    UniqueConstraint("key", "slot"),
    Index("briefing_run_state", "state", "due_at"),
)

# One hand-over of a made briefing; `key` is what keeps a second try from being a second letter.
briefing_delivery = Table(
    "briefing_delivery",
    metadata,
    Column("delivery_id", RowId, primary_key=True),
    Column("run_id", RowId, nullable=False),
    Column("channel", Text, nullable=False),  # page, folder, mail
    Column("target", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),  # pending, done, failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", BigInteger),
    Column("reason", Text, nullable=False, default=""),
    Column("finished_at", BigInteger),
    UniqueConstraint("run_id", "channel", "target"),
    Index("briefing_delivery_state", "state", "next_at"),
)
