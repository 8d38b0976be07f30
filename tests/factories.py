"""One builder per noun, with valid defaults: a household shop in Jakarta, on a Monday at noon there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from domain.catalogue import ListingState, Price
from domain.changes import Change, ChangeKind, ChangeState
from domain.chats import Chat, ChatState, View, Visitor
from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine
from domain.people import Member, Role
from domain.platform import ListingSnapshot, ListingVariantSnapshot
from domain.shops import Budget, Credentials, Environment, PlatformApp, Shop, ShopState

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SELLER = "5e11000000000001"
BOT = "770011"


def money(amount: str | int, currency: str = "IDR") -> Money:
    return Money(Decimal(amount), currency)


def price(listed: str | int = 129000, currency: str = "IDR", **changes: Any) -> Price:
    """Return a price without a promotion: buyers pay what is listed."""
    made = Price(listed=money(listed, currency), is_taxed=True, buyer_pays=money(listed, currency))
    return replace(made, **changes)


def variant_snapshot(
    external_id: str = "0", listed: str | int = 129000, currency: str = "IDR", **changes: Any
) -> ListingVariantSnapshot:
    made = ListingVariantSnapshot(
        external_id=external_id,
        name="",
        sku="LAMP-12W",
        price=price(listed, currency),
        available=40,
        reserved=0,
        is_sellable=True,
    )
    return replace(made, **changes)


def listing_snapshot(
    external_id: str = "900001", *variants: ListingVariantSnapshot, **changes: Any
) -> ListingSnapshot:
    """Return a listing with these variants, or with the one that a listing without variants has."""
    made = ListingSnapshot(
        external_id=external_id,
        title="Lampu LED E27 12W",
        state=ListingState.LISTED,
        raw_state="NORMAL",
        updated_at=NOW - DAY,
        image_url="",
        variants=variants or (variant_snapshot(),),
    )
    return replace(made, **changes)


def order_line(quantity: int = 1, each: str | int = 129000, **changes: Any) -> OrderLine:
    made = OrderLine(
        listing_external_id="900001",
        variant_external_id="0",
        unit_ids=("1",),
        title="Lampu LED E27 12W",
        variant_name="",
        sku="LAMP-12W",
        quantity=quantity,
        unit_price=money(each),
        list_price=money(each),
    )
    return replace(made, **changes)


def parcel(external_id: str = "OFG0001", **changes: Any) -> Parcel:
    held = ParcelLine("900001", "0", 1)
    return replace(Parcel(external_id, "LOGISTICS_READY", "J&T Express", "", (held,)), **changes)


def order_snapshot(
    number: str = "260302A1B2C3D4", status: OrderStatus = OrderStatus.TO_SHIP, **changes: Any
) -> OrderSnapshot:
    """Return an order placed, paid and last changed at noon; `digest` follows from all that is said of it."""
    made = OrderSnapshot(
        external_id=number,
        status=status,
        raw_status=status.upper(),
        placed_at=NOW,
        updated_at=NOW,
        currency="IDR",
        lines=(order_line(),),
        parcels=(),
        paid_at=None if status is OrderStatus.UNPAID else NOW,
        ship_by=NOW + DAY,
        total=money(129000),
        buyer_name="s***i",
        buyer_city="Bandung",
        courier="J&T Express",
    )
    made = replace(made, **changes)
    return made if made.digest else replace(made, digest=sha256(repr(made).encode()).hexdigest())


def platform_app(**changes: Any) -> PlatformApp:
    made = PlatformApp(
        id="ab00000000000001",
        platform="bazaar",
        environment=Environment.PRODUCTION,
        region="",
        key="2000001",
        secret="app-secret-0001",
        push_keys=("push-key-0001",),
        api_url="https://bazaar.invalid",
        auth_url="https://bazaar.invalid/auth",
        hook_url="https://storesync.invalid/hooks/bazaar/ab00000000000001",
        budget=Budget(10, 100),
    )
    return replace(made, **changes)


def credentials(**changes: Any) -> Credentials:
    made = Credentials("access-0001", "refresh-0001", NOW + 4 * HOUR, NOW + 30 * DAY)
    return replace(made, **changes)


def shop(**changes: Any) -> Shop:
    made = Shop(
        id="a100000000000001",
        seller_id=SELLER,
        app_id="ab00000000000001",
        platform="bazaar",
        environment=Environment.PRODUCTION,
        external_id="600011",
        name="Rumah Kita",
        region="ID",
        currency="IDR",
        state=ShopState.LINKED,
        is_simulated=False,
        linked_at=NOW - HOUR,
    )
    return replace(made, **changes)


def change(before: str | int = 129000, after: str | int = 119000, **changes: Any) -> Change:
    """Return a change that waits for somebody to approve it."""
    made = Change(
        id="c400000000000001",
        proposal_id="f400000000000001",
        seller_id=SELLER,
        shop_id="a100000000000001",
        kind=ChangeKind.PRICE,
        listing_variant_id="1500000000000001",
        before=money(before),
        after=money(after),
        state=ChangeState.PENDING,
        version=1,
        requested_by="4711",
        requested_at=NOW,
        expires_at=NOW + DAY,
    )
    return replace(made, **changes)


def member(role: Role = Role.OWNER, **changes: Any) -> Member:
    return replace(Member(SELLER, "4711", "Sari", role), **changes)


def visitor(role: Role = Role.OWNER, *, role_cap: Role = Role.OWNER) -> Visitor:
    return Visitor(
        Chat("cc00000000000001", BOT, 4711, "private", "Sari", ChatState.ACTIVE),
        View("fe00000000000001", "cc00000000000001", None, SELLER, role_cap, "en", "Asia/Jakarta"),
        member(role),
    )
