"""alert_choice, quiet_hours."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.tables.metadata import ID, metadata
from storage.types import UtcTime

alert_choice = Table(
    "alert_choice",
    metadata,
    Column("view_id", ID, ForeignKey("view.id"), primary_key=True),
    Column("alert", String(24), primary_key=True),
    Column("loudness", String(8), nullable=False),
    Column("snoozed_until", UtcTime),
)

quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("view_id", ID, ForeignKey("view.id"), primary_key=True),
    Column("start", String(5), nullable=False),
    Column("end", String(5), nullable=False),
)
