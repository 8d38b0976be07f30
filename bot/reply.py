"""How a handler answers: one screen, into the message whose button was pressed or as a new one."""

import html
import re
from dataclasses import replace

import structlog
from telegram import Message, Update
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.context import Ctx
from bot.lane import Post
from bot.refusals import state_after
from bot.screen import Screen

log = structlog.get_logger("storesync.bot.reply")

_TAG = re.compile(r"<[^>]*>")
_TOAST_CHARACTERS = 200
_GLANCE_CHARACTERS = 60
"""A longer toast is gone before it is read, so it waits for a tap."""


async def reply(update: Update, ctx: Ctx, screen: Screen, *, into: int | None = None) -> int | None:
    """Show the screen and return its message; None when Telegram cannot be reached or the chat is closed.

    A press rewrites its message ("not modified" is fine, a deleted one is sent anew), all else sends,
    unless `into` names the message to rewrite. A picture cannot become a text: it is sent anew, and the
    picture goes. A screen with a subject is remembered as a card; a message rewritten without one is a
    card no more.
    """
    pressed = into or _pressed_message(update)
    leaves_picture = into is None and screen.photo is None and _is_picture(update)
    shown = await _show(ctx, screen, None if leaves_picture else pressed)
    if leaves_picture and shown is not None and pressed is not None:
        ctx.sender.delete(ctx.chat.telegram_id, pressed)
    if shown is not None and not ctx.is_stranger:
        await _note(ctx, screen, shown, was_pressed=pressed is not None)
    return shown


async def _note(ctx: Ctx, screen: Screen, message_id: int, *, was_pressed: bool) -> None:
    """Keep the register of cards true: an event must find its card, and must not find a screen moved on from."""
    view, cards = ctx.visitor.view, ctx.services.cards
    if screen.subject:
        about = {"subject": screen.subject, "subject_id": screen.subject_id}
        await cards.remember(view.seller_id, view.id, message_id, version=screen.version, **about)
    elif was_pressed:
        await cards.forget(view.seller_id, view.id, message_id)


async def refuse(ctx: Ctx, screen: Screen) -> None:
    """Say why not: to a press by a toast, so that the card stays as it is; else by a message."""
    words = html.unescape(_TAG.sub("", screen.text))
    if not screen.rows and len(words.encode("utf-16-le")) // 2 <= _TOAST_CHARACTERS:
        press = ctx.errand.press
        if press and press.answer(words, alert=len(words) > _GLANCE_CHARACTERS):
            return
    await _show(ctx, screen, None)


async def toast(_update: Update, ctx: Ctx, text: str, *, alert: bool = False) -> None:
    """Answer the press with a few plain words; without a press there is nobody to see them."""
    if ctx.errand.press:
        ctx.errand.press.answer(text, alert=alert)


async def typing(_update: Update, ctx: Ctx) -> None:
    """Show for five seconds that something is being done."""
    ctx.sender.typing(ctx.chat.telegram_id)


async def delete_words(update: Update, ctx: Ctx) -> None:
    """Delete what the person wrote: it held a secret."""
    if update.message:
        ctx.sender.delete(ctx.chat.telegram_id, update.message.message_id)


async def _show(ctx: Ctx, screen: Screen, message_id: int | None) -> int | None:
    post = Post(ctx.chat.telegram_id, screen, message_id, ctx.chat.thread_id, begun=ctx.errand.begun)
    try:
        return await ctx.sender.show(post)
    except ChatMigrated as moved:
        await ctx.services.groups.migrate(ctx.bot_id, ctx.chat.telegram_id, moved.new_chat_id)
        return await ctx.sender.show(replace(post, chat_id=moved.new_chat_id, message_id=None))
    except TelegramError as failure:
        state = state_after(failure)
        if state:
            await ctx.services.people.chat_gone(ctx.bot_id, ctx.chat.telegram_id, state)
        elif isinstance(failure, BadRequest):
            raise
        log.warning("reply.lost", source=ctx.source_key, reason=str(failure)[:200])
        return None


def _pressed_message(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query and query.message else None


def _is_picture(update: Update) -> bool:
    message = update.callback_query.message if update.callback_query else None
    return isinstance(message, Message) and bool(message.photo)
