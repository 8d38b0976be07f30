"""Buttons with a ticket: the only ones that change something. Pressed once, they show what became of it."""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.context import Ctx
from bot.handlers import bulk, pack
from bot.handlers.keeping import open_keeping
from bot.handlers.limits import after_setting
from bot.handlers.order_actions import show_card
from bot.handlers.pause import after_switch
from bot.handlers.prices import open_typing, show_proposal
from bot.handlers.product_edits import after_edit
from bot.handlers.returns import show_goods, show_return
from bot.handlers.reviews import show_review
from bot.handlers.shops import after_shop, after_unlink
from bot.handlers.stock import ask_once_more, show_variant
from bot.handlers.team import after_removal, after_role
from bot.reply import reply, toast
from bot.views import labels
from bot.views.link import ended_screen, linked_many_screen, linked_screen
from domain.errors import NotFound
from services.views import PressResult

_TOASTS = {
    PressResult.APPROVED: labels.TOAST_APPROVED,
    PressResult.REJECTED: labels.TOAST_REJECTED,
    PressResult.UNDONE: labels.TOAST_UNDONE,
    PressResult.PRICE_CALLED_OFF: labels.TOAST_CALLED_OFF,
    PressResult.STOCK_CALLED_OFF: labels.TOAST_CALLED_OFF,
    PressResult.BULK_LOOKED: labels.TOAST_LOOK_AGAIN,
    PressResult.BULK_ASKED: labels.TOAST_ASKED,
    PressResult.BULK_APPROVED: labels.TOAST_APPROVED,
    PressResult.BULK_REJECTED: labels.TOAST_REJECTED,
    PressResult.BULK_STOPPED: labels.TOAST_REST_STOPPED,
    PressResult.BULK_UNDONE: labels.TOAST_UNDONE,
    PressResult.LINK_CONFIRMED: labels.TOAST_LINKED,
    PressResult.LINK_REFUSED: labels.TOAST_REFUSED,
    PressResult.ROLE_CHANGED: labels.TOAST_SAVED,
    PressResult.MEMBER_REMOVED: labels.TOAST_SAVED,
    PressResult.STOCK_SENT: labels.TOAST_SENDING,
    PressResult.STOCK_UNDONE: labels.TOAST_UNDONE,
    PressResult.KEPT_SO: labels.TOAST_SAVED,
    PressResult.JOINED: labels.TOAST_SAVED,
    PressResult.KEPT_APART: labels.TOAST_SAVED,
    PressResult.EDIT_CONFIRMED: labels.TOAST_APPROVED,
    PressResult.REVIEW_ANSWERED: labels.TOAST_APPROVED,
    PressResult.ORDER_ASKED: labels.TOAST_ORDER_ASKED,
    PressResult.RETURN_ANSWERED: labels.TOAST_ORDER_ASKED,
    PressResult.GOODS_SORTED: labels.TOAST_SAVED,
    PressResult.PAUSED: labels.TOAST_PAUSED,
    PressResult.RESUMED: labels.TOAST_RESUMED,
    PressResult.LIMIT_SET: labels.TOAST_SAVED,
    PressResult.SHOP_PAUSED: labels.TOAST_PAUSED,
    PressResult.SHOP_RESUMED: labels.TOAST_RESUMED,
    PressResult.SHOP_UNLINKED: labels.TOAST_UNLINKED,
    PressResult.BATCH_TAKEN: labels.TOAST_TAKEN,
    PressResult.BATCH_ENDED: labels.TOAST_GIVEN_BACK,
    PressResult.LABELS_COMING: labels.TOAST_LABELS,
    PressResult.WAY_CHOSEN: labels.TOAST_CHOSEN,
    PressResult.HANDED_OVER: labels.TOAST_HANDED_OVER,
    PressResult.PULLED: labels.TOAST_PULLED,
    PressResult.SHIP_ASKED: labels.TOAST_IN_FIVE,
    PressResult.SHIP_STOPPED: labels.TOAST_STOPPED,
    PressResult.HOLIDAY_ASKED: labels.TOAST_ORDER_ASKED,
}


async def press_ticket(update: Update, ctx: Ctx) -> None:
    """Spend a ticket, answer the press, show the result in the message that asked."""
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        raise NotFound("button_unknown")
    pressed = await ctx.services.buttons.press(ctx.visitor, query.data, query.message.message_id)
    if pressed.result in _TOASTS:
        await toast(update, ctx, ctx.text.label(_TOASTS[pressed.result]))
    await _AFTER[pressed.result](update, ctx, pressed.object_id)


async def _after_decision(update: Update, ctx: Ctx, proposal_id: str) -> None:
    await show_proposal(update, ctx, await ctx.services.prices.proposal(ctx.visitor, proposal_id))


async def _after_limit(update: Update, ctx: Ctx, proposal_id: str) -> None:
    await open_typing(update, ctx, await ctx.services.prices.proposal(ctx.visitor, proposal_id))


async def _after_link(update: Update, ctx: Ctx, linking_id: str) -> None:
    together = await ctx.services.linking.together(ctx.visitor.seller_id, linking_id)
    shops = await ctx.services.linking.linked(ctx.visitor.seller_id, linking_id)
    if not shops:
        raise NotFound("shop_unknown")
    if len(together) > 1:
        refused = [each for each in together if each.refusal]
        await reply(update, ctx, linked_many_screen(shops, refused, ctx.text))
        return
    await reply(update, ctx, linked_screen(await ctx.services.shops.progress(shops[0].id), ctx.text))


async def _after_refusal(update: Update, ctx: Ctx, linking_id: str) -> None:
    linking = await ctx.services.linking.linking(ctx.visitor.seller_id, linking_id)
    await reply(update, ctx, ended_screen(linking.shop_name, ctx.text))


_AFTER: dict[PressResult, Callable[[Update, Ctx, str], Awaitable[None]]] = {
    PressResult.APPROVED: _after_decision,
    PressResult.REJECTED: _after_decision,
    PressResult.UNDONE: _after_decision,
    PressResult.PRICE_CALLED_OFF: _after_decision,
    PressResult.STOCK_CALLED_OFF: show_variant,
    PressResult.NEEDS_TYPING: _after_limit,
    PressResult.BULK_LOOKED: bulk.after_bulk,
    PressResult.BULK_ASKED: bulk.after_bulk,
    PressResult.BULK_APPROVED: bulk.after_bulk,
    PressResult.BULK_TYPING: bulk.open_count,
    PressResult.BULK_REJECTED: bulk.after_bulk,
    PressResult.BULK_STOPPED: bulk.after_bulk,
    PressResult.BULK_UNDONE: bulk.after_bulk,
    PressResult.LINK_CONFIRMED: _after_link,
    PressResult.LINK_REFUSED: _after_refusal,
    PressResult.ROLE_CHANGED: after_role,
    PressResult.MEMBER_REMOVED: after_removal,
    PressResult.STOCK_SENT: show_variant,
    PressResult.STOCK_ASKED: ask_once_more,
    PressResult.STOCK_UNDONE: show_variant,
    PressResult.KEPT_SO: open_keeping,
    PressResult.JOINED: show_variant,
    PressResult.KEPT_APART: show_variant,
    PressResult.EDIT_CONFIRMED: after_edit,
    PressResult.REVIEW_ANSWERED: show_review,
    PressResult.ORDER_ASKED: show_card,
    PressResult.RETURN_ANSWERED: show_return,
    PressResult.GOODS_SORTED: show_goods,
    PressResult.PAUSED: after_switch,
    PressResult.RESUMED: after_switch,
    PressResult.LIMIT_SET: after_setting,
    PressResult.SHOP_PAUSED: after_shop,
    PressResult.SHOP_RESUMED: after_shop,
    PressResult.SHOP_UNLINKED: after_unlink,
    PressResult.BATCH_TAKEN: pack.show_batch,
    PressResult.BATCH_ENDED: pack.after_take_end,
    PressResult.LABELS_COMING: pack.after_print,
    PressResult.WAY_CHOSEN: pack.show_batch,
    PressResult.HANDED_OVER: pack.after_take_end,
    PressResult.PULLED: pack.after_pull,
    PressResult.SHIP_ASKED: show_card,
    PressResult.SHIP_STOPPED: show_card,
    PressResult.HOLIDAY_ASKED: after_shop,
}
