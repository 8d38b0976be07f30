"""Messages that must stay current: which message shows what, and in which version."""

from domain.chats import Card
from domain.clock import Clock
from domain.ids import new_id
from storage.database import Database
from storage.repositories.cards import Cards

IMPORT = "import"
"""The subject of the message that follows a shop's first reading."""


class CardService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def remember(
        self,
        seller_id: str,
        view_id: str,
        message_id: int,
        *,
        subject: str,
        subject_id: str,
        version: int,
        media: str = "text",
    ) -> None:
        """Note that a message shows a subject in a version."""
        shown = Card(new_id(), view_id, message_id, media, subject, subject_id, version)
        now = self._clock()
        await self._db.write(lambda conn: Cards(conn, seller_id).remember(shown, now), "card.remember")

    async def forget(self, seller_id: str, view_id: str, message_id: int) -> None:
        """Note that a message shows something else now; costs a write only if it was a card."""
        if await self._db.read(lambda conn: Cards(conn, seller_id).is_card(view_id, message_id)):
            await self._db.write(
                lambda conn: Cards(conn, seller_id).forget(view_id, message_id), "card.forget"
            )

    async def of(self, seller_id: str, subject: str, subject_id: str) -> list[Card]:
        """Return every message of the seller's views that shows a subject."""
        return await self._db.read(lambda conn: Cards(conn, seller_id).of(subject, subject_id))
