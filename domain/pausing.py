"""A seller's kill-switch: while it is on, nothing is sent to any of his shops; what comes in comes in."""

from dataclasses import dataclass
from datetime import datetime

HOST = "host"
STORESYNC = "storesync"
"""Who pauses beside the members: whoever runs the installation, and StoreSync itself after a restore."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when and by whom; `name` is empty for who is no member (any more)."""

    at: datetime
    by: str
    name: str = ""

    @property
    def is_by_host(self) -> bool:
        return self.by == HOST

    @property
    def is_after_restore(self) -> bool:
        return self.by == STORESYNC
