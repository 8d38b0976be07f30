"""From Shopee's words to ours, and back. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import msgspec

from adapters.kit.refusals import PriceRefusal
from adapters.shopee import descriptions, statuses, wire
from adapters.shopee.errors import price_refusal, row_refusal
from adapters.shopee.hosts import currency_of
from domain.catalogue import PlacedUnits, Price, Promotion
from domain.money import Money
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine
from domain.platform import (
    Authorisation,
    ListingSnapshot,
    ListingVariantSnapshot,
    Outcome,
    PricePush,
    PushResult,
    ShopSnapshot,
)
from domain.shops import Credentials


@dataclass(frozen=True, slots=True)
class Held:
    """A promotion that holds a variant, or that keeps units of it back before it begins."""

    promotion: Promotion
    is_ongoing: bool


Locks = Mapping[tuple[str, str], Held]
"""What holds a variant, by item and model: of what is running the last to end, else what keeps units back."""

NO_VARIANTS = "0"
"""The model of an item without variants; of a promotion that covers all of an item's."""

_EPOCHS = 10**9
"""`expire_in` is a duration in seconds; one sample of the reference prints a moment instead."""

_REFRESH_LASTS = timedelta(days=30)


def credentials(tokens: wire.Tokens, *, now: datetime, server_now: datetime) -> Credentials:
    """Read a token pair; ValueError for an answer without one. Times are by our clock."""
    if not tokens.access_token or not tokens.refresh_token or tokens.expire_in <= 0:
        raise ValueError("no token pair")
    lasts_s = tokens.expire_in
    if lasts_s > _EPOCHS:
        lasts_s -= int(server_now.timestamp())
    return Credentials(
        tokens.access_token, tokens.refresh_token, now + timedelta(seconds=lasts_s), now + _REFRESH_LASTS
    )


def shop(external_id: str, info: wire.ShopInfo) -> ShopSnapshot:
    """Read a shop; KeyError for a market nobody heard of."""
    return ShopSnapshot(
        external_id=external_id,
        name=info.shop_name or external_id,
        region=info.region,
        currency=currency_of(info.region),
        is_usable=info.status == statuses.USABLE_SHOP,
        raw_status=info.status or "",
        authorised_until=_moment(info.expire_time),
    )


def authorisation(told: wire.AuthorisedShop) -> Authorisation:
    return Authorisation(str(told.shop_id), _moment(told.expire_time))


def locks(batch: wire.PromotionBatch) -> Locks:
    """Return what holds variants or keeps units of them back."""
    found: dict[tuple[str, str], Held] = {}
    for item in batch.success_list or ():
        for promotion in item.promotion or ():
            ends = _moment(promotion.end_time)
            is_ongoing = promotion.promotion_staging == statuses.ONGOING_PROMOTION
            stock = promotion.promotion_stock_info_v2
            if ends is None or not (is_ongoing or (stock and stock.reserved)):
                continue
            key = (str(item.item_id), str(promotion.model_id or NO_VARIANTS))
            held = Held(Promotion(promotion.promotion_type or "", ends), is_ongoing)
            found[key] = max(held, found.get(key, held), key=_strongest)
    return found


def _strongest(held: Held) -> tuple[bool, datetime]:
    return held.is_ongoing, held.promotion.ends_at


def is_promoted(item: wire.Item, models: wire.ModelList | None) -> bool:
    """Tell whether promotions of this item are worth asking for."""
    sold = [item, *((models.model if models else None) or ())]
    prices = [price for each in sold for price in each.price_info or ()]
    stocks = [each.stock_info_v2.summary_info for each in sold if each.stock_info_v2]
    return (
        any(each.has_promotion for each in sold)
        or any(price.current_price != price.original_price for price in prices)
        or any(each.total_reserved_stock for each in stocks if each)
    )


def listing(item: wire.Item, models: wire.ModelList | None, locked: Locks, currency: str) -> ListingSnapshot:
    """Read an item; `models` are its variants, None when it has none."""
    item_id = str(item.item_id)
    images = (item.image.image_url_list if item.image else None) or [""]
    if models is None:
        alone = wire.Model(
            NO_VARIANTS,
            model_sku=item.item_sku,
            price_info=item.price_info,
            stock_info_v2=item.stock_info_v2,
        )
        models = wire.ModelList(model=[alone])
    variants = [
        _variant(model, _options(model, models.tier_variation or ()), item, locked, currency)
        for model in models.model or ()
        if model.price_info
    ]
    return ListingSnapshot(
        external_id=item_id,
        title=item.item_name,
        state=statuses.listing_state(item.item_status),
        raw_state=item.item_status,
        updated_at=_known_moment(item.update_time),
        image_url=images[0],
        variants=tuple(variants),
        category="" if item.category_id is None else str(item.category_id),
        tiers=tuple(tier.name or "" for tier in models.tier_variation or ()),
        sku=item.item_sku or "",
        description=descriptions.words_of(item),
        weight=str(item.weight or ""),
        wholesale=_wholesale(item, currency),
    )


def _wholesale(item: wire.Item, currency: str) -> Money | None:
    """Return the dearest of an item's prices for several: no price may lie below it."""
    offers = [each.unit_price for each in item.wholesales or () if each.unit_price is not None]
    return _money(max(offers), currency) if offers else None


def _variant(
    model: wire.Model, options: Sequence[wire.Option], item: wire.Item, locked: Locks, currency: str
) -> ListingVariantSnapshot:
    item_id, model_id = str(item.item_id), str(model.model_id)
    stock = (model.stock_info_v2.summary_info if model.stock_info_v2 else None) or wire.StockSummary()
    pictures = [option.image.image_url for option in options if option.image and option.image.image_url]
    held = [each for each in (locked.get((item_id, one)) for one in (model_id, NO_VARIANTS)) if each]
    holds = max(held, key=_strongest, default=None)
    until = holds.promotion.ends_at if holds and holds.is_ongoing else None
    return ListingVariantSnapshot(
        external_id=model_id,
        name=", ".join(option.option for option in options),
        sku=model.model_sku or "",
        price=_price((model.price_info or [])[0], currency, until),
        available=stock.total_available_stock or 0,
        reserved=stock.total_reserved_stock or 0,
        is_sellable=model.model_status in {None, statuses.SELLABLE_VARIANT},
        image_url=next(iter(pictures), ""),
        options=tuple(option.option for option in options),
        promotion=holds.promotion if holds else None,
        places=tuple(
            PlacedUnits(place.location_id or "", place.stock or 0)
            for place in (model.stock_info_v2.seller_stock if model.stock_info_v2 else None) or ()
        ),
    )


def _options(model: wire.Model, tiers: Iterable[wire.Tier]) -> list[wire.Option]:
    picked = zip(tiers, model.tier_index or (), strict=False)
    return [tier.option_list[index] for tier, index in picked if tier.option_list]


def _price(info: wire.PriceInfo, currency: str, locked_until: datetime | None) -> Price:
    currency = info.currency or currency
    with_tax = info.inflated_price_of_original_price
    buyer_pays = info.inflated_price_of_current_price
    return Price(
        listed=_money(info.original_price, currency),
        is_taxed=with_tax is None or with_tax == info.original_price,
        buyer_pays=_money(info.current_price if buyer_pays is None else buyer_pays, currency),
        locked_until=locked_until,
    )


def price_results(prices: Sequence[PricePush], answer: wire.Wrapped[wire.PriceUpdate]) -> list[PushResult]:
    """Read what became of the prices of one item. A row the answer does not mention is of unknown fate."""
    rows = answer.response or wire.PriceUpdate()
    refused = {str(row.model_id or 0): row_refusal(row.failed_reason) for row in rows.failure_list or ()}
    done = {str(row.model_id or 0) for row in rows.success_list or ()}
    for_all = price_refusal(answer.error, answer.message)
    results = []
    for price in prices:
        why = refused.get(price.variant_external_id)
        if why is None and price.variant_external_id not in done:
            why = for_all
        if why is None and price.variant_external_id not in done:
            results.append(result(price, Outcome.UNKNOWN))
        else:
            results.append(result(price, Outcome.REJECTED if why else Outcome.OK, why))
    return results


def result(price: PricePush, outcome: Outcome, why: PriceRefusal | None = None) -> PushResult:
    return PushResult(price.listing_external_id, price.variant_external_id, outcome, why.value if why else "")


def order(wired: wire.Order, currency: str) -> OrderSnapshot:
    """Read an order, with a digest over all that we keep of it."""
    currency = wired.currency or currency
    buyer = wired.recipient_address or wire.Address()
    status = statuses.order_status(wired.order_status)
    lines = _lines(wired.item_list or (), currency, goes_on=status is not OrderStatus.CANCELLED)
    snapshot = OrderSnapshot(
        external_id=wired.order_sn,
        status=status,
        raw_status=wired.order_status,
        placed_at=_known_moment(wired.create_time),
        updated_at=_known_moment(wired.update_time),
        currency=currency,
        lines=lines,
        parcels=_parcels(wired.package_list or (), lines),
        paid_at=_moment(wired.pay_time),
        ship_by=_moment(wired.ship_by_date),
        total=None if wired.total_amount is None else _money(wired.total_amount, currency),
        buyer_name=_told(buyer.name) or _told(wired.buyer_username),
        buyer_city=_told(buyer.city),
        buyer_note=wired.message_to_seller or "",
        seller_note=wired.note or "",
        payment_method=wired.payment_method or "",
        courier=wired.shipping_carrier or "",
        is_cod=bool(wired.cod),
        cancelled_by=wired.cancel_by or "",
        cancel_reason=statuses.cancel_reason(wired.cancel_reason or wired.buyer_cancel_reason or ""),
    )
    if not snapshot.lines:
        raise ValueError("an order without lines")
    content = sha256(msgspec.json.encode(snapshot)).hexdigest()
    return replace(snapshot, digest=content)


def _told(masked: str | None) -> str:
    """Return what a platform lets us see of a person; what is nothing but its mask is not known."""
    return masked if masked and masked.strip("* ") else ""


def _lines(items: Sequence[wire.OrderItem], currency: str, *, goes_on: bool) -> tuple[OrderLine, ...]:
    """Read what is to be sent of an order that goes on, of one that does not what was bought."""
    lines = [_line(item, currency) for item in items]
    if not goes_on:
        return tuple(lines)
    cancelled = [item.cancelled_qty or 0 for item in items]
    left = [
        replace(line, quantity=line.quantity - units, cancelled=units)
        for line, units in zip(lines, cancelled, strict=True)
        if units < line.quantity
    ]
    return tuple(left or lines)


def _line(item: wire.OrderItem, currency: str) -> OrderLine:
    paid = item.model_discounted_price
    if not paid and item.promotion_type == statuses.BUNDLE:
        paid = item.model_original_price  # inside a bundle the unit's own price is not told
    return OrderLine(
        listing_external_id=str(item.item_id),
        variant_external_id=str(item.model_id or NO_VARIANTS),
        unit_ids=() if item.order_item_id is None else (str(item.order_item_id),),
        title=item.item_name or "",
        variant_name=item.model_name or "",
        sku=item.model_sku or item.item_sku or "",
        quantity=item.model_quantity_purchased,
        unit_price=_money(paid, currency),
        list_price=_money(item.model_original_price, currency),
        image_url=(item.image_info.image_url if item.image_info else "") or "",
    )


def _parcels(packages: Iterable[wire.OrderPackage], lines: Iterable[OrderLine]) -> tuple[Parcel, ...]:
    """Read what travels; units that were cancelled may still be named there, and do not."""
    left: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.listing_external_id, line.variant_external_id)
        left[key] = left.get(key, 0) + line.quantity
    found = []
    for parcel in map(_parcel, packages):
        held = []
        for each in parcel.lines:
            key = (each.listing_external_id, each.variant_external_id)
            units = min(each.quantity, left.get(key, 0))
            left[key] = left.get(key, 0) - units
            held += [replace(each, quantity=units)] if units else []
        found.append(replace(parcel, lines=tuple(held)))
    return tuple(found)


def _parcel(package: wire.OrderPackage) -> Parcel:
    courier = package.shipping_carrier or ""
    places = {place for item in package.item_list or () for place in _places(item.product_location_id)}
    return Parcel(
        external_id=package.package_number,
        raw_status=package.logistics_status or "",
        courier=courier,
        tracking_number="",  # not told here
        lines=tuple(
            ParcelLine(str(item.item_id), str(item.model_id or NO_VARIANTS), item.model_quantity)
            for item in package.item_list or ()
        ),
        state=statuses.parcel_state(package.logistics_status or ""),
        courier_id=str(package.logistics_channel_id or ""),
        place=next(iter(places)) if len(places) == 1 else "",
        is_instant=statuses.is_instant(courier),
    )


def _places(told: str | list[str] | None) -> list[str]:
    return [told] if isinstance(told, str) and told else list(told or ())


def exact(amount: Decimal) -> Decimal:
    """Return the same number written the shortest way: 66000 for 66000.00, 12.5 for 12.50."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _money(amount: Decimal, currency: str) -> Money:
    return Money(exact(amount), currency)


def _moment(seconds: int | None) -> datetime | None:
    """Read a moment; zero means never, or not yet."""
    return _known_moment(seconds) if seconds else None


def _known_moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
