"""What a chat hears, in memory, as the bot sees it."""

from dataclasses import dataclass, field, replace
from datetime import date, time

from domain.alerts import Alert, Loudness, Preferences, QuietHours
from domain.chats import View, Visitor
from domain.errors import NotAllowed
from services.schedules import DailyCard
from tests.unit.bot import records as r


@dataclass
class Alerts:
    chosen: Preferences = field(default_factory=Preferences)

    async def preferences(self, visitor: Visitor) -> Preferences:
        return self.chosen

    async def choose(self, visitor: Visitor, alert: Alert, loudness: Loudness) -> Preferences:
        if (alert, loudness) == (Alert.CUT_OFF, Loudness.DROP):
            raise NotAllowed("alert_needed")
        self.chosen = replace(self.chosen, choices={**self.chosen.choices, alert: loudness})
        return self.chosen

    async def be_quiet(self, visitor: Visitor, hours: QuietHours | None) -> Preferences:
        self.chosen = replace(self.chosen, quiet=hours)
        return self.chosen

    async def snooze(self, visitor: Visitor, alert: Alert) -> Preferences:
        self.chosen = replace(self.chosen, snoozed_until={alert: r.at(48)})
        return self.chosen

    async def wake(self, visitor: Visitor, alert: Alert) -> Preferences:
        self.chosen = replace(self.chosen, snoozed_until={})
        return self.chosen


def daily_card(**changes: object) -> DailyCard:
    values: dict[str, object] = {
        "day": date(2026, 11, 11),
        "yesterday": date(2026, 11, 10),
        "sold": (r.idr(8_900_000),),
        "orders": 31,
        "to_pack": 12,
        "pack_next": r.at(2),
        "approvals": 2,
        "sold_out": 3,
        "is_demo": False,
        "low": 2,
    }
    return DailyCard(**values | changes)  # type: ignore[arg-type]


@dataclass
class Schedules:
    at: time | None = None

    async def daily_at(self, visitor: Visitor) -> time | None:
        return self.at

    async def set_daily(self, visitor: Visitor, at: time | None) -> time | None:
        self.at = at
        return at

    async def card(self, view: View, day: date) -> DailyCard:
        return daily_card(day=day)
