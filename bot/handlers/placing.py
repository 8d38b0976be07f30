"""Stock by location: what lies where, and the question how many lie at one of them."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.reply import reply
from bot.views.placing import ask_place_screen, places_screen
from bot.words import one


async def show_places(update: Update, ctx: Ctx) -> None:
    """Ask the shops how many of a variant lie where, and show it."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    places = await ctx.services.placing.places(ctx.visitor, card)
    await reply(update, ctx, places_screen(card, places, ctx.text))


async def ask_place(update: Update, ctx: Ctx) -> None:
    """Open the question how many lie at the location a button names."""
    listing_variant_id, place, *_ = (*ctx.words, "", "")
    at = await ctx.services.placing.place(ctx.visitor, listing_variant_id, place)
    card = await ctx.services.stock.card(ctx.visitor, at.variant_id)
    about = {"variant_id": at.variant_id, "listing_variant_id": listing_variant_id, "place": place}
    await ctx.services.dialogues.ask(ctx.visitor, questions.PLACED, about)
    await reply(update, ctx, ask_place_screen(card, at, ctx.text))
