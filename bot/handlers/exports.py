"""/export: products, orders and stock movements as a file, in private, for who manages the seller."""

from telegram import Update

from bot.context import Ctx
from bot.lane import Post
from bot.reply import reply
from bot.views.exports import exports_screen, file_screen
from bot.words import export_parts
from domain.errors import NotAllowed
from services.workplaces import workplace


async def show_exports(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, exports_screen(await ctx.services.exports.offered(ctx.visitor), ctx.text))


async def make_export(_: Update, ctx: Ctx) -> None:
    """Send the file below the message that offers it; it goes away with the folder it was made in."""
    if ctx.is_group:
        raise NotAllowed("private_only")
    what, form = export_parts(ctx.words)
    with workplace() as folder:
        made = await ctx.services.exports.make(ctx.visitor, what, form, folder)
        screen = file_screen(made, ctx.text)
        await ctx.sender.show(Post(ctx.chat.telegram_id, screen, thread_id=ctx.chat.thread_id))
