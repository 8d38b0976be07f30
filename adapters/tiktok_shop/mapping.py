"""From TikTok Shop's words to ours. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import msgspec

from adapters.kit.holdings import Holding
from adapters.tiktok_shop import statuses, wire
from domain.catalogue import PlacedUnits, Price
from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine
from domain.platform import ListingSnapshot, ListingVariantSnapshot

SELLERS_OWN = "SELLER"
OWN_MARK = "/"
"""Between delivery option and provider, in the courier's id of a parcel that the seller sends himself."""

_CITY = "L2"
_KILOGRAMS = {"KILOGRAM": Decimal(1), "GRAM": Decimal("0.001"), "POUND": Decimal("0.45359237")}


@dataclass(frozen=True, slots=True)
class Held:
    """What a shop holds of a SKU: units for sale to all, units kept back, and where they lie."""

    available: int
    reserved: int
    holding: Holding


def held(told: wire.Inventory) -> dict[str, Held]:
    """Read what SKUs hold; what campaigns and creators keep back is part of what is called available."""
    found = {}
    for sku in (sku for product in told.inventory or () for sku in product.skus or ()):
        places = {str(each.warehouse_id): each.available_quantity for each in sku.warehouse_inventory or ()}
        kept = sku.total_available_inventory_distribution or wire.Distribution()
        back = sum(
            each.quantity or 0 for each in (*(kept.campaign_inventory or ()), *(kept.creator_inventory or ()))
        )
        total = sku.total_available_quantity
        found[str(sku.id)] = Held(max(0, total - back), back, Holding(total, places))
    return found


def listing(product: wire.Product, stock: Mapping[str, Held], currency: str) -> ListingSnapshot:
    """Read a product with what its SKUs hold."""
    first = next((sku.sales_attributes for sku in product.skus if sku.sales_attributes), None) or ()
    categories = product.category_chains or ()
    return ListingSnapshot(
        external_id=str(product.id),
        title=product.title,
        state=statuses.listing_state(product.status),
        raw_state=product.status,
        updated_at=_moment(product.update_time),
        image_url=_url(next(iter(product.main_images or ()), None)),
        variants=tuple(_variant(sku, stock, currency) for sku in product.skus if sku.price),
        tiers=tuple(each.name or "" for each in first),
        category=str(categories[-1].id) if categories else "",
        description=product.description or "",
        weight=_weight(product.package_weight),
    )


def _variant(sku: wire.Sku, stock: Mapping[str, Held], currency: str) -> ListingVariantSnapshot:
    options = tuple(each.value_name or "" for each in sku.sales_attributes or ())
    pictures = [_url(each.sku_img) for each in sku.sales_attributes or () if each.sku_img]
    here = stock.get(str(sku.id))
    shown = sum(each.quantity or 0 for each in sku.inventory or ())
    status = sku.status_info.status if sku.status_info else None
    return ListingVariantSnapshot(
        external_id=str(sku.id),
        name=", ".join(options),
        sku=sku.seller_sku or "",
        price=_price(sku.price or wire.Price(), currency),
        available=here.available if here else shown,
        reserved=here.reserved if here else 0,
        is_sellable=status in statuses.SELLABLE_SKU,
        image_url=next(iter(pictures), ""),
        options=options,
        places=_places(here) if here else (),
    )


def _places(here: Held) -> tuple[PlacedUnits, ...]:
    """Return how many lie where, for a shop with several warehouses."""
    held_at = here.holding.places
    return (
        tuple(PlacedUnits(place, units or 0) for place, units in held_at.items()) if len(held_at) > 1 else ()
    )


def _price(price: wire.Price, currency: str) -> Price:
    """Read a price. What a promotion makes of it, and until when, is not told."""
    amount = price.tax_exclusive_price if price.sale_price is None else price.sale_price
    if amount is None:
        raise ValueError("a SKU without a price")
    listed = money(amount, price.currency or currency)
    return Price(listed=listed, is_taxed=price.sale_price is not None, buyer_pays=listed)


def _url(picture: wire.Picture | None) -> str:
    return next(iter((picture.urls if picture else None) or ()), "")


def _weight(told: wire.Weight | None) -> str:
    if told is None or not told.value or told.unit not in _KILOGRAMS:
        return ""
    return f"{exact(Decimal(told.value) * _KILOGRAMS[told.unit])}"


@dataclass(slots=True)
class _Folded:
    """Units of one SKU at one price: the line that they are for us."""

    first: wire.Unit
    ids: list[str] = field(default_factory=list)
    cancelled: int = 0


def order(wired: wire.Order, currency: str) -> OrderSnapshot:
    """Read an order, with a digest over all that we keep of it."""
    payment = wired.payment or wire.Payment()
    currency = payment.currency or currency
    recipient = wired.recipient_address or wire.Recipient()
    city = next(
        (each.address_name for each in recipient.district_info or () if each.address_level == _CITY), ""
    )
    status = statuses.order_status(wired.status or "", is_cancel_asked=bool(wired.is_buyer_request_cancel))
    snapshot = OrderSnapshot(
        external_id=str(wired.id),
        status=status,
        raw_status=wired.status or "",
        placed_at=_moment(wired.create_time),
        updated_at=_moment(wired.update_time),
        currency=currency,
        lines=_lines(wired.line_items, currency, goes_on=status is not OrderStatus.CANCELLED),
        parcels=tuple(_parcel(wired, str(each.id)) for each in wired.packages or ()),
        paid_at=_maybe(wired.paid_time),
        ship_by=_maybe(wired.rts_sla_time or wired.tts_sla_time),
        total=None if payment.total_amount is None else money(payment.total_amount, currency),
        buyer_name=recipient.name or "",
        buyer_city=city or "",
        buyer_note=wired.buyer_message or "",
        seller_note=wired.seller_note or "",
        payment_method=wired.payment_method_name or "",
        courier=wired.shipping_provider or "",
        is_cod=bool(wired.is_cod),
        cancelled_by=(wired.cancellation_initiator or "").lower(),
        cancel_reason=statuses.cancel_reason(wired.cancel_reason or ""),
        sold_on=statuses.FRONTS.get(wired.commerce_platform or "", ""),
    )
    if not snapshot.lines:
        raise ValueError("an order without lines")
    return replace(snapshot, digest=sha256(msgspec.json.encode(snapshot)).hexdigest())


def _lines(units: Sequence[wire.Unit], currency: str, *, goes_on: bool) -> tuple[OrderLine, ...]:
    """Fold units into lines: of an order that goes on what is to be sent, of one that does not what was bought."""
    folded: dict[tuple[str, str, Decimal, Decimal], _Folded] = {}
    for unit in units:
        key = (str(unit.product_id), str(unit.sku_id), unit.sale_price, unit.original_price)
        line = folded.setdefault(key, _Folded(unit))
        if goes_on and unit.display_status == statuses.CANCELLED_UNIT:
            line.cancelled += 1
        else:
            line.ids.append(str(unit.id))
    return tuple(_line(each, currency) for each in folded.values() if each.ids)


def _line(folded: _Folded, currency: str) -> OrderLine:
    unit = folded.first
    return OrderLine(
        listing_external_id=str(unit.product_id),
        variant_external_id=str(unit.sku_id),
        unit_ids=tuple(folded.ids),
        title=unit.product_name or "",
        variant_name=unit.sku_name or "",
        sku=unit.seller_sku or "",
        quantity=len(folded.ids),
        unit_price=money(unit.sale_price, currency),
        list_price=money(unit.original_price, currency),
        image_url=unit.sku_image or "",
        cancelled=folded.cancelled,
    )


def _parcel(wired: wire.Order, number: str) -> Parcel:
    """Read a package off the units that are in it. Several orders may share one."""
    units = [each for each in wired.line_items if str(each.package_id or "") == number]
    live = [each for each in units if each.display_status != statuses.CANCELLED_UNIT]
    first = next(iter(live or units), None)
    counted: dict[tuple[str, str], int] = {}
    for unit in live:
        key = (str(unit.product_id), str(unit.sku_id))
        counted[key] = counted.get(key, 0) + 1
    courier = (first.shipping_provider_name if first else "") or wired.shipping_provider or ""
    provider = str((first.shipping_provider_id if first else "") or wired.shipping_provider_id or "")
    option = str(wired.delivery_option_id or "")
    is_own = wired.shipping_type == SELLERS_OWN
    raw = (first.package_status if first else "") or ""
    held_back = bool(wired.is_on_hold_order) or wired.status == "ON_HOLD"
    return Parcel(
        external_id=number,
        raw_status=raw,
        courier=courier,
        tracking_number=(first.tracking_number if first else "") or "",
        lines=tuple(ParcelLine(product, sku, count) for (product, sku), count in counted.items()),
        state=statuses.parcel_state(raw, is_held=held_back),
        courier_id=f"{option}{OWN_MARK}{provider}" if is_own else provider or option,
        place=str(wired.warehouse_id or ""),
        is_instant=statuses.is_instant(
            courier, wired.delivery_option_name or "", wired.fulfillment_priority_level
        ),
    )


def exact(amount: Decimal) -> Decimal:
    """Return the same number written the shortest way: 66000 for 66000.00, 12.5 for 12.50."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def money(amount: Decimal, currency: str) -> Money:
    return Money(exact(amount), currency)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _maybe(seconds: int | None) -> datetime | None:
    return _moment(seconds) if seconds else None
