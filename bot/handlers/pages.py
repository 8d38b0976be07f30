"""The button between "previous" and "next": it tells where we are and changes nothing."""

from telegram import Update

from bot.context import Ctx
from bot.reply import toast
from bot.views import labels
from bot.words import page_number


async def tell_page(update: Update, ctx: Ctx) -> None:
    page, pages, *_ = (*ctx.words, "", "")
    if not pages:
        await toast(update, ctx, ctx.text.label(labels.TOAST_LAST))
        return
    here, of = ctx.text.number(page_number(page)), ctx.text.number(page_number(pages))
    await toast(update, ctx, ctx.text.label(labels.TOAST_PAGE, page=here, pages=of))
