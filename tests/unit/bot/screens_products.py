"""The screens of products: lists in every state, a listing alone, with one tier, with two."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views.errors import error_screen
from bot.views.product_edits import ask_edit_screen, choose_edit_screen, edit_screen
from bot.views.products import CardPlace, product_screen, products_screen
from domain.catalogue import Listing, ListingState, ListingVariant
from domain.changes import ChangeState
from domain.errors import InputError
from domain.listing_changes import ListingChange, ListingField
from domain.shops import Shop
from services.listing_edits import ListingEdit
from services.products import ProductCard, ProductFilter, ProductPage, ProductQuery, ProductRow
from storage.repositories.listings import ListingHead
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]
OTHER = r.shop(id="b2b2b2b2b2b2b2b2", name="RK Official")
SHIRT = "0000000000115715"


def listing(**changes: object) -> Listing:
    made = Listing(
        SHIRT, "a1a1a1a1a1a1a1a1", "900001", r.LAMP, ListingState.LISTED, "NORMAL", "", (), r.at(-0.2)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sold(at: int = 1, *options: str, units: int = 3, price: int = 29000, sku: str = "LED") -> ListingVariant:
    return replace(
        r.listed(price=r.on_sale(price, price, None)),
        id=f"{at:016x}",
        variant_id=f"{at:016x}",
        name=", ".join(options),
        options=options,
        available=units,
        reserved=0,
        sku=f"{sku}-{at}" if sku else "",
    )


def card(*variants: ListingVariant, shop: Shop | None = None, **changes: object) -> ProductCard:
    return ProductCard(listing(**changes), shop or r.shop(), variants, 0, 0)


def one_tier(count: int = 3) -> ProductCard:
    colours = [sold(at, f"Warna {at}", units=at % 3, price=29000 + at) for at in range(1, count + 1)]
    return card(*colours, tiers=("Warna",))


def two_tiers(colours: int = 3, sizes: int = 4) -> ProductCard:
    made = [
        sold(colour * 100 + size, f"Warna {colour}", f"{36 + size}", units=size, price=29000 + size)
        for colour in range(1, colours + 1)
        for size in range(sizes)
    ]
    return card(*made, tiers=("Warna", "Ukuran"), title="Kaos Polos Katun Combed 30s Lengan Pendek")


def row(at: int = 1, shop: Shop | None = None, **changes: object) -> ProductRow:
    made = ListingHead(listing(id=f"{at:016x}"), 6, 2, 42, r.idr(29000), r.idr(45000))
    return ProductRow(replace(made, **changes), shop or r.shop())  # type: ignore[arg-type]


def page(*rows: ProductRow, query: ProductQuery | None = None, **changes: object) -> ProductPage:
    made = ProductPage(
        query=query or ProductQuery(),
        rows=rows,
        shops=(r.shop(),),
        shop=None,
        total=len(rows),
        page=1,
        pages=1,
        as_of=r.at(0),
        is_demo=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _card(of: ProductCard, *, may_price: bool = True, at: CardPlace | None = None) -> Draw:
    return lambda text: product_screen(of, text, may_price=may_price, at=at or CardPlace())


def _page(of: ProductPage) -> Draw:
    return lambda text: products_screen(of, text)


TICKET = "c1:" + "A" * 22
CHANGE = "c4a9c4a9c4a9c4a9"


def edit(
    state: ChangeState = ChangeState.PENDING,
    shop: Shop | None = None,
    *,
    undo: bool = False,
    **changes: object,
) -> ListingEdit:
    made = ListingChange(
        id=CHANGE,
        seller_id=r.SELLER,
        shop_id="a1a1a1a1a1a1a1a1",
        listing_id=SHIRT,
        field=ListingField.TITLE,
        before=r.LAMP,
        after="Lampu LED hemat energi",
        state=state,
        version=2,
        requested_by="4711",
        requested_at=r.at(-0.01),
        expires_at=r.at(24),
        ended_at=r.NOW if state is ChangeState.APPLIED else None,
    )
    return ListingEdit(replace(made, **changes), listing(), shop or r.shop(), "Sari", undo)  # type: ignore[arg-type]


def draw_edit(of: ListingEdit, ticket: str = "") -> Draw:
    return lambda text: edit_screen(of, ticket, text, may_edit=True)


def _refused(reason: str) -> Draw:
    return draw_edit(edit(ChangeState.FAILED, reason=reason))


EDITABLE = replace(card(sold()), can_be_edited=True)

EDITS: dict[str, Draw] = {
    "product of a manager": lambda text: product_screen(
        EDITABLE, text, may_price=True, may_edit=True, at=CardPlace()
    ),
    "hidden product of a manager": lambda text: product_screen(
        replace(EDITABLE, listing=listing(state=ListingState.UNLISTED)),
        text,
        may_price=True,
        may_edit=True,
        at=CardPlace(),
    ),
    "edit choice": lambda text: choose_edit_screen(EDITABLE, text),
    **{
        f"edit question {field}": lambda text, field=field: ask_edit_screen(EDITABLE, field, text)  # type: ignore[misc]
        for field in ListingField
        if field not in {ListingField.SHOWN, ListingField.BOOST}
    },
    "edit question, known": lambda text: ask_edit_screen(
        card(sold(), description="Hemat energi. " * 90, tiers=("Warna",)), ListingField.DESCRIPTION, text
    ),
    "edit question, weight of many": lambda text: ask_edit_screen(
        card(sold(), weight="0.25", tiers=("Warna",)), ListingField.WEIGHT, text
    ),
    **{f"edit {state}": draw_edit(edit(state)) for state in ChangeState},
    **{f"edit {field}": draw_edit(edit(field=field), TICKET) for field in ListingField},
    "edit to hide": draw_edit(edit(field=ListingField.SHOWN, before="listed", after="unlisted"), TICKET),
    "edit to show": draw_edit(edit(field=ListingField.SHOWN, before="unlisted", after="listed"), TICKET),
    "edit live": draw_edit(edit(ChangeState.APPLIED, r.shop(is_simulated=True), undo=True)),
    "edit tried again": draw_edit(edit(ChangeState.APPROVED, attempts=1, reason="platform_unavailable")),
    "edit overtaken": draw_edit(edit(ChangeState.CONFLICT, seen_value="Lampu LED HEMAT")),
    "edit of a SKU away": draw_edit(edit(field=ListingField.SKU, before="", after=""), TICKET),
    **{
        f"edit refused {reason}": _refused(reason)
        for reason in (
            "in_promotion", "not_editable", "not_taken", "not_found", "listing_gone", "shop_restricted",
            "token_revoked", "other", "no_effect",
        )
    },
    **{
        f"error {code}": lambda text, code=code: error_screen(InputError(code), text)  # type: ignore[misc]
        for code in (
            "edit_empty", "edit_too_long", "edit_no_change", "edit_not_a_weight", "edit_not_now",
        )
    },
}  # fmt: skip

PRODUCTS: dict[str, Draw] = EDITS | {
    "products": _page(page(*(row(at) for at in range(5)), total=150, pages=30, page=3)),
    "products of two shops": _page(
        page(row(1), row(2, OTHER, low=None, high=None, variants=0, available=0), shops=(r.shop(), OTHER))
    ),
    "products of the last shop": _page(
        page(
            row(1, OTHER, high=r.idr(29000), variants=1),
            query=ProductQuery(shop=OTHER.id),
            shops=(r.shop(), OTHER),
            shop=OTHER,
            is_demo=True,
        )
    ),
    "products, one": _page(page(row(1, variants=1, available=0, sold_out=1))),
    "products found": _page(page(row(), row(2), query=ProductQuery(words="lampu putih"))),
    "products not found": _page(page(query=ProductQuery(words="kulkas"))),
    "product found": _page(page(row(), query=ProductQuery(words="lampu"))),
    "products, none": _page(page(shops=())),
    **{
        f"products {kind.name}": _page(page(row(), query=ProductQuery(kind)))
        for kind in ProductFilter
    },
    **{
        f"product {state}": _card(card(sold(), state=state)) for state in ListingState
    },
    "product alone": _card(
        card(replace(sold(), reserved=2, price=replace(r.listed().price, buyer_pays=r.idr(24900))))
    ),
    "product locked": _card(
        card(
            replace(
                sold(),
                price=replace(r.listed().price, buyer_pays=r.idr(24900), locked_until=r.at(9)),
            ),
            shop=r.shop(is_simulated=True),
        )
    ),
    "product of a viewer": _card(card(sold(sku="")), may_price=False),
    "product without variants": _card(card()),
    "product sold out": _card(card(sold(units=0))),
    "product of a silent shop": _card(card(sold(), shop=r.shop(trouble="platform_unavailable"))),
    "product of one tier": _card(one_tier()),
    "product of one tier, many": _card(one_tier(24), at=CardPlace(0, 2, ("3", "a", "a1a1a1", "lampu"))),
    "product of two tiers": _card(two_tiers()),
    "product of two tiers, many": _card(two_tiers(9, 8), at=CardPlace(0, 2)),
    "product, one first option": _card(two_tiers(9, 8), at=CardPlace(2, 2, ("3", "s", "", "lampu"))),
    "product, one number on its way": _card(replace(one_tier(), on_its_way=1, refused=1)),
    "product, some numbers on their way": _card(replace(one_tier(), on_its_way=3, refused=2)),
}  # fmt: skip
