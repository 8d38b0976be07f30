"""Who carries parcels: how each takes them, until when on a day, and how its numbers begin."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Way(StrEnum):
    """How a parcel gets to its courier."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    OWN = "own"
    """The seller's own courier, of which the platform learns the number only."""


@dataclass(frozen=True, slots=True)
class Courier:
    """`cut_off` is local: what was arranged later leaves the next day. An instant one comes within the hour."""

    name: str
    number_prefix: str
    cut_off: time
    ways: tuple[Way, ...]
    has_branches: bool = False
    is_instant: bool = False


COURIERS: dict[str, Courier] = {
    courier.name: courier
    for courier in (
        Courier("J&T Express", "JX", time(15), (Way.PICKUP, Way.DROPOFF)),
        Courier("SPX Standard", "SPXID0", time(17), (Way.PICKUP, Way.DROPOFF)),
        Courier("JNE Reguler", "JNE0", time(18), (Way.DROPOFF,), has_branches=True),
        Courier("Poslaju", "EH", time(16), (Way.PICKUP,)),
        Courier("GoSend Instant", "GK-11-", time(21), (Way.PICKUP,), is_instant=True),
        Courier("Kurir Toko", "", time(20), (Way.OWN,)),
    )
}
DRAWN = {
    "ID": {"J&T Express": 40, "SPX Standard": 45, "JNE Reguler": 15},
    "MY": {"J&T Express": 35, "SPX Standard": 45, "Poslaju": 20},
}
"""How often of a hundred times buyers choose whom, by region; the others have to be asked for."""
