"""Tells the host's chat what the host should hear: notes are rows, shown through the same sender as all else."""

import asyncio

import structlog
from telegram.error import TelegramError

from bot.lane import Post
from bot.render import Renderer
from bot.screen import Screen
from bot.sender import Sender
from bot.views.host import feedback_note_screen, note_screen
from domain.failpoint import failpoint
from domain.notices import HostNote, NoteKind
from services.host import HostService

log = structlog.get_logger("storesync.bot.host")

_LOOK_EVERY_S = 5.0
_PATIENCE_S = 30.0


class HostNotes:
    """At least once, as for sellers: a note is marked after Telegram has taken its message."""

    def __init__(self, host: HostService, sender: Sender, chat_id: int) -> None:
        self._host = host
        self._sender = sender
        self._chat_id = chat_id
        self._text = Renderer("en", "UTC")

    async def run(self) -> None:
        while True:
            self._host.wake.clear()
            for note in await self._host.waiting():
                await self._tell(note)
            try:
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._host.wake.wait()
            except TimeoutError:
                continue

    async def _tell(self, note: HostNote) -> None:
        screen = await self._screen(note)
        try:
            if screen:
                failpoint("host.send:before")
                await self._sender.show(Post(self._chat_id, screen), patience_s=_PATIENCE_S)
                failpoint("host.send:after")
        except TelegramError as failure:
            log.warning("host.not_told", kind=note.kind, attempts=note.attempts, reason=str(failure)[:200])
            await self._host.later(note)
        else:
            await self._host.told(note)

    async def _screen(self, note: HostNote) -> Screen | None:
        if note.kind is not NoteKind.FEEDBACK:
            return note_screen(note, self._text)
        written = await self._host.feedback(note.facts.get("feedback_id", ""))
        return feedback_note_screen(written, self._text) if written else None
