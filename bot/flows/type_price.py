"""A price typed as an answer: a new one, or the amount that approves a change beyond the limit."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.prices import propose, show_proposal
from domain.amounts import parse_amount
from domain.errors import Conflict, NotFound


async def take_price(update: Update, ctx: Ctx) -> None:
    """Propose the typed price; a refused one leaves the question open."""
    try:
        card = await ctx.services.stock.card(ctx.visitor, await _drafted(ctx, "variant_id"))
        await propose(update, ctx, card, " ".join(ctx.words))
    except NotFound:
        await ctx.services.dialogues.end(ctx.visitor)
        raise
    await ctx.services.dialogues.end(ctx.visitor)


async def take_typed(update: Update, ctx: Ctx) -> None:
    """Approve by the typed amount; another amount leaves the question open."""
    prices = ctx.services.prices
    try:
        proposal = await prices.proposal(ctx.visitor, await _drafted(ctx, "proposal_id"))
        amount = parse_amount(" ".join(ctx.words), proposal.prices[0].change.after.currency)
        approved = await prices.type_amount(ctx.visitor, proposal.id, amount)
    except (Conflict, NotFound):
        await ctx.services.dialogues.end(ctx.visitor)
        raise
    await show_proposal(update, ctx, approved)
    await ctx.services.dialogues.end(ctx.visitor)


async def _drafted(ctx: Ctx, name: str) -> str:
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or name not in dialogue.draft:
        raise NotFound("button_unknown")
    return dialogue.draft[name]
