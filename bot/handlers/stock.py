"""/stock: variants, pages of them, one of them and how many of it there are. Sending is `buttons`."""

from telegram import Update

from bot import questions
from bot.callbacks import fitting
from bot.cards import stock_card, sure_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.counts import ask_alert_screen, ask_count_screen, history_screen
from bot.views.stock import WORDS_BYTES, stock_screen
from bot.words import one, packed_number, page_number


async def show_stock(update: Update, ctx: Ctx) -> None:
    """Answer /stock [words] with the scarcest variants."""
    words = fitting(" ".join(ctx.words), WORDS_BYTES)
    page = await ctx.services.stock.page(ctx.visitor, words, 1)
    await reply(update, ctx, stock_screen(page, ctx.text))


async def turn_stock(update: Update, ctx: Ctx) -> None:
    """Show the page a button names."""
    number, words, *_ = (*ctx.words, "", "")
    page = await ctx.services.stock.page(ctx.visitor, words, page_number(number))
    await reply(update, ctx, stock_screen(page, ctx.text))


async def open_variant(update: Update, ctx: Ctx) -> None:
    """Show the variant a button names; the further parts lead Back to its list."""
    await show_variant(update, ctx, one(ctx.words), ctx.words[1:])


async def show_variant(update: Update, ctx: Ctx, variant_id: str, came_from: tuple[str, ...] = ()) -> None:
    """Show a variant's card; what moved while it was on its way to the chat is shown right after."""
    visitor, services = ctx.visitor, ctx.services
    card = await services.stock.card(visitor, variant_id)
    screen = await stock_card(services, visitor.view, visitor.role, card, ctx.text, came_from)
    await reply(update, ctx, screen)
    latest = await services.counts.of(visitor.seller_id, card.variant.id, visitor.view.id)
    if screen.subject and latest and latest.version != screen.version:
        card = await services.stock.card(visitor, card.variant.id)
        again = await stock_card(services, visitor.view, visitor.role, card, ctx.text, came_from)
        await reply(update, ctx, again)


async def draw_up(update: Update, ctx: Ctx) -> None:
    """Keep the count a button names as a draft: nothing is sent by it."""
    variant_id, units, *_ = (*ctx.words, "", "")
    await ctx.services.counts.draw_up(ctx.visitor, variant_id, packed_number(units))
    await show_variant(update, ctx, variant_id)


async def discard(update: Update, ctx: Ctx) -> None:
    variant_id = one(ctx.words)
    await ctx.services.counts.discard(ctx.visitor, variant_id)
    await show_variant(update, ctx, variant_id)


async def ask_count(update: Update, ctx: Ctx) -> None:
    """Open the question how many lie on the shelf."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.STOCK, {"variant_id": card.variant.id})
    await reply(update, ctx, ask_count_screen(card, ctx.text))


async def ask_alert(update: Update, ctx: Ctx) -> None:
    """Open the question from how few units on somebody wants to be told."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.ALERT_AT, {"variant_id": card.variant.id})
    await reply(update, ctx, ask_alert_screen(card, ctx.text))


async def show_history(update: Update, ctx: Ctx) -> None:
    """Show what moved a variant's stock, page by page."""
    variant_id, number, *_ = (*ctx.words, "", "")
    card = await ctx.services.stock.card(ctx.visitor, variant_id)
    past = await ctx.services.counts.history(ctx.visitor, variant_id, page_number(number))
    await reply(update, ctx, history_screen(card, past, ctx.text))


async def ask_once_more(update: Update, ctx: Ctx, variant_id: str) -> None:
    """Ask in words for a count that is far from the one before."""
    card = await ctx.services.stock.card(ctx.visitor, variant_id)
    await reply(update, ctx, await sure_card(ctx.services, ctx.visitor.view, card, ctx.text))
