"""The ways in which one parcel of an order may be handed over. What acts is `buttons`."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.order_cards import ways_card
from bot.reply import reply
from bot.views.batch import own_number_screen
from bot.words import one


async def show_ways(update: Update, ctx: Ctx) -> None:
    """Ask the platform how a parcel may be handed over: hours that were read earlier may be the wrong ones."""
    found = await ctx.services.offers.for_parcel(ctx.visitor, one(ctx.words))
    await reply(update, ctx, await ways_card(ctx.services, ctx.visitor, found, ctx.text))


async def ask_number(update: Update, ctx: Ctx) -> None:
    """Open the question under which number the seller's own courier takes a parcel."""
    parcel = await ctx.services.packing.parcel(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.OWN_NUMBER, {"parcel_id": parcel.parcel_id})
    await reply(update, ctx, own_number_screen(parcel, ctx.text))
