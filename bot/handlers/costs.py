"""/cost: what a unit of a variant costs the seller, so that cards can lead with what is kept."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from telegram import Update

from bot.context import Ctx
from bot.handlers.prices import currency_of
from bot.handlers.stock import show_variant
from bot.reply import reply
from bot.views.stock import shared_sku_screen
from bot.words import CostWords, cost_words
from domain.amounts import parse_amount
from domain.errors import InputError, NotFound
from domain.money import Money
from services.views import VariantCard


async def cost(update: Update, ctx: Ctx) -> None:
    """Answer /cost <sku> with the variant, its cost set or forgotten."""
    asked = cost_words(ctx.words)
    rows = await ctx.services.stock.by_sku(ctx.visitor, asked.sku)
    if not rows:
        raise NotFound("sku_unknown", sku=asked.sku)
    if len(rows) > 1:
        await reply(update, ctx, shared_sku_screen(asked.sku, rows, ctx.text))
        return
    card = await ctx.services.stock.card(ctx.visitor, rows[0].variant_id)
    if asked.amount:
        await ctx.services.costs.set(ctx.visitor, card.variant.id, _each(asked, card), _since(asked, ctx))
    await show_variant(update, ctx, card.variant.id)


def _each(asked: CostWords, card: VariantCard) -> Money | None:
    if asked.is_off:
        return None
    currencies = {each.shown.price.listed.currency for each in card.shown}
    currency = asked.currency or currency_of(card)
    if currency not in currencies:
        raise InputError("cost_currency", asked=currency, known=sorted(currencies))
    return Money(parse_amount(asked.amount, currency), currency)


def _since(asked: CostWords, ctx: Ctx) -> datetime | None:
    """Return the first moment of the day that was named, by the chat's clock."""
    return datetime.combine(asked.day, time(), ZoneInfo(ctx.visitor.view.zone)) if asked.day else None
