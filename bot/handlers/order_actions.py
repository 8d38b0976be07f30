"""An order's card, and the questions before something is done to the order. Sending is `buttons`."""

from telegram import Update

from bot import questions
from bot.cards import cancel_card, keep_card, order_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.order_actions import ask_note_screen, choose_reason_screen
from bot.words import cancel_reason, one
from domain.errors import Conflict
from domain.order_actions import ActionKind


async def show_card(update: Update, ctx: Ctx, order_id: str, came_from: tuple[str, ...] = ()) -> None:
    """Show an order; what moved while it was on its way to the chat is shown right after."""
    visitor, services = ctx.visitor, ctx.services
    card = await services.orders.card(visitor, order_id)
    screen = await order_card(services, visitor.view, visitor.role, card, ctx.text, came_from)
    shown = await reply(update, ctx, screen)
    card = await services.orders.card(visitor, order_id)
    latest = await order_card(services, visitor.view, visitor.role, card, ctx.text, came_from)
    if latest.version != screen.version:
        await reply(update, ctx, latest, into=shown)


async def ask_reason(update: Update, ctx: Ctx) -> None:
    """Ask why an order is to be cancelled."""
    card = await ctx.services.orders.card(ctx.visitor, one(ctx.words))
    reasons = await ctx.services.order_actions.reasons(ctx.visitor, card.order.id)
    await reply(update, ctx, choose_reason_screen(card, reasons, ctx.text))


async def ask_cancel(update: Update, ctx: Ctx) -> None:
    """Say what cancelling for this reason does; the Yes carries the ticket."""
    card = await ctx.services.orders.card(ctx.visitor, one(ctx.words))
    plan = await ctx.services.order_actions.plan(ctx.visitor, card.order.id, cancel_reason(ctx.words[1:]))
    await reply(update, ctx, await cancel_card(ctx.services, ctx.visitor.view, card, plan, ctx.text))


async def ask_keep(update: Update, ctx: Ctx) -> None:
    """Ask before a buyer's wish to cancel is turned down; the Yes carries the ticket."""
    card = await ctx.services.orders.card(ctx.visitor, one(ctx.words))
    doing = await ctx.services.order_actions.of(ctx.visitor.seller_id, card.order.id)
    if ActionKind.REJECT not in doing.may:
        raise Conflict("moved_on")
    await reply(update, ctx, await keep_card(ctx.services, ctx.visitor.view, card, doing, ctx.text))


async def ask_note(update: Update, ctx: Ctx) -> None:
    """Open the question what is to be noted on an order."""
    card = await ctx.services.orders.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.NOTE, {"order_id": card.order.id})
    await reply(update, ctx, ask_note_screen(card, ctx.text))
