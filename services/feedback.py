"""What a person writes to whoever runs the installation: kept, without secrets, and told to the host."""

from collections.abc import Callable

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import InputError
from domain.ids import new_id
from domain.notices import Feedback, NoteKind, Notice
from services.host import HostService
from storage.database import Connection, Database
from storage.repositories import host_notes

LONGEST = 600
"""More characters than this are no feedback."""


class FeedbackService:
    """`redact` takes out what must not leave the seller: live secrets, and what looks like one."""

    def __init__(
        self, db: Database, clock: Clock, host: HostService, redact: Callable[[str], str] = str
    ) -> None:
        self._db = db
        self._clock = clock
        self._host = host
        self._redact = redact

    async def give(self, visitor: Visitor, words: str) -> Feedback:
        """Keep it and tell the host; a first word that is a reference we gave is taken as one.

        Raises InputError("usage_feedback") when nothing is said.
        """
        first, _, rest = words.strip().partition(" ")
        broke = await self._host.breakage(first)
        mine = broke if broke and broke.seller_id in {"", visitor.seller_id} else None
        said = (rest if mine else words).strip()
        if not said and not mine:
            raise InputError("usage_feedback")
        written = Feedback(
            id=new_id(),
            seller_id=visitor.seller_id,
            at=self._clock(),
            words=self._redact(said[:LONGEST]),
            reference=mine.reference if mine else "",
            broke=mine,
        )
        notice = Notice(NoteKind.FEEDBACK, f"feedback:{written.id}", {"feedback_id": written.id})

        def work(conn: Connection) -> None:
            host_notes.add_feedback(conn, written)
            host_notes.add(conn, notice, written.at)

        await self._db.write(work, "feedback.give")
        self._host.wake.set()
        return written
