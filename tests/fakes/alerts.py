"""What a chat hears, in memory, as the bot sees it."""

from dataclasses import dataclass, field, replace

from domain.alerts import Alert, Loudness, Preferences, QuietHours
from domain.chats import Visitor
from domain.errors import NotAllowed
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
