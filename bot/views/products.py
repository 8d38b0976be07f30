"""Products: the list, and one listing with its picture and its variants by tier."""

from dataclasses import dataclass, replace

from bot.callbacks import Place, fitting, pack, room
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import filled, home_row, leads, pager
from domain.catalogue import ListingState, ListingVariant
from domain.listing_changes import LISTED, UNLISTED
from domain.money import Money
from services.photos import Photo
from services.products import (
    PAGE,
    OptionGroup,
    ProductCard,
    ProductFilter,
    ProductPage,
    ProductQuery,
    ProductRow,
)
from services.reviews import ReviewFilter

SHOWN = 6
"""So many variants, or groups of them, on one page of a card: a caption is short."""
CELLS = 5
SKU_COLUMNS = 14
_LABEL_COLUMNS = 20
_SHOP_LETTERS = 6
_PAGE_DIGITS = 9999
_ID = "0" * 16
WORDS_BYTES = room(Place.PRODUCTS, _PAGE_DIGITS, "a", _ID[:_SHOP_LETTERS])
"""How many bytes of search words the pages can carry in their buttons; longer ones are cut at the start."""

_FILTERS = {
    ProductFilter.ALL: labels.ALL,
    ProductFilter.LISTED: labels.ON_SALE,
    ProductFilter.UNLISTED: labels.HIDDEN,
    ProductFilter.SOLD_OUT: labels.SOLD_OUT,
    ProductFilter.LOW: labels.LOW,
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The variants of one first option, as one line: each further option with its units."""

    option: str
    cells: tuple[tuple[str, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class VariantLine:
    name: str
    units: int
    price: Money
    sku: str


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where on a card we are: its group (0: none chosen), the page, and the list it was opened from."""

    group: int = 0
    page: int = 1
    came_from: tuple[str, ...] = ()


def products_screen(page: ProductPage, text: Renderer, *, may_price: bool = False) -> Screen:
    """Show one page of listings; the keyboard keeps its shape on every page of a list."""
    shown = text.render(
        "products/list.html.j2",
        page=page,
        kind=page.query.filter.value,
        with_shop=len(page.shops) > 1 and page.shop is None,
    )
    openers = [_opener(at, row, page) for at, row in enumerate(page.rows, 1)]
    rows = (
        *filled(openers, len(openers) if page.pages < 2 else PAGE, 2),
        *pager(text, page.page, page.pages, lambda to: pack(Place.PRODUCTS, *_parts(page.query, to))),
        *_filters(page, text, may_price=may_price),
        home_row(text, leads(text, labels.REFRESH, Place.PRODUCTS, *_parts(page.query, page.page))),
    )
    return Screen(shown, rows)


def product_screen(
    card: ProductCard,
    text: Renderer,
    *,
    may_price: bool,
    at: CardPlace,
    photo: Photo | None = None,
    may_edit: bool = False,
) -> Screen:
    """Show one listing: alone, its variants, or where there are two tiers its first options."""
    look = _look_at(card, at)
    prices = [each.price.listed for each in look.variants]
    units = [each.available for each in look.variants]
    shown = text.render(
        "products/card.html.j2",
        card=card,
        mark=_mark(card.listing.state, sum(units)),
        group=look.group,
        is_boosted=card.listing.is_boosted(text.now()) and not look.group,
        available=sum(units),
        total=len(units),
        sold_out=sum(each <= 0 for each in units),
        low=min(prices, default=None),
        high=max(prices, default=None),
        alone=look.alone,
        groups=list(enumerate(map(_group_line, look.groups), look.first + 1)),
        lines=list(enumerate((_variant_line(each, look) for each in look.lines), look.first + 1)),
    )
    rows = (
        *_inside(card, look, text, may_price=may_price),
        *(() if look.group else _edits(card, text, may_edit=may_edit)),
        *pager(text, look.place.page, look.pages, lambda to: _to_card(card, replace(look.place, page=to))),
        home_row(text, _back(card, look.place, text)),
    )
    return Screen(shown, rows, photo=photo if photo and (photo.file_id or photo.content) else None)


@dataclass(frozen=True, slots=True)
class _Look:
    """What of a card is on one page of it: one variant, some variants, or some first options."""

    place: CardPlace
    pages: int
    first: int
    group: str
    variants: tuple[ListingVariant, ...]
    alone: ListingVariant | None
    groups: tuple[OptionGroup, ...]
    lines: tuple[ListingVariant, ...]


def picture_of(card: ProductCard, at: CardPlace) -> str:
    """Return the address of the picture of what is shown: of a colour where one is chosen, else the listing's own."""
    look = _look_at(card, at)
    pictures = (each.image_url for each in look.variants if look.group and each.image_url)
    return next(pictures, card.listing.image_url)


def _look_at(card: ProductCard, at: CardPlace) -> _Look:
    groups = card.groups
    chosen = groups[at.group - 1] if 0 < at.group <= len(groups) else None
    variants = chosen.variants if chosen else card.variants
    is_overview = bool(groups) and chosen is None
    pages = max(1, -(-len(groups if is_overview else variants) // SHOWN))
    page = min(max(at.page, 1), pages)
    first = (page - 1) * SHOWN
    alone = card.variants[0] if len(card.variants) == 1 else None
    return _Look(
        place=CardPlace(at.group if chosen else 0, page, at.came_from),
        pages=pages,
        first=first,
        group=chosen.option if chosen else "",
        variants=variants,
        alone=alone,
        groups=groups[first : first + SHOWN] if is_overview and not alone else (),
        lines=() if alone or is_overview else variants[first : first + SHOWN],
    )


def _inside(card: ProductCard, look: _Look, text: Renderer, *, may_price: bool) -> Rows:
    """Return the buttons to what is inside: the one variant, those of this page, or the first options."""
    if look.alone:
        stock = Button(text.label(labels.STOCK), _to_variant(card, look.alone, look.place))
        price = Button(
            text.label(labels.CHANGE_PRICE), pack(Place.NEW_PRICE, look.alone.variant_id), style="primary"
        )
        return ((price, stock) if may_price else (stock,),)
    openers = [
        Button(_numbered(at, each.option), _to_card(card, CardPlace(at, 1, look.place.came_from)))
        for at, each in enumerate(look.groups, look.first + 1)
    ] or [
        Button(_numbered(at, _told_by(each, look)), _to_variant(card, each, look.place))
        for at, each in enumerate(look.lines, look.first + 1)
    ]
    return filled(openers, SHOWN if look.pages > 1 else len(openers), 2)


def _edits(card: ProductCard, text: Renderer, *, may_edit: bool) -> Rows:
    """Return the buttons that lead to a change, each of which asks before anything is sent, and to the reviews."""
    listing = card.listing.id
    reviews = leads(text, labels.REVIEWS, Place.REVIEWS, 1, ReviewFilter.ALL, listing)
    if not may_edit or not card.can_be_edited:
        return ((reviews,),)
    boost = (leads(text, labels.BOOST, Place.BOOST, listing),) if card.can_be_boosted else ()
    is_shown = card.listing.state is ListingState.LISTED
    label, to = (labels.HIDE_PRODUCT, UNLISTED) if is_shown else (labels.SELL_PRODUCT, LISTED)
    edit = leads(text, labels.EDIT_PRODUCT, Place.EDIT_PRODUCT, listing)
    return ((edit, leads(text, label, Place.SHOW_PRODUCT, listing, to)), (*boost, reviews))


def _group_line(group: OptionGroup) -> GroupLine:
    cells = tuple((each.options[1], each.available) for each in group.variants[:CELLS])
    return GroupLine(group.option, cells, len(group.variants[CELLS:]))


def _variant_line(each: ListingVariant, look: _Look) -> VariantLine:
    sku = each.sku if columns(each.sku) <= SKU_COLUMNS else ""  # half a code names nothing
    return VariantLine(_told_by(each, look), each.available, each.price.listed, sku)


def _told_by(each: ListingVariant, look: _Look) -> str:
    """Return what tells a variant from its neighbours: inside a group only its second option."""
    if look.group and len(each.options) > 1:
        return ", ".join(each.options[1:])
    return each.name or each.sku or each.external_id


def _numbered(at: int, told_by: str) -> str:
    number = str(at)
    return f"{number} · {cut(told_by, _LABEL_COLUMNS - columns(number) - 3)}"


def _mark(state: ListingState, available: int) -> str:
    if state is ListingState.BANNED:
        return "🔴"
    if state is not ListingState.LISTED:
        return "🟡"
    return "🟢" if available > 0 else "🔴"


def _opener(at: int, row: ProductRow, page: ProductPage) -> Button:
    place = CardPlace(came_from=_parts(page.query, page.page))
    return Button(_numbered(at, row.head.listing.title), _to(row.head.listing.id, place))


def _filters(page: ProductPage, text: Renderer, *, may_price: bool) -> Rows:
    """Return the lists to choose from, the chosen one marked, and what is done with one: its prices, its shop."""
    buttons = []
    for kind, label in _FILTERS.items():
        mark = "•" if kind is page.query.filter else ""
        to = replace(page.query, filter=kind)
        buttons.append(Button(f"{mark}{text.label(label)}", pack(Place.PRODUCTS, *_parts(to, 1))))
    acts = [_shop_button(page, text)] if len(page.shops) > 1 else []
    if may_price and page.total:
        acts = [leads(text, labels.CHANGE_PRICES, Place.BULK_OVER, *_parts(page.query, 1)[1:]), *acts]
    return (tuple(buttons[:3]), tuple(buttons[3:]), *((tuple(acts),) if acts else ()))


def _shop_button(page: ProductPage, text: Renderer) -> Button:
    """Return the button that goes from all shops to the first, from each to the next, and back to all."""
    at = page.shops.index(page.shop) + 1 if page.shop else 0
    onward = page.shops[at] if at < len(page.shops) else None
    label = text.label(labels.ALL_SHOPS) if onward is None else cut(onward.name, _LABEL_COLUMNS)
    query = replace(page.query, shop=onward.id if onward else "")
    return Button(label, pack(Place.PRODUCTS, *_parts(query, 1)))


def _parts(query: ProductQuery, page: int) -> tuple[str, ...]:
    """Return the parts of a button's data that lead to this page of this list."""
    words = fitting(query.words, WORDS_BYTES)
    return (str(page), query.filter.value, query.shop[:_SHOP_LETTERS], *((words,) if words else ()))


def _to_card(card: ProductCard, place: CardPlace) -> str:
    return _to(card.listing.id, place)


def _to(listing_id: str, place: CardPlace) -> str:
    about = (listing_id, place.group, place.page)
    return pack(Place.PRODUCT, *about, *_fitting(Place.PRODUCT, about, place.came_from))


def _to_variant(card: ProductCard, each: ListingVariant, place: CardPlace) -> str:
    about = (each.variant_id, card.listing.id, place.group, place.page)
    return pack(Place.PRODUCT_VARIANT, *about, *_fitting(Place.PRODUCT_VARIANT, about, place.came_from))


def _fitting(place: Place, about: tuple[object, ...], came_from: tuple[str, ...]) -> tuple[str, ...]:
    """Return the way back to the list, without its search words where they leave no room."""
    for kept in (came_from, came_from[:3]):
        try:
            pack(place, *about, *kept)
        except ValueError:
            continue
        return kept
    return ()


def _back(card: ProductCard, place: CardPlace, text: Renderer) -> Button:
    if place.group:
        return Button(text.label(labels.BACK), _to_card(card, CardPlace(came_from=place.came_from)))
    return leads(text, labels.BACK, Place.PRODUCTS, *place.came_from)
