"""/price, /approvals and the buttons around a price: asked, typed, looked at. Deciding is `buttons`."""

from telegram import Update

from bot import questions
from bot.cards import price_card, undo_card
from bot.context import Ctx
from bot.handlers.bulk import after_bulk
from bot.handlers.stock import show_variant
from bot.reply import reply
from bot.views.prices import approvals_screen, ask_price_screen, ask_typing_screen
from bot.views.stock import shared_sku_screen
from bot.words import PriceWords, one, packed_amount, price_words
from domain.amounts import parse_amount
from domain.errors import NotFound
from services.views import Proposal, VariantCard


async def price(update: Update, ctx: Ctx) -> None:
    """Answer /price <sku> with the variant, with a new price to approve, or with its floor set."""
    asked = price_words(ctx.words)
    rows = await ctx.services.stock.by_sku(ctx.visitor, asked.sku)
    if not rows:
        raise NotFound("sku_unknown", sku=asked.sku)
    if len(rows) > 1:
        await reply(update, ctx, shared_sku_screen(asked.sku, rows, ctx.text))
        return
    card = await ctx.services.stock.card(ctx.visitor, rows[0].variant_id)
    if asked.is_floor:
        card = await _set_floor(ctx, card, asked)
    if asked.is_floor or not asked.amount:
        await show_variant(update, ctx, card.variant.id)
        return
    await propose(update, ctx, card, asked.amount)


async def propose(update: Update, ctx: Ctx, card: VariantCard, typed: str) -> None:
    """Propose a typed price and show the card that asks for approval."""
    amount = parse_amount(typed, currency_of(card))
    proposal = await ctx.services.prices.propose(ctx.visitor, card.variant.id, amount, ctx.source_key)
    await show_proposal(update, ctx, proposal)


async def show_proposal(update: Update, ctx: Ctx, proposal: Proposal) -> None:
    """Show a price card; what moved while it was on its way to the chat is shown right after."""
    visitor, shown = ctx.visitor, proposal
    await reply(update, ctx, await price_card(ctx.services, visitor.view, visitor.chat, shown, ctx.text))
    latest = await ctx.services.prices.proposal(visitor, proposal.id)
    if latest.version != shown.version:
        await reply(update, ctx, await price_card(ctx.services, visitor.view, visitor.chat, latest, ctx.text))


async def ask_price(update: Update, ctx: Ctx) -> None:
    """Open the question for a new price of the variant a button names."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.PRICE, {"variant_id": card.variant.id})
    await reply(update, ctx, ask_price_screen(card, ctx.text))


async def ask_again(update: Update, ctx: Ctx) -> None:
    """Propose once more what could not be applied; it is compared with the shop's price of now."""
    variant_id, amount, *_ = (*ctx.words, "", "")
    again = await ctx.services.prices.propose(ctx.visitor, variant_id, packed_amount(amount), ctx.source_key)
    await show_proposal(update, ctx, again)


async def open_proposal(update: Update, ctx: Ctx) -> None:
    if await ctx.services.bulks.has(ctx.visitor, one(ctx.words)):
        await after_bulk(update, ctx, one(ctx.words))
        return
    proposal = await ctx.services.prices.proposal(ctx.visitor, one(ctx.words))
    await show_proposal(update, ctx, proposal)


async def ask_amount(update: Update, ctx: Ctx) -> None:
    """Open the question for the amount of a change beyond the limit."""
    proposal = await ctx.services.prices.proposal(ctx.visitor, one(ctx.words))
    await open_typing(update, ctx, proposal)


async def open_typing(update: Update, ctx: Ctx, proposal: Proposal) -> None:
    if not proposal.needs_typing:
        await show_proposal(update, ctx, proposal)
        return
    await ctx.services.dialogues.ask(ctx.visitor, questions.TYPING, {"proposal_id": proposal.id})
    await reply(update, ctx, ask_typing_screen(proposal, ctx.text))


async def ask_undo(update: Update, ctx: Ctx) -> None:
    """Ask whether a price is to be taken back; the Yes carries the ticket."""
    proposal = await ctx.services.prices.proposal(ctx.visitor, one(ctx.words))
    if not proposal.can_be_undone:
        await show_proposal(update, ctx, proposal)
        return
    await reply(update, ctx, await undo_card(ctx.services, ctx.visitor.view, proposal, ctx.text))


async def show_approvals(update: Update, ctx: Ctx) -> None:
    waiting = await ctx.services.prices.waiting(ctx.visitor)
    bulks = await ctx.services.bulks.waiting(ctx.visitor)
    await reply(update, ctx, approvals_screen(waiting, ctx.text, bulks))


def currency_of(card: VariantCard) -> str:
    """Return the currency a variant is sold in. Raises NotFound when no shop sells it any more."""
    if not card.shown:
        raise NotFound("variant_unknown")
    return card.shown[0].shown.price.listed.currency


async def _set_floor(ctx: Ctx, card: VariantCard, asked: PriceWords) -> VariantCard:
    floor = None if asked.is_floor_off else parse_amount(asked.amount, currency_of(card))
    return await ctx.services.prices.set_floor(ctx.visitor, card.variant.id, floor)
