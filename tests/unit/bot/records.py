"""Builders of records as the services hand them out, with valid defaults: a lamp shop in Jakarta at 14:05."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.actions import ActionState
from domain.caps import Cap, Excess
from domain.catalogue import ListingState, ListingVariant, Price, Variant
from domain.changes import Change, ChangeKind, ChangeState
from domain.chats import Chat, ChatState, View, Visitor
from domain.money import Money
from domain.order_actions import ActionKind, FailureRate, OrderAction
from domain.orders import Order, OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine
from domain.pausing import Pause
from domain.people import Member, Role
from domain.platform import CancelReason
from domain.shops import Environment, Linking, LinkState, Shop, ShopState
from services.order_actions import CancelPlan
from services.views import (
    Home,
    LinkOffer,
    OrderCard,
    OrderFilter,
    OrderPage,
    OrderRow,
    Progress,
    Proposal,
    ProposedPrice,
    ShownVariant,
    VariantCard,
    VariantPage,
    VariantRow,
    Writes,
)

NOW = datetime(2026, 11, 11, 7, 5, tzinfo=UTC)
"""Wednesday, 14:05 in Jakarta."""
ZONE = "Asia/Jakarta"
SELLER = "5e11e5e11e5e11e5"
LAMP = "Lampu LED E27 12W"


def at(hours: float) -> datetime:
    """Return a moment so many hours from now."""
    return NOW + timedelta(hours=hours)


def idr(amount: int | str) -> Money:
    return Money(Decimal(amount), "IDR")


def visitor(role: Role = Role.OWNER, language: str = "en") -> Visitor:
    return Visitor(
        Chat("c0c0c0c0c0c0c0c0", "77", 4711, "private", "Sari", ChatState.ACTIVE),
        View("f1f1f1f1f1f1f1f1", "c0c0c0c0c0c0c0c0", None, SELLER, Role.OWNER, language, ZONE),
        Member(SELLER, "4711", "Sari", role),
    )


def shop(**changes: object) -> Shop:
    made = Shop(
        id="a1a1a1a1a1a1a1a1",
        seller_id=SELLER,
        app_id="ab00ab00ab00ab00",
        platform="shopee",
        environment=Environment.PRODUCTION,
        external_id="220000101",
        name="Rumah Kita",
        region="ID",
        currency="IDR",
        state=ShopState.LINKED,
        is_simulated=False,
        linked_at=at(-90),
        authorised_until=at(24 * 112),
        synced_at=at(0),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def line(title: str = LAMP, name: str = "Putih", quantity: int = 2, price: int = 29000) -> OrderLine:
    return OrderLine("900001", "1001", ("1",), title, name, "LED-12W-W", quantity, idr(price), idr(price))


def snapshot(**changes: object) -> OrderSnapshot:
    made = OrderSnapshot(
        external_id="2611110GAB12X",
        status=OrderStatus.TO_SHIP,
        raw_status="READY_TO_SHIP",
        placed_at=at(-0.6),
        updated_at=at(-0.5),
        currency="IDR",
        lines=(line(), line("Kabel USB-C 2 m", "", 1, 29000)),
        parcels=(),
        paid_at=at(-0.57),
        ship_by=at(1.92),
        total=idr(87000),
        buyer_name="s***a",
        buyer_city="Jakarta Selatan",
        buyer_note="tolong bubble wrap",
        courier="J&T Express",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def order_card(of: Shop | None = None, **changes: object) -> OrderCard:
    """Return a card; keyword arguments change the snapshot."""
    seen = snapshot(**changes)
    of = of or shop()
    order = Order("0d0d0d0d0d0d0d0d", SELLER, of.id, seen, at(-0.5), at(-0.5))
    return OrderCard(order, of, "AB12X", at(0))


def parcel() -> Parcel:
    return Parcel(
        "OFG1", "LOGISTICS_REQUEST_CREATED", "J&T", "JX0012344412", (ParcelLine("900001", "1001", 2),)
    )


def order_action(kind: ActionKind = ActionKind.CANCEL, **changes: object) -> OrderAction:
    """Return what waits to be sent."""
    made = OrderAction(
        "0ac70ac70ac70ac7", SELLER, "a1a1a1a1a1a1a1a1", "0d0d0d0d0d0d0d0d", kind,
        CancelReason.OUT_OF_STOCK if kind is ActionKind.CANCEL else None, "", ActionState.READY, 1, "4711", NOW, NOW,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def cancel_plan(**changes: object) -> CancelPlan:
    """Return what a cancellation would do to a shop that failed 41 of 1,000 orders."""
    rates = FailureRate(41, 1000), FailureRate(43, 1000)
    return replace(CancelPlan(CancelReason.OUT_OF_STOCK, 3, 3, *rates, 0), **changes)  # type: ignore[arg-type]


def order_row(number: str = "2611110GAB12X", **changes: object) -> OrderRow:
    made = OrderRow(
        order_id=f"{abs(hash(number)):016x}"[:16],
        number=number,
        tail=number[-5:],
        shop_name="Rumah Kita",
        status=OrderStatus.TO_SHIP,
        raw_status="READY_TO_SHIP",
        total=idr(87000),
        first_line=LAMP,
        units=2,
        more_lines=0,
        courier="J&T Express",
        placed_at=at(-0.6),
        ship_by=at(1.92),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def order_page(rows: tuple[OrderRow, ...], **changes: object) -> OrderPage:
    counts = dict.fromkeys(OrderFilter, 0) | {OrderFilter.TO_PACK: len(rows), OrderFilter.ALL: len(rows)}
    made = OrderPage(OrderFilter.TO_PACK, rows, counts, 1, 1, NOW, NOW, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def variant(**changes: object) -> Variant:
    made = Variant("beefbeefbeefbeef", SELLER, "LED-12W-W", LAMP, "Putih")
    return replace(made, **changes)  # type: ignore[arg-type]


def listed(**changes: object) -> ListingVariant:
    made = ListingVariant(
        id="1157115711571157",
        shop_id="a1a1a1a1a1a1a1a1",
        listing_id="1150115011501150",
        listing_external_id="900001",
        external_id="1001",
        variant_id="beefbeefbeefbeef",
        title=LAMP,
        name="Putih",
        sku="LED-12W-W",
        state=ListingState.LISTED,
        price=Price(idr(29000), is_taxed=True, buyer_pays=idr(29000)),
        available=3,
        reserved=0,
        image_url="",
        seen_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def on_sale(listed_at: int = 29000, pays: int = 24900, hours: float | None = 9.9) -> Price:
    """Return a price held by a promotion, locked for some hours."""
    locked = at(hours) if hours is not None else None
    return Price(idr(listed_at), is_taxed=True, buyer_pays=idr(pays), locked_until=locked)


def variant_card(*shown: ShownVariant, **changes: object) -> VariantCard:
    made = VariantCard(variant(), shown or (ShownVariant(shop(), listed()),), NOW, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def variant_row(number: int = 1, **changes: object) -> VariantRow:
    made = VariantRow(f"{number:016x}", LAMP, "Putih", "LED-12W-W", 3, 0, idr(29000), 1)
    return replace(made, **changes)  # type: ignore[arg-type]


def variant_page(rows: tuple[VariantRow, ...], **changes: object) -> VariantPage:
    made = VariantPage("", rows, len(rows), 0, 1, 1, NOW, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def change(state: ChangeState = ChangeState.PENDING, **changes: object) -> Change:
    made = Change(
        id="c4a9c4a9c4a9c4a9",
        proposal_id="9090909090909090",
        seller_id=SELLER,
        shop_id="a1a1a1a1a1a1a1a1",
        kind=ChangeKind.PRICE,
        listing_variant_id="1157115711571157",
        before=idr(29000),
        after=idr(26500),
        state=state,
        version=1,
        requested_by="4711",
        requested_at=at(-0.1),
        expires_at=at(23.9),
    )
    if state not in {ChangeState.PENDING, ChangeState.SUPERSEDED, ChangeState.EXPIRED}:
        made = replace(made, approved_by="42", decided_at=at(-0.05), version=2)
    if state is ChangeState.APPLIED:
        made = replace(made, ended_at=at(-0.04), version=4)
    return replace(made, **changes)  # type: ignore[arg-type]


def proposed(
    state: ChangeState = ChangeState.PENDING, price: Price | None = None, **changes: object
) -> ProposedPrice:
    return ProposedPrice(change(state, **changes), listed(**({"price": price} if price else {})), shop())


def proposal(*prices: ProposedPrice, **changes: object) -> Proposal:
    prices = prices or (proposed(),)
    made = Proposal(
        id="9090909090909090",
        variant=variant(),
        prices=prices,
        version=sum(each.change.version for each in prices),
        needs_typing=False,
        can_be_undone=False,
        requested_by="4711",
        requested_by_name="Sari",
        decided_by_name="Ann" if any(each.change.approved_by for each in prices) else "",
        is_demo=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def beyond(reached: int | str = -35, cap: Cap = Cap.CHANGE, limit: int = 30) -> Excess:
    return Excess(cap, Decimal(reached), Decimal(limit))


def writes(**changes: object) -> Writes:
    made = Writes(None, (shop(),), 0, 0, 0, 0, 0, 0, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def pause(by: str = "4712", name: str = "Ann") -> Pause:
    return Pause(at(-0.5), by, name)


def home(**changes: object) -> Home:
    made = Home((shop(),), (idr(812000),), 27, 11, at(0.92), 2, 4, NOW, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def linking(**changes: object) -> Linking:
    made = Linking(
        id="11ce11ce11ce11ce",
        seller_id=SELLER,
        view_id="f1f1f1f1f1f1f1f1",
        user_id="4711",
        app_id="ab00ab00ab00ab00",
        platform="shopee",
        region="ID",
        state=LinkState.STARTED,
        message_id=None,
        expires_at=at(0.25),
        shop_external_id="220000101",
        shop_name="Rumah Kita",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def offer() -> LinkOffer:
    return LinkOffer(linking(), "https://shops.example/connect/abc", at(0.25), "Shopee")


def progress(percent: int = 62, of: Shop | None = None) -> Progress:
    return Progress(of or shop(), 484, 1920, percent, percent == 100, 38.4)
