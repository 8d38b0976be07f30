"""Bulk price changes: over which list, by how much, the draft, the card, its file. Deciding is `buttons`."""

import asyncio

from telegram import Update

from bot import questions
from bot.bulk_cards import bulk_card, undo_bulk_card
from bot.context import Ctx
from bot.lane import Post
from bot.reply import reply
from bot.views.bulk import choose_screen, floor_screen, typing_screen
from bot.views.bulk_sheet import bulk_file_screen, bulk_rows
from bot.words import one, packed_amount, product_list, rounded_by
from domain.bulk import Move, Recipe
from domain.errors import NotFound
from services.bulk_cards import BulkCard
from services.sheets import sheet


async def choose_change(update: Update, ctx: Ctx) -> None:
    """Ask how the prices of a list of products are to change."""
    query, _ = product_list(("1", *ctx.words))
    scope = await ctx.services.bulks.scope(ctx.visitor, query)
    draft = {"filter": query.filter.value, "shop": query.shop, "words": query.words}
    await ctx.services.dialogues.ask(ctx.visitor, questions.BULK, draft)
    await reply(update, ctx, choose_screen(scope, ctx.text))


async def draw_up(update: Update, ctx: Ctx) -> None:
    """Draw up a change by the percent a button names: nothing is asked for by it."""
    query, _ = product_list(("1", *ctx.words[1:]))
    recipe = Recipe(Move.PERCENT, packed_amount(one(ctx.words)))
    drawn = await ctx.services.bulks.draft(ctx.visitor, query, recipe)
    await ctx.services.dialogues.end(ctx.visitor)
    await show_bulk(update, ctx, drawn)


async def round_prices(update: Update, ctx: Ctx) -> None:
    """Draw a draft up anew with the rounding a button names."""
    change = rounded_by(ctx.words[1:])
    await show_bulk(update, ctx, await ctx.services.bulks.redraft(ctx.visitor, one(ctx.words), change))


async def ask_floor(update: Update, ctx: Ctx) -> None:
    """Open the question under which price nothing may go."""
    card = await ctx.services.bulks.redraft(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.BULK_FLOOR, {"bulk_id": card.id})
    await reply(update, ctx, floor_screen(card, ctx.text))


async def open_bulk(update: Update, ctx: Ctx) -> None:
    await after_bulk(update, ctx, one(ctx.words))


async def after_bulk(update: Update, ctx: Ctx, bulk_id: str) -> None:
    """Show a bulk change as it stands."""
    await show_bulk(update, ctx, await ctx.services.bulks.show(ctx.visitor, bulk_id))


async def ask_count(update: Update, ctx: Ctx) -> None:
    await open_count(update, ctx, one(ctx.words))


async def open_count(update: Update, ctx: Ctx, bulk_id: str) -> None:
    """Open the question how many prices a bulk change beyond a limit has."""
    card = await ctx.services.bulks.card(ctx.visitor.seller_id, bulk_id)
    if not card.needs_typing:
        await show_bulk(update, ctx, card)
        return
    await ctx.services.dialogues.ask(ctx.visitor, questions.BULK_COUNT, {"bulk_id": card.id})
    await reply(update, ctx, typing_screen(card, ctx.text))


async def ask_undo(update: Update, ctx: Ctx) -> None:
    """Ask whether a bulk change is to be taken back; the Yes carries the ticket."""
    plan = await ctx.services.bulks.plan_undo(ctx.visitor, one(ctx.words))
    if not plan.can_be_undone:
        raise NotFound("button_unknown")
    await reply(update, ctx, await undo_bulk_card(ctx.services, ctx.visitor.view, plan, ctx.text))


async def send_file(_update: Update, ctx: Ctx) -> None:
    """Send every price of a bulk change as a sheet; its card stays where it is."""
    card = await ctx.services.bulks.show(ctx.visitor, one(ctx.words))
    content = await asyncio.to_thread(sheet, bulk_rows(card, ctx.text))
    screen = bulk_file_screen(card, content, ctx.text)
    await ctx.sender.show(Post(ctx.chat.telegram_id, screen, thread_id=ctx.chat.thread_id))


async def show_bulk(update: Update, ctx: Ctx, card: BulkCard) -> None:
    """Show a bulk change; what moved while it was on its way to the chat is shown right after."""
    visitor, services = ctx.visitor, ctx.services
    screen = await bulk_card(services, visitor.view, visitor.chat, card, ctx.text)
    shown = await reply(update, ctx, screen)
    if not screen.subject:
        return
    latest = await services.bulks.card(visitor.seller_id, card.id)
    if latest.version != card.version:
        again = await bulk_card(services, visitor.view, visitor.chat, latest, ctx.text)
        await reply(update, ctx, again, into=shown)
