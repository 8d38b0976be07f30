"""Questions the bot asked: the draft is a row with an expiry, so that a restart loses nothing."""

from datetime import timedelta

from domain.chats import Dialogue, Visitor
from domain.clock import Clock
from storage.database import Connection, Database
from storage.repositories.cards import Dialogues


class DialogueService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def ask(self, visitor: Visitor, flow: str, draft: dict[str, str], minutes: int = 15) -> None:
        """Open a question to this person here; an earlier one is forgotten."""
        until = self._clock() + timedelta(minutes=minutes)
        asked = Dialogue(visitor.view.id, visitor.member.user_id, flow, draft, until)
        await self._db.write(lambda conn: Dialogues(conn, visitor.view.id).ask(asked), "dialogue.ask")

    async def current(self, visitor: Visitor) -> Dialogue | None:
        now = self._clock()
        return await self._db.read(
            lambda conn: Dialogues(conn, visitor.view.id).current(visitor.member.user_id, now)
        )

    async def end(self, visitor: Visitor) -> Dialogue | None:
        """Close the open question and return it; None when there was none."""
        now = self._clock()

        def work(conn: Connection) -> Dialogue | None:
            dialogues = Dialogues(conn, visitor.view.id)
            open_one = dialogues.current(visitor.member.user_id, now)
            dialogues.end(visitor.member.user_id)
            return open_one

        return await self._db.write(work, "dialogue.end")
