"""/returns: the lists, one return, its photos. What acts is `return_actions`."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.return_cards import goods_card, return_card
from bot.screen import Screen
from bot.views.returns import photo_count, photo_screen, returns_screen
from bot.words import one, page_number, return_list
from domain.errors import NotFound
from services.photos import Photo
from services.returns import ReturnFilter


async def show_returns(update: Update, ctx: Ctx) -> None:
    """Answer /returns with what waits for an answer."""
    page = await ctx.services.returns.page(ctx.visitor, ReturnFilter.TO_ANSWER)
    await reply(update, ctx, returns_screen(page, ctx.text))


async def turn_returns(update: Update, ctx: Ctx) -> None:
    """Show the page of the list that a button names."""
    wanted, at = return_list(ctx.words)
    page = await ctx.services.returns.page(ctx.visitor, wanted, at)
    await reply(update, ctx, returns_screen(page, ctx.text))


async def open_return(update: Update, ctx: Ctx) -> None:
    """Show the return a button names; the further parts lead Back to its list."""
    return_id, came_from = one(ctx.words), ctx.words[1:]
    return_list(came_from)
    await show_return(update, ctx, return_id, came_from)


async def show_return(update: Update, ctx: Ctx, return_id: str, came_from: tuple[str, ...] = ()) -> None:
    """Show a return; what moved while it was on its way to the chat is shown right after."""
    screen = await _drawn(ctx, return_id, came_from)
    shown = await reply(update, ctx, screen)
    latest = await _drawn(ctx, return_id, came_from)
    if latest.version != screen.version:
        await reply(update, ctx, latest, into=shown)


async def sort_goods(update: Update, ctx: Ctx) -> None:
    """Show what came back, with what may be done with it."""
    await show_goods(update, ctx, one(ctx.words))


async def show_goods(update: Update, ctx: Ctx, return_id: str) -> None:
    """Show what came back by a return as it is now."""
    card = await ctx.services.returns.card(ctx.visitor.seller_id, return_id)
    await reply(update, ctx, await goods_card(ctx.services, ctx.visitor, card, ctx.text))


async def _drawn(ctx: Ctx, return_id: str, came_from: tuple[str, ...]) -> Screen:
    visitor = ctx.visitor
    card = await ctx.services.returns.card(visitor.seller_id, return_id)
    return await return_card(
        ctx.services, visitor.view, visitor.chat, visitor.role, card, ctx.text, came_from
    )


async def show_photo(update: Update, ctx: Ctx) -> None:
    """Show one photo of a return: Telegram has ours, a buyer's is fetched where his platform keeps it."""
    card = await ctx.services.returns.card(ctx.visitor.seller_id, one(ctx.words))
    at, buyers = page_number("".join(ctx.words[1:2])), card.back.snapshot.photos
    if not 1 <= at <= photo_count(card):
        raise NotFound("button_unknown")
    if at > len(buyers):
        photo = Photo("", card.packing_photos[at - len(buyers) - 1])
    else:
        photo = await ctx.services.photos.fetch_one(buyers[at - 1], card.shop)
    await reply(update, ctx, photo_screen(card, at, photo, ctx.text))
