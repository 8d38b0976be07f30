"""The single way out to Telegram: messages and edits in order per chat, within its rates.

Who shows something waits for the number of the message that shows it. A pause that Telegram asks
for holds up its chat alone; so does a network that fails. Answers to presses, typing and deletions
go past the queues: they are not messages, and late ones are worth nothing.
"""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from aiolimiter import AsyncLimiter
from telegram import Bot, InputMediaPhoto, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.foreign import inert
from bot.lane import Lane, Post, Waiting
from bot.request import AnswerLost, NeverSent, SlowDown, words
from bot.screen import Attachment, keyboard, markup
from services.photos import Photo

log = structlog.get_logger("storesync.bot.sender")

_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_TOPIC_SHUT = ("message thread not found", "topic_deleted", "topic_closed")
"""The topic a view was made for is closed or gone: its words go to the general one."""
_NO_PICTURE = (
    "caption is too long",
    "image_process_failed",
    "photo_invalid_dimensions",
    "too big for a photo",
    "wrong file identifier",
    "wrong file_id",
    "wrong remote file identifier",
    "wrong type of the file",
    "file must be non-empty",
)
"""Telegram will not show this picture, or does not know it any more: the words go without it."""
_LANES_KEPT = 1000
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Budgets:
    """How fast we may speak, a little below Telegram's guidance: 1/s in a chat with short bursts, 30/s in all."""

    chat_per_s: float = 0.95
    chat_burst: float = 3.0
    group_per_minute: int = 19
    """Of messages and edits alike, in a group or a channel; 20 are allowed."""
    overall_per_s: float = 25.0
    overall_burst: float = 3.0


class Sender:
    """Shows posts, answers presses."""

    def __init__(
        self,
        bot: Bot,
        budgets: Budgets | None = None,
        *,
        retry_s: float = 0.5,
        lanes_kept: int = _LANES_KEPT,
    ) -> None:
        self._bot = bot
        self._lanes_kept = lanes_kept
        self._budgets = budgets or Budgets()
        self._retry_s = retry_s
        self._overall = AsyncLimiter(
            self._budgets.overall_burst, self._budgets.overall_burst / self._budgets.overall_per_s
        )
        self._lanes: dict[int, Lane] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self.plain_texts = 0
        """How often a text had to go out without its markup: each is a mistake in a template."""

    async def show(self, post: Post, *, patience_s: float = 60.0, tries: int = 3) -> int:
        """Show it and return the message that does; raises TelegramError, SlowDown beyond the patience."""
        lane = self._lane(post.chat_id)
        if lane.pause_s > patience_s:
            raise SlowDown(lane.pause_s)
        shown: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        lane.join(Waiting(post, patience_s, tries, [shown]))
        if lane.task is None:
            lane.task = asyncio.create_task(self._drain(lane), name=f"chat:{post.chat_id}")
        return await shown

    def soon(self, post: Post) -> None:
        """Show it without anybody waiting: for an edit that a later one may overtake, or that may be lost."""
        self._aside("refresh", lambda: self.show(post, tries=1), tries=1)

    def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a press. A second try may find it answered, a late one find it forgotten: both are fine."""
        self._aside(
            "press",
            lambda: self._bot.answer_callback_query(query_id, text or None, show_alert=alert or None),
            tries=2,
        )

    def typing(self, chat_id: int) -> None:
        self._aside("typing", lambda: self._bot.send_chat_action(chat_id, ChatAction.TYPING), tries=1)

    def delete(self, chat_id: int, message_id: int) -> None:
        self._aside("deletion", lambda: self._bot.delete_message(chat_id, message_id), tries=5)

    async def fetch(self, file_id: str) -> bytes:
        """Return the content of a picture that Telegram keeps; raises TelegramError."""
        file = await self._bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    async def stop(self, within_s: float) -> None:
        """Send what waits, but not longer than this; then leave the rest to whoever stored it."""
        tasks = [*self._asides, *(lane.task for lane in self._lanes.values() if lane.task)]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _lane(self, chat_id: int) -> Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            if len(self._lanes) >= self._lanes_kept:
                self._lanes = {each: lane for each, lane in self._lanes.items() if not lane.is_idle}
            budgets, now = self._budgets, asyncio.get_running_loop().time
            per_minute = budgets.group_per_minute if chat_id < 0 else None
            lane = self._lanes[chat_id] = Lane(budgets.chat_per_s, budgets.chat_burst, now, per_minute)
        return lane

    async def _drain(self, lane: Lane) -> None:
        try:
            while len(lane):
                await self._turn(lane)
                if waiting := lane.take():
                    await self._try(lane, waiting)
        finally:
            lane.task = None
            lane.clear(NeverSent("the bot is stopping"))

    async def _turn(self, lane: Lane) -> None:
        while (wait_s := lane.wait_s) > 0:  # noqa: ASYNC110 - a pause may be prolonged while we rest
            await asyncio.sleep(wait_s)
        await self._overall.acquire()

    async def _try(self, lane: Lane, waiting: Waiting) -> None:
        try:
            shown = await self._call(waiting.post)
            lane.tell(waiting.post, shown)
            waiting.shown_by(shown)
        except SlowDown as pause:
            log.warning("telegram.slow_down", chat=waiting.post.chat_id, seconds=pause.seconds)
            lane.put_back(waiting)
            lane.pause(pause.seconds, pause)
        except asyncio.CancelledError:
            waiting.fail(AnswerLost("the bot is stopping"))
            raise
        except Exception as failure:  # noqa: BLE001 - whoever asked for this post must hear of it
            waiting.tries -= 1
            if waiting.tries > 0 and _may_repeat(failure, waiting.post):
                lane.put_back(waiting)
                lane.pause(self._retry_s)
            else:
                waiting.fail(failure)
        finally:
            lane.spend()

    async def _call(self, post: Post) -> int:
        try:
            return await self._tell(post)
        except BadRequest as refusal:
            words = str(refusal).lower()
            if post.message_id is not None and "message is not modified" in words:
                return post.message_id
            if post.message_id is not None and any(gone in words for gone in _GONE):
                return await self._call(replace(post, message_id=None))
            if post.thread_id is not None and any(shut in words for shut in _TOPIC_SHUT):
                return await self._call(replace(post, thread_id=None))
            if post.screen.photo and any(why in words for why in _NO_PICTURE):
                post.screen.photo.is_refused = True
                log.warning("telegram.photo_refused", reason=str(refusal))
                return await self._call(replace(post, screen=replace(post.screen, photo=None)))
            if "can't parse entities" in words and not post.is_plain:
                self.plain_texts += 1
                log.warning("telegram.markup_refused", reason=str(refusal), subject=post.screen.subject)
                return await self._call(replace(post, is_plain=True))
            raise

    async def _tell(self, post: Post) -> int:
        text = _without_markup(post.screen.text) if post.is_plain else post.screen.text
        mode = None if post.is_plain else ParseMode.HTML
        if post.screen.document:
            return await self._carry(post, text, mode, post.screen.document)
        if post.screen.photo:
            return await self._picture(post, post.screen.photo, text, mode)
        said = {
            "chat_id": post.chat_id,
            "text": text,
            "parse_mode": mode,
            "reply_markup": keyboard(post.screen),
            "link_preview_options": _NO_PREVIEW,
        }
        if post.message_id is not None:
            await self._ask("editMessageText", said | {"message_id": post.message_id})
            return post.message_id
        silent = post.is_silent or post.screen.silent or None
        sent = await self._ask(
            "sendMessage", said | {"disable_notification": silent, "message_thread_id": post.thread_id}
        )
        return int(sent["message_id"])

    async def _carry(self, post: Post, text: str, mode: str | None, document: Path | Attachment) -> int:
        """Send a file with the text as its caption."""
        is_made = isinstance(document, Attachment)
        carried = await self._bot.send_document(
            post.chat_id,
            document.content if isinstance(document, Attachment) else document,
            filename=document.name if is_made else None,
            caption=text,
            parse_mode=mode,
            reply_markup=markup(post.screen),
            message_thread_id=post.thread_id,
            disable_notification=post.is_silent or post.screen.silent or None,
        )
        return carried.message_id

    async def _ask(self, method: str, said: Mapping[str, object]) -> Any:
        """Call the Bot API with our own words: the library would build objects of both ways, to be thrown away."""
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", words(said))

    async def _picture(self, post: Post, photo: Photo, caption: str, mode: ParseMode | None) -> int:
        """Show a picture, by the name Telegram has for it if it has one, and write down that name."""
        media, keys = photo.file_id or photo.content, markup(post.screen)
        if post.message_id is not None:
            edited = await self._bot.edit_message_media(
                InputMediaPhoto(media, caption=caption, parse_mode=mode),
                post.chat_id,
                post.message_id,
                reply_markup=keys,
            )
            shown = edited if isinstance(edited, Message) else None
        else:
            shown = await self._bot.send_photo(
                post.chat_id,
                media,
                caption=caption,
                parse_mode=mode,
                reply_markup=keys,
                disable_notification=post.is_silent or post.screen.silent or None,
                message_thread_id=post.thread_id,
            )
        if shown and shown.photo:
            photo.file_id = shown.photo[-1].file_id
        return shown.message_id if shown else post.message_id or 0

    def _aside(self, what: str, call: Callable[[], Awaitable[object]], tries: int) -> None:
        task = asyncio.create_task(self._insist(what, call, tries), name=what)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _insist(self, what: str, call: Callable[[], Awaitable[object]], tries: int) -> None:
        for left in reversed(range(tries)):
            try:
                await call()
            except BadRequest as refusal:
                log.info("telegram.refused", what=what, reason=str(refusal))
            except (NetworkError, SlowDown) as failure:
                if left:
                    await asyncio.sleep(failure.seconds if isinstance(failure, SlowDown) else self._retry_s)
                    continue
                log.warning("telegram.failed", what=what, reason=str(failure))
            except TelegramError as failure:
                log.warning("telegram.failed", what=what, reason=str(failure))
            return


def _without_markup(text: str) -> str:
    """Return the words alone. What stood in `code`, where nothing links, must not begin to."""
    parts = (html.unescape(_TAG.sub("", part)) for part in _CODE.split(text))
    return "".join(inert(part) if at % 2 else part for at, part in enumerate(parts))


def _may_repeat(failure: Exception, post: Post) -> bool:
    """An edit may always be repeated; a new message only when it cannot have arrived."""
    if isinstance(failure, BadRequest) or not isinstance(failure, NetworkError):
        return False
    return post.message_id is not None or not isinstance(failure, TimedOut | AnswerLost)
