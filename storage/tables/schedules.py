"""schedule."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from storage.tables.metadata import ID, metadata
from storage.types import UtcTime

schedule = Table(
    "schedule",
    metadata,
    Column("view_id", ID, ForeignKey("view.id"), primary_key=True),
    Column("report", String(24), primary_key=True),
    Column("local_time", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("next_due", UtcTime, nullable=False),
    Column("done_date", Date, nullable=False),
    Index("ix_schedule_next_due", "next_due"),
)
