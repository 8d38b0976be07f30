"""How a variant's stock is kept, and what is kept back of it."""

from telegram import Update

from bot import questions
from bot.cards import keeping_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.keeping import ask_keep_back_screen
from bot.words import one


async def show_keeping(update: Update, ctx: Ctx) -> None:
    await open_keeping(update, ctx, one(ctx.words))


async def open_keeping(update: Update, ctx: Ctx, variant_id: str) -> None:
    """Show how a variant is kept, with the other ways for whoever may choose."""
    card = await ctx.services.stock.card(ctx.visitor, variant_id)
    screen = await keeping_card(ctx.services, ctx.visitor.view, ctx.visitor.role, card, ctx.text)
    await reply(update, ctx, screen)


async def ask_keep_back(update: Update, ctx: Ctx) -> None:
    """Open the question how many units no shop is told of."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.KEEP_BACK, {"variant_id": card.variant.id})
    await reply(update, ctx, ask_keep_back_screen(card, ctx.text))
