"""/orders and /order: lists, pages, one order."""

from datetime import timedelta

from telegram import Update

from bot.context import Ctx
from bot.handlers.order_actions import show_card
from bot.handlers.search import search_words
from bot.reply import reply, toast
from bot.views import labels
from bot.views.order_alerts import order_alert_list_screen
from bot.views.orders import order_hits_screen, orders_screen
from bot.words import list_parts, one, page_number
from domain.errors import InputError, NotFound
from services.views import OrderFilter

LIST_LASTS = timedelta(hours=12)
"""After this a page of a list would show yesterday as if it were today."""


async def show_orders(update: Update, ctx: Ctx) -> None:
    """Answer /orders with what is to pack; words after it are looked up."""
    if ctx.words:
        await find_orders(update, ctx)
        return
    page = await ctx.services.orders.page(ctx.visitor, OrderFilter.TO_PACK)
    await reply(update, ctx, orders_screen(page, ctx.text))


async def find_orders(update: Update, ctx: Ctx) -> None:
    """Show the orders that the words name; what names none is looked up as any text."""
    words = " ".join(ctx.words)
    rows = await ctx.services.search.find_orders(ctx.visitor, words)
    if len(rows) > 1:
        await reply(update, ctx, order_hits_screen(words, rows, ctx.text))
    elif rows:
        await show_card(update, ctx, rows[0].order_id)
    else:
        await search_words(update, ctx)


async def turn_orders(update: Update, ctx: Ctx) -> None:
    """Show the list a button names; pages of an old list lead to the present one."""
    wanted = list_parts(ctx.words)
    now = ctx.text.now()
    if wanted.until and now - wanted.until > LIST_LASTS:
        day = wanted.until.astimezone(now.tzinfo)
        await toast(update, ctx, ctx.text.label(labels.TOAST_OLD_LIST, day=ctx.text.day(day)))
        page = await ctx.services.orders.page(ctx.visitor, wanted.filter)
    else:
        page = await ctx.services.orders.page(ctx.visitor, wanted.filter, wanted.page, wanted.until)
    await reply(update, ctx, orders_screen(page, ctx.text))


async def turn_alert(update: Update, ctx: Ctx) -> None:
    """Show a page of the orders that one message rang for."""
    alert_id, at = one(ctx.words), page_number("".join(ctx.words[1:2]))
    page = await ctx.services.order_alerts.page(ctx.visitor, alert_id, at)
    await reply(update, ctx, order_alert_list_screen(page, ctx.text))


async def show_order(update: Update, ctx: Ctx) -> None:
    """Answer /order <tail> with the card, or with every order that ends like it."""
    words = " ".join(ctx.words)
    if not words:
        raise InputError("usage_order")
    rows = (await ctx.services.search.find(ctx.visitor, words)).orders
    if not rows:
        raise NotFound("order_unknown", words=words)
    if len(rows) > 1:
        await reply(update, ctx, order_hits_screen(words, rows, ctx.text))
        return
    await show_card(update, ctx, rows[0].order_id)


async def open_order(update: Update, ctx: Ctx) -> None:
    """Show the order a button names; the further parts lead Back to its list."""
    order_id, came_from = one(ctx.words), ctx.words[1:]
    list_parts(came_from)
    await show_card(update, ctx, order_id, came_from)
