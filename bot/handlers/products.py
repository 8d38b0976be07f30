"""/products: what the shops offer, page by page, and one product with its picture."""

from telegram import Update

from bot.callbacks import Place, fitting
from bot.context import Ctx
from bot.handlers.stock import show_variant
from bot.reply import reply
from bot.screen import Screen
from bot.views.products import WORDS_BYTES, CardPlace, picture_of, product_screen, products_screen
from bot.words import one, packed_number, page_number, product_list
from domain.people import Role
from services.photos import Photo
from services.products import ProductCard, ProductQuery


async def show_products(update: Update, ctx: Ctx) -> None:
    """Answer /products [words] with the listings by title."""
    words = fitting(" ".join(ctx.words), WORDS_BYTES)
    await _list(update, ctx, ProductQuery(words=words))


async def turn_products(update: Update, ctx: Ctx) -> None:
    """Show the page of the list that a button names."""
    await _list(update, ctx, *product_list(ctx.words))


async def open_product(update: Update, ctx: Ctx) -> None:
    """Show a product. A picture that Telegram has not seen yet follows the words as soon as it is here."""
    at = _place(ctx.words)
    card = await ctx.services.products.card(ctx.visitor, one(ctx.words))
    photos, url = ctx.services.photos, picture_of(card, at)
    photo = await photos.known(ctx.visitor, ctx.bot_id, card.listing, url)
    of_all = photo if photo and photo.file_id else await photos.known(ctx.visitor, ctx.bot_id, card.listing)
    shown = await reply(update, ctx, _drawn(ctx, card, at, of_all))
    if photo is None and shown is not None:
        photo = await photos.fetch(card.listing, card.shop, url)
        screen = _drawn(ctx, card, at, photo)
        if screen.photo:
            await reply(update, ctx, screen, into=shown)
        await photos.keep(ctx.visitor, ctx.bot_id, card.listing, photo)
    elif photo and photo.is_refused:
        await photos.keep(ctx.visitor, ctx.bot_id, card.listing, photo)


async def open_variant(update: Update, ctx: Ctx) -> None:
    """Show the stock card of a product's variant; Back leads to the product."""
    await show_variant(update, ctx, one(ctx.words), (Place.PRODUCT, *ctx.words[1:]))


async def _list(update: Update, ctx: Ctx, query: ProductQuery, at: int = 1) -> None:
    page = await ctx.services.products.page(ctx.visitor, query, at)
    await reply(update, ctx, products_screen(page, ctx.text, may_price=ctx.visitor.role.may(Role.PACKER)))


def _drawn(ctx: Ctx, card: ProductCard, at: CardPlace, photo: Photo | None) -> Screen:
    role = ctx.visitor.role
    may_price, may_edit = role.may(Role.PACKER), role.may(Role.MANAGER)
    return product_screen(card, ctx.text, may_price=may_price, may_edit=may_edit, at=at, photo=photo)


def _place(words: tuple[str, ...]) -> CardPlace:
    group, page = ("".join(words[at : at + 1]) for at in (1, 2))
    return CardPlace(packed_number(group or "0"), page_number(page), words[3:])
