"""From Lazada's words about goods and orders to ours. Pure: no I/O, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from adapters.kit.client import decode
from adapters.kit.holdings import Holding
from adapters.lazada import statuses, wire
from domain.catalogue import PlacedUnits, Price
from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine, ParcelState
from domain.platform import ListingSnapshot, ListingVariantSnapshot

SELLERS_OWN = "SELLER_OWN_FLEET"
"""What is sent so has no label, and its delivery would have to be reported."""
STANDARD = "STANDARD"
_INSTANT = "INSTANT"
_ON_DELIVERY = "COD"
_SALE_TIME = "%Y-%m-%d %H:%M"
_ORDER_TIME = "%Y-%m-%d %H:%M:%S %z"


def holding(sku: wire.Sku) -> Holding:
    """Read what a SKU holds for sale; what is withheld or occupied for orders is not part of it."""
    places = {each.code: each.sellable for each in sku.places or () if each.sellable is not None}
    total = sum(places.values()) if places else sku.quantity or 0
    return Holding(total, places)


def listing(product: wire.Product, currency: str, zone: str, now: datetime) -> ListingSnapshot:
    """Read a product with what its SKUs cost and hold."""
    told = product.attributes or {}
    tiers = [each for _, each in sorted((product.variation or {}).items())]
    moved = product.updated_time or product.updated_time_too
    if not product.id or moved is None:
        raise ValueError("a product without its number or time")
    return ListingSnapshot(
        external_id=product.id,
        title=_text(told, "name") or _text(told, "name_en"),
        state=statuses.listing_state(product.status),
        raw_state=product.status,
        updated_at=datetime.fromtimestamp(int(moved) / 1000, UTC),
        image_url=next(iter(product.images or ()), ""),
        variants=tuple(_variant(sku, tiers, currency, zone, now) for sku in product.skus),
        tiers=tuple(each.label or each.name or "" for each in tiers),
        category=str(product.primary_category or ""),
        description=_text(told, "description"),
        weight=next((str(sku.package_weight) for sku in product.skus if sku.package_weight), ""),
    )


def _text(told: dict[str, msgspec.Raw], name: str) -> str:
    if name not in told:
        return ""
    value = decode(told[name], object)
    return value if isinstance(value, str) else ""


def _variant(
    sku: wire.Sku, tiers: Sequence[wire.Variation], currency: str, zone: str, now: datetime
) -> ListingVariantSnapshot:
    chosen = sku.sale_prop or {}
    options = tuple(str(value) for each in tiers if (value := chosen.get(each.name or "")) is not None)
    kept = sum(each.sellable or 0 for each in sku.channels or ())
    return ListingVariantSnapshot(
        external_id=str(sku.id),
        name=", ".join(options),
        sku=sku.seller_sku or "",
        price=_price(sku, currency, zone, now),
        available=max(0, holding(sku).total - kept),
        reserved=kept,
        is_sellable=(sku.status or "active").lower() == "active",
        image_url=next(iter(sku.images or ()), ""),
        options=options,
        places=_places(holding(sku)),
    )


def _places(held: Holding) -> tuple[PlacedUnits, ...]:
    """Return how many lie where, for a shop with several warehouses."""
    return tuple(PlacedUnits(*each) for each in held.places.items()) if len(held.places) > 1 else ()


def _price(sku: wire.Sku, currency: str, zone: str, now: datetime) -> Price:
    """Read a price and what a sale makes of it now; a sale does not hold the price fast."""
    listed = money(sku.price, currency)
    is_on_sale = bool(sku.special_price) and _runs(sku, zone, now)
    pays = money(sku.special_price or sku.price, currency) if is_on_sale else listed
    return Price(listed=listed, is_taxed=True, buyer_pays=pays)


def _runs(sku: wire.Sku, zone: str, now: datetime) -> bool:
    start, end = (_sale_moment(each, zone) for each in (sku.special_from_time, sku.special_to_time))
    return (start is None or start <= now) and (end is None or now <= end)


def _sale_moment(written: str | None, zone: str) -> datetime | None:
    if not written:
        return None
    return datetime.strptime(written[:16], _SALE_TIME).replace(tzinfo=ZoneInfo(zone))


@dataclass(slots=True)
class _Folded:
    """Units of one SKU at one price: the line that they are for us."""

    first: wire.Unit
    ids: list[str] = field(default_factory=list)
    cancelled: int = 0


@dataclass(slots=True)
class Group:
    """Units that travel together: packed into one package, or of one kind and place before that.

    It keeps the number of its first unit all its life, since a package has none until it is packed.
    """

    package: str
    units: list[wire.Unit]

    @property
    def id(self) -> str:
        return str(min(int(each.order_item_id) for each in self.units))

    @property
    def live(self) -> list[wire.Unit]:
        return [each for each in self.units if each.status != statuses.CANCELLED_UNIT]

    @property
    def word(self) -> str:
        return statuses.rolled_up([each.status for each in self.units])

    @property
    def first(self) -> wire.Unit:
        return next(iter(self.live), self.units[0])

    @property
    def kind(self) -> str:
        return SELLERS_OWN if is_yes(self.first.delivery_option_sof) else _kind(self.first)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the platform's warehouse sends it, or nobody, since it is nothing to touch."""
        return is_yes(self.first.is_fbl) or is_yes(self.first.is_digital)


def is_yes(told: object) -> bool:
    return told in wire.MAYBE


def _kind(unit: wire.Unit) -> str:
    return unit.shipping_provider_type or STANDARD


def groups(units: Sequence[wire.Unit]) -> list[Group]:
    """Tell the units of an order apart by how they travel; what was cancelled stays with what it was bought with."""
    found: dict[tuple[str, str, str], Group] = {}
    cancelled = []
    for unit in units:
        if unit.status == statuses.CANCELLED_UNIT:
            cancelled.append(unit)
            continue
        lane = (_kind(unit), unit.warehouse_code or "")
        found.setdefault((unit.package_id or "", *lane), Group(unit.package_id or "", [])).units.append(unit)
    for unit in cancelled:
        lane = (_kind(unit), unit.warehouse_code or "")
        kin = [group for key, group in found.items() if key[1:] == lane]
        group = kin[0] if kin else found.setdefault(("", *lane), Group("", []))
        group.units.append(unit)
    return list(found.values())


def order(head: wire.Order, units: Sequence[wire.Unit], currency: str) -> OrderSnapshot:
    """Read an order off its head and its units, with a digest over all that we keep of it."""
    currency = next((each.currency for each in units if each.currency), currency)
    word = statuses.rolled_up([each.status for each in units])
    # The head may have been read a little earlier than the units: these know best who waits for an answer.
    is_asked = any(is_yes(each.need_cancel_confirm) for each in units)
    status = statuses.order_status(word, is_cancel_asked=is_asked)
    cancelled = [each for each in units if each.status == statuses.CANCELLED_UNIT]
    address = head.address_shipping or wire.Address()
    parcels = tuple(_parcel(each) for each in groups(units))
    snapshot = OrderSnapshot(
        external_id=str(head.order_id),
        status=status,
        raw_status=word,
        placed_at=moment(head.created_at),
        updated_at=max(moment(each) for each in [head.updated_at, *(unit.updated_at for unit in units)]),
        currency=currency,
        lines=_lines(units, currency, goes_on=status is not OrderStatus.CANCELLED),
        parcels=parcels,
        paid_at=max((_paid(each) for each in units if each.payment_time), default=None),
        ship_by=min((moment(each.sla_time_stamp) for each in units if each.sla_time_stamp), default=None),
        total=_total(head, currency),
        buyer_name=" ".join(part for part in (address.first_name, address.last_name) if part),
        buyer_city=address.city or address.address4 or "",
        buyer_note=head.buyer_note or "",
        payment_method=head.payment_method or "",
        courier=next((each.courier for each in parcels if each.courier), ""),
        is_cod=(head.payment_method or "").upper() == _ON_DELIVERY,
        cancelled_by=_who(cancelled) if status is OrderStatus.CANCELLED else "",
        cancel_reason=_why(cancelled) if status is OrderStatus.CANCELLED else "",
    )
    if not snapshot.lines:
        raise ValueError("an order without lines")
    return replace(snapshot, digest=sha256(msgspec.json.encode(snapshot)).hexdigest())


def _total(head: wire.Order, currency: str) -> Money | None:
    """Return what the buyer pays: the price is told before vouchers and without the shipping."""
    if head.price is None:
        return None
    return money(head.price - (head.voucher or 0) + (head.shipping_fee or 0), currency)


def _who(cancelled: Iterable[wire.Unit]) -> str:
    return next(
        (word for each in cancelled if (word := statuses.who(each.cancel_return_initiator or ""))), ""
    )


def _why(cancelled: Iterable[wire.Unit]) -> str:
    return statuses.cancel_reason(next((each.reason for each in cancelled if each.reason), ""))


def _lines(units: Sequence[wire.Unit], currency: str, *, goes_on: bool) -> tuple[OrderLine, ...]:
    """Fold units into lines: of an order that goes on what is to be sent, of one that does not what was bought."""
    folded: dict[tuple[str, str, Decimal], _Folded] = {}
    for unit in units:
        line = folded.setdefault((str(unit.product_id), str(unit.sku_id), unit.item_price), _Folded(unit))
        if goes_on and unit.status == statuses.CANCELLED_UNIT:
            line.cancelled += 1
        else:
            line.ids.append(str(unit.order_item_id))
    return tuple(_line(each, currency) for each in folded.values() if each.ids)


def _line(folded: _Folded, currency: str) -> OrderLine:
    unit = folded.first
    price = money(unit.item_price, currency)
    return OrderLine(
        listing_external_id=str(unit.product_id),
        variant_external_id=str(unit.sku_id),
        unit_ids=tuple(folded.ids),
        title=unit.name or "",
        variant_name=unit.variation or "",
        sku=unit.sku or "",
        quantity=len(folded.ids),
        unit_price=price,
        list_price=price,
        image_url=unit.product_main_image or "",
        cancelled=folded.cancelled,
    )


def _parcel(group: Group) -> Parcel:
    first = group.first
    counted: dict[tuple[str, str], int] = {}
    for unit in group.live:
        key = (str(unit.product_id), str(unit.sku_id))
        counted[key] = counted.get(key, 0) + 1
    state = statuses.parcel_state(group.word)
    is_due = state is ParcelState.TO_ARRANGE
    return Parcel(
        external_id=group.id,
        raw_status=group.word,
        courier=first.shipment_provider or "",
        tracking_number=first.tracking_code or "",
        lines=tuple(ParcelLine(product, sku, count) for (product, sku), count in counted.items()),
        state=ParcelState.WAITING if is_due and group.is_elsewhere else state,
        courier_id=group.kind,
        place=first.warehouse_code or "",
        is_instant=group.kind == _INSTANT,
    )


def exact(amount: Decimal) -> Decimal:
    """Return the same number written the shortest way: 66000 for 66000.00, 12.5 for 12.50."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def money(amount: Decimal, currency: str) -> Money:
    return Money(exact(amount), currency)


def moment(written: str | None) -> datetime:
    """Read a time as orders have it, or as ISO writes it."""
    text = written or ""
    try:
        return datetime.strptime(text, _ORDER_TIME).astimezone(UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time of no place")
    return found.astimezone(UTC)


def _paid(unit: wire.Unit) -> datetime:
    return datetime.fromtimestamp((unit.payment_time or 0) / 1000, UTC)
