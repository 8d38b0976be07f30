"""A product as the platform shows it, with what each SKU costs and holds."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.lazada import numbers
from simulator.lazada.calls.endpoint import Call, ms
from simulator.lazada.statuses import PRODUCT
from simulator.stand_in.photos import image_id, image_url
from simulator.world.orders import OrderState
from simulator.world.shops import Listing, ListingVariant, Shop

Json = dict[str, Any]

WITHHELD = frozenset({OrderState.UNPAID, OrderState.HELD, OrderState.INVOICE_DUE})
OCCUPIED = frozenset({OrderState.TO_SHIP, OrderState.CANCEL_ASKED})


def product_fields(call: Call, listing: Listing) -> Json:
    product, picture = listing.product, image_url(call.address, image_id(listing.product.key))
    promised = _promised(call.shop, listing)
    return {
        "item_id": numbers.item_id(listing.id),
        "status": PRODUCT[listing.state],
        "subStatus": None,
        "primary_category": category_id(product.department),
        "created_time": str(ms(listing.listed_at)),
        "updated_time": str(ms(listing.updated_at)),
        "images": [picture],
        "marketImages": [],
        "trialProduct": False,
        "attributes": {
            "name": product.title,
            "brand": "No Brand",
            "description": f"<p>{product.about}</p>",
            "short_description": "",
            "source": "asc",
        },
        "variation": {
            f"Variation{number}": {
                "name": tier.name.lower().replace(" ", "_"),
                "label": tier.name,
                "options": list(tier.options),
                "customize": False,
                "hasImage": number == 1,
            }
            for number, tier in enumerate(product.tiers, start=1)
        },
        "skus": [_sku(call, listing, variant, promised) for variant in listing.variants],
        "suspendedSkus": [],
        "rejectReason": [],
        "hiddenReason": None,
        "hiddenStatus": None,
    }


def category_id(department: str) -> int:
    return 18_000 + sum(department.encode()) % 700


def _promised(shop: Shop, listing: Listing) -> Counter[tuple[int, str]]:
    """Count units that buyers have and that have not left, by variant and by how far they are."""
    found: Counter[tuple[int, str]] = Counter()
    for order in shop.orders.values():
        name = "withhold" if order.state in WITHHELD else "occupy" if order.state in OCCUPIED else ""
        for line in order.lines if name else ():
            if line.listing_id == listing.id:
                variant = line.variant_id or listing.variants[0].id
                found[variant, name] += order.units_left(line)
    return found


def _sku(call: Call, listing: Listing, variant: ListingVariant, promised: Counter[tuple[int, str]]) -> Json:
    shop, now = call.shop, call.sim.clock.now()
    identity = numbers.sku_id(variant.id)
    length, width, height = listing.product.box_cm
    option = (
        f"{listing.product.key}/{variant.spec.options[0]}" if variant.spec.options else listing.product.key
    )
    fields: Json = {
        "SkuId": identity,
        "SellerSku": variant.spec.sku,
        "ShopSku": f"{numbers.item_id(listing.id)}_{shop.market.region}-{identity}",
        "Status": "active",
        "quantity": variant.total_stock,
        "Available": variant.total_stock,
        "price": float(variant.price),
        "special_price": 0.0,
        "Images": [image_url(call.address, image_id(option))],
        "Url": f"https://lazada.sim.example/-i{numbers.item_id(listing.id)}-s{identity}.html",
        "package_width": f"{width:.2f}",
        "package_height": f"{height:.2f}",
        "package_length": f"{length:.2f}",
        "package_weight": f"{listing.product.grams / 1000:g}",
        "saleProp": {
            tier.name.lower().replace(" ", "_"): value
            for tier, value in zip(listing.product.tiers, variant.spec.options, strict=True)
        },
        "multiWarehouseInventories": [
            {
                "warehouseCode": place,
                "quantity": units,
                "totalQuantity": units
                + (promised[variant.id, "occupy"] + promised[variant.id, "withhold"] if number == 0 else 0),
                "sellableQuantity": units,
                "occupyQuantity": promised[variant.id, "occupy"] if number == 0 else 0,
                "withholdQuantity": promised[variant.id, "withhold"] if number == 0 else 0,
            }
            for number, (place, units) in enumerate(variant.stock.items())
        ],
        "fblWarehouseInventories": [],
        "channelInventories": _campaigns(shop, variant, now),
    }
    return fields | _special(shop, variant, now)


def _campaigns(shop: Shop, variant: ListingVariant, now: datetime) -> list[Json]:
    """Show what campaigns keep back of a SKU."""
    return [
        {
            "channelName": each.name,
            "startTime": ms(each.starts_at),
            "endTime": ms(each.ends_at),
            "sellableQuantity": each.rows[variant.id].reserved,
        }
        for each in shop.live_promotions(variant.id, now)
        if each.rows[variant.id].reserved
    ]


def _special(shop: Shop, variant: ListingVariant, now: datetime) -> Json:
    promotion = shop.ongoing_promotion(variant.id, now)
    if promotion is None:
        return {}
    ends = [each.astimezone(ZoneInfo(shop.market.zone)) for each in (promotion.starts_at, promotion.ends_at)]
    return {
        "special_price": float(promotion.rows[variant.id].price),
        "special_from_time": f"{ends[0]:%Y-%m-%d %H:%M}",
        "special_to_time": f"{ends[1]:%Y-%m-%d %H:%M}",
        "special_from_date": f"{ends[0]:%Y-%m-%d}",
        "special_to_date": f"{ends[1]:%Y-%m-%d}",
        "special_time_format": "yyyy-MM-dd HH:mm",
    }
