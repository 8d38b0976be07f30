"""A file that somebody sends: a list of prices becomes the draft of a bulk change; what cannot be taken goes back."""

from telegram import Document, Update
from telegram.error import TelegramError

from bot.context import Ctx
from bot.handlers.bulk import show_bulk
from bot.lane import Post
from bot.reply import reply, typing
from bot.views.imports import problems, problems_screen, same_screen
from domain.errors import InputError
from services.workplaces import workplace


async def take_file(update: Update, ctx: Ctx) -> None:
    """Send back what cannot be taken, with the reasons, and show what the rest would change."""
    document = update.message.document if update.message else None
    if document is None:
        raise InputError("not_text")
    await typing(update, ctx)
    content, imports = await _fetched(ctx, document), ctx.services.imports
    with workplace() as folder:
        intake = await imports.take(ctx.visitor, document.file_name or "", content, folder)
        if intake.bad:
            path = await imports.answer(intake, problems(intake, ctx.text), folder)
            screen = problems_screen(intake, path, ctx.text)
            await ctx.sender.show(Post(ctx.chat.telegram_id, screen, thread_id=ctx.chat.thread_id))
    if intake.card:
        await show_bulk(update, ctx, intake.card)
    elif not intake.bad:
        await reply(update, ctx, same_screen(intake, ctx.text))


async def _fetched(ctx: Ctx, document: Document) -> bytes:
    """Fetch a file from Telegram, unless it says itself that it is too large."""
    ctx.services.imports.check_size(document.file_size or 0)
    try:
        return await ctx.sender.fetch(document.file_id)
    except TelegramError:
        raise InputError("file_gone") from None
