"""A batch: parcels claimed by one member, packed in one order and handed over together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SIZE = 40
"""How many parcels are taken at once: as many as one person packs in about an hour."""
SOON = timedelta(hours=24)
"""What must leave within this goes into a batch before what has longer."""


class LabelStep(StrEnum):
    """How far the labels of a batch are."""

    WAITING = "waiting"  # for the pickup to be arranged and the numbers to come
    READY = "ready"  # the platform has them all: they are fetched when they are sent
    SENT = "sent"
    STUCK = "stuck"  # some did not come, however long it was waited


@dataclass(frozen=True, slots=True)
class Batch:
    """`number` counts the batches of a seller; `prints` how often its labels were asked for."""

    id: str
    seller_id: str
    number: int
    user_id: str
    view_id: str
    courier: str
    is_instant: bool
    opened_at: datetime
    closed_at: datetime | None
    labels: LabelStep
    prints: int
    last_parcel_id: str
    version: int
