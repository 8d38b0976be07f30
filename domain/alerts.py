"""What a view hears of, how loudly, and when it wants quiet. Pure: the clock and the choices are passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.events import EventKind
from domain.orders import OrderSnapshot


class Alert(StrEnum):
    """What a person can choose to hear, be shown silently, or not be told."""

    NEW_ORDERS = "new_orders"
    CANCELLATIONS = "cancellations"
    RETURNS = "returns"
    LOW_STOCK = "low_stock"
    APPROVALS = "approvals"
    CUT_OFF = "cut_off"
    HEALTH = "health"
    REVIEWS = "reviews"


class Loudness(StrEnum):
    SOUND = "sound"
    SILENT = "silent"
    DROP = "drop"


OF_KIND = {
    EventKind.ORDER_PLACED: Alert.NEW_ORDERS,
    EventKind.ORDER_CANCELLED: Alert.CANCELLATIONS,
    EventKind.RETURN_ASKED: Alert.RETURNS,
    EventKind.RETURN_DUE: Alert.RETURNS,
    EventKind.RETURN_BACK: Alert.RETURNS,
    EventKind.STOCK_LOW: Alert.LOW_STOCK,
    EventKind.PROPOSAL_ASKED: Alert.APPROVALS,
    EventKind.WAIT_FAILED: Alert.APPROVALS,
    EventKind.SHOP_CUT_OFF: Alert.CUT_OFF,
    EventKind.HEALTH_WORSE: Alert.HEALTH,
    EventKind.REVIEW_LOW: Alert.REVIEWS,
    EventKind.AUTHORISATION_ENDING: Alert.CUT_OFF,
}
"""Events not named here belong to a message that is shown already: they are neither muted nor dropped."""

NEEDED = frozenset({Alert.APPROVALS, Alert.CUT_OFF})
"""What waits for a person: it may be silent, never off."""

_FASTEST = ("instant", "same day", "same-day", "sameday")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a local time of day to another, over midnight where the second is the earlier one."""

    start: time
    end: time

    def cover(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one view has chosen; what is not named is heard with sound, at any hour."""

    choices: Mapping[Alert, Loudness] = field(default_factory=dict)
    snoozed_until: Mapping[Alert, datetime] = field(default_factory=dict)
    quiet: QuietHours | None = None

    def of(self, alert: Alert) -> Loudness:
        return self.choices.get(alert, Loudness.SOUND)

    def is_snoozed(self, alert: Alert, now: datetime) -> bool:
        return alert in self.snoozed_until and now < self.snoozed_until[alert]


def after(alert: Alert, now: Loudness) -> Loudness:
    """Return what a press makes of a choice: sound, silent, off, and round again."""
    steps = [each for each in Loudness if is_allowed(alert, each)]
    return steps[(steps.index(now) + 1) % len(steps)]


def is_allowed(alert: Alert, loudness: Loudness) -> bool:
    return loudness is not Loudness.DROP or alert not in NEEDED


def loudness(
    kind: EventKind, preferences: Preferences, now: datetime, zone: str, *, breaks_through: bool
) -> Loudness:
    """Decide how an event is told. What breaks through is never hushed by an hour or a snooze, only by choice."""
    alert = OF_KIND.get(kind)
    if alert is None:
        return Loudness.SOUND
    chosen = preferences.of(alert)
    if chosen is not Loudness.SOUND or breaks_through or kind is EventKind.SHOP_CUT_OFF:
        return chosen
    local = now.astimezone(ZoneInfo(zone)).time()
    is_night = preferences.quiet is not None and preferences.quiet.cover(local)
    return Loudness.SILENT if is_night or preferences.is_snoozed(alert, now) else Loudness.SOUND


def breaks_through(kind: EventKind, seen: OrderSnapshot) -> bool:
    """Tell whether an order's event must sound at any hour.

    Somebody waits for an instant or same-day parcel; a cancelled one that has its tracking number may be
    printed and packed. Platforms name the speed only in the courier's name.
    """
    if kind is EventKind.ORDER_CANCELLED:
        return any(parcel.tracking_number for parcel in seen.parcels)
    if any(parcel.is_instant for parcel in seen.parcels):
        return True
    names = [seen.courier, *(parcel.courier for parcel in seen.parcels)]
    return any(fast in name.casefold() for name in names for fast in _FASTEST)
