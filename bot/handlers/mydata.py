"""/mydata and /forget: everything of a seller as a file, and everything gone. For the owner, in private."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.reply import reply
from bot.views.mydata import forget_screen, mydata_screen
from services.workplaces import workplace

FILE = "storesync.zip"


async def my_data(update: Update, ctx: Ctx) -> None:
    """Send the file; it is made for this and goes away with it."""
    with workplace() as folder:
        counts = await ctx.services.sellers.mine(ctx.visitor, folder / FILE)
        await reply(update, ctx, mydata_screen(sum(counts.values()), folder / FILE, ctx.text))


async def ask_forget(update: Update, ctx: Ctx) -> None:
    """Say what would be gone and wait for the name to be typed."""
    found = await ctx.services.sellers.show(ctx.visitor.seller_id)
    await ctx.services.dialogues.ask(ctx.visitor, questions.FORGET, {})
    await reply(update, ctx, forget_screen(found, ctx.text))
