"""Shipping documents: asked for, made after a while, downloaded as one file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.world.clock import Clock

THERMAL, NORMAL = "THERMAL_AIR_WAYBILL", "NORMAL_AIR_WAYBILL"
SIZES_MM = {THERMAL: (100.0, 150.0), NORMAL: (105.0, 148.0)}


@dataclass(slots=True)
class Document:
    """One parcel's label in one form. A document that failed has to be asked for again."""

    shop_id: int
    order_sn: str
    package_number: str
    kind: str
    ready_at: datetime
    has_failed: bool = False
    is_told: bool = False

    def status(self, now: datetime) -> str:
        if self.has_failed:
            return "FAILED"
        return "READY" if self.ready_at <= now else "PROCESSING"


@dataclass(slots=True)
class Documents:
    """What was asked for, by package number; `failing` says how many of the next will fail."""

    clock: Clock
    lag: timedelta = timedelta(0)
    failing: int = 0
    _made: dict[str, Document] = field(default_factory=dict)

    def ask(self, shop_id: int, order_sn: str, package_number: str, kind: str) -> None:
        has_failed = self.failing > 0
        self.failing -= has_failed
        ready_at = self.clock.now() + self.lag
        self._made[package_number] = Document(shop_id, order_sn, package_number, kind, ready_at, has_failed)

    def find(self, package_number: str) -> Document | None:
        return self._made.get(package_number)

    def tell(self, announce: Callable[[Document, str], None]) -> None:
        """Announce, once, every document that is ready or has failed."""
        now = self.clock.now()
        for document in self._made.values():
            status = document.status(now)
            if not document.is_told and status != "PROCESSING":
                document.is_told = True
                announce(document, status)
