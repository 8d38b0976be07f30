"""/audit: who did what and when, for who manages the seller, in private."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.audit import audit_screen
from bot.words import audit_parts
from domain.errors import NotAllowed


async def show_audit(update: Update, ctx: Ctx) -> None:
    if ctx.is_group:
        raise NotAllowed("private_only")
    number, upto = audit_parts(ctx.words) if ctx.errand.press else (1, None)
    page = await ctx.services.audit.page(ctx.visitor, number, upto)
    await reply(update, ctx, audit_screen(page, ctx.text))
