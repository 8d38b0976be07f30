"""A kill-switch in memory, as the bot sees it."""

from dataclasses import dataclass, field, replace

from domain.chats import Visitor
from domain.tickets import Action
from services.views import PressResult, Writes
from tests.unit.bot import records as r


@dataclass
class Pausing:
    writes: Writes = field(default_factory=r.writes)

    async def look(self, visitor: Visitor) -> Writes:
        return self.writes

    async def look_at(self, seller_id: str) -> Writes:
        return self.writes

    async def name_of(self, seller_id: str, user_id: str) -> str:
        return {"4711": "Sari"}.get(user_id, "")

    def switch(self, action: Action) -> PressResult:
        """Do what the button says."""
        pauses = action is Action.PAUSE_WRITES
        pause = r.pause("4711", "Sari") if pauses else None
        self.writes = replace(self.writes, pause=pause, version=self.writes.version + 1)
        return PressResult.PAUSED if pauses else PressResult.RESUMED
