"""Items, models, prices and stock as the platform shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.logistics import CHANNELS
from simulator.shopee.statuses import ITEM_STATUS
from simulator.stand_in.photos import image_id, image_url
from simulator.world.catalogue import ProductSpec, load_catalogue
from simulator.world.shops import Listing, ListingState, ListingVariant, Shop

CATEGORY_IDS = {
    "Beauty": 100630,
    "Body & Hair Care": 100664,
    "Kitchen": 100636,
    "Home & Living": 100638,
    "Cleaning": 100717,
    "Lighting & Electrical": 100722,
    "Gadgets": 100013,
    "Fashion": 100017,
    "Mother, Baby & Kids": 100632,
    "Pets & Garden": 100631,
    "Stationery": 100639,
}
ORIGIN_ATTRIBUTE = 100037
SHIPPING_CHANNELS = {"ID": ("J&T Express", "SPX Standard", "JNE Reguler"), "MY": ("J&T Express", "Poslaju")}


def item_fields(call: ShopCall, listing: Listing) -> dict[str, Any]:
    product, now = listing.product, call.sim.clock.now()
    fields: dict[str, Any] = {
        "item_id": listing.id,
        "category_id": CATEGORY_IDS[product.department],
        "item_name": product.title,
        **description(call, product),
        "item_sku": product.sku,
        "create_time": int(listing.listed_at.timestamp()),
        "update_time": int(listing.updated_at.timestamp()),
        "attribute_list": [_origin(product)],
        "image": _image(call, product),
        "weight": _kilograms(product),
        "dimension": dimension(product),
        "logistic_info": _channels(call.shop),
        "pre_order": {"is_pre_order": False, "days_to_ship": 2},
        "condition": "NEW",
        "size_chart": "",
        "item_status": ITEM_STATUS[listing.state],
        "deboost": False,
        "has_model": listing.has_options,
        "has_promotion": any(call.shop.ongoing_promotion(v.id, now) for v in listing.variants),
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
        "item_dangerous": 0,
        "tag": {"kit": False},
    }
    if product.wholesale:
        fields["wholesales"] = [_wholesale(*product.wholesale)]
    if not listing.has_options:
        fields["price_info"] = [price_info(call.shop, listing.variants[0], now)]
        fields["stock_info_v2"] = stock_info(call.shop, listing, listing.variants[0], now)
    return fields


def description(call: ShopCall, product: ProductSpec) -> dict[str, Any]:
    """Tell what an item says of itself: in one text, or in blocks where it is illustrated."""
    if not product.is_illustrated:
        return {"description": product.about, "description_type": "normal"}
    identity = image_id(product.key)
    picture = {"image_id": identity, "image_url": image_url(call.address, identity)}
    blocks: list[dict[str, Any]] = [
        {"field_type": "text", "text": product.about},
        {"field_type": "image", "image_info": picture},
    ]
    told = {"extended_description": {"field_list": blocks}}
    return {"description": "", "description_type": "extended", "description_info": told}


def _origin(product: ProductSpec) -> dict[str, Any]:
    city = load_catalogue().suppliers[product.supplier].city
    return {
        "attribute_id": ORIGIN_ATTRIBUTE,
        "original_attribute_name": "Region of Origin",
        "is_mandatory": False,
        "attribute_value_list": [
            {"value_id": 1400 + len(city), "original_value_name": city, "value_unit": ""}
        ],
    }


def _image(call: ShopCall, product: ProductSpec) -> dict[str, Any]:
    identity = image_id(product.key)
    return {
        "image_url_list": [image_url(call.address, identity)],
        "image_id_list": [identity],
        "image_ratio": "1:1",
    }


def _kilograms(product: ProductSpec) -> str:
    return f"{Decimal(product.grams) / 1000:f}"


def dimension(product: ProductSpec) -> dict[str, int]:
    length, width, height = product.box_cm
    return {"package_length": length, "package_width": width, "package_height": height}


def _channels(shop: Shop) -> list[dict[str, Any]]:
    names = SHIPPING_CHANNELS.get(shop.market.region, SHIPPING_CHANNELS["ID"])
    return [
        {
            "logistic_id": CHANNELS[name].id,
            "logistic_name": name,
            "enabled": True,
            "is_free": False,
            "estimated_shipping_fee": 9000 if shop.market.currency == "IDR" else Decimal("4.90"),
        }
        for name in names
    ]


def _wholesale(from_units: int, each: int) -> dict[str, Any]:
    return {
        "min_count": from_units,
        "max_count": 999,
        "unit_price": each,
        "inflated_price_of_unit_price": each,
    }


def price_info(shop: Shop, variant: ListingVariant, now: datetime) -> dict[str, Any]:
    current = shop.buyer_price(variant, now)
    return {
        "currency": shop.market.currency,
        "original_price": variant.price,
        "current_price": current,
        "inflated_price_of_original_price": variant.price,
        "inflated_price_of_current_price": current,
    }


def stock_info(shop: Shop, listing: Listing, variant: ListingVariant, now: datetime) -> dict[str, Any]:
    return {
        "summary_info": {
            "total_reserved_stock": shop.reserved(variant.id, now),
            "total_available_stock": shop.available(variant, now),
        },
        "seller_stock": [
            {"location_id": place, "stock": units, "if_saleable": listing.state is ListingState.ACTIVE}
            for place, units in variant.stock.items()
        ],
        "shopee_stock": [],
    }


def model_fields(call: ShopCall, listing: Listing, variant: ListingVariant) -> dict[str, Any]:
    now, product = call.sim.clock.now(), listing.product
    promotion = call.shop.ongoing_promotion(variant.id, now)
    return {
        "model_id": variant.id,
        "tier_index": list(variant.spec.choice),
        "promotion_id": promotion.id if promotion else 0,
        "has_promotion": promotion is not None,
        "model_sku": variant.spec.sku,
        "model_status": "MODEL_NORMAL",
        "price_info": [price_info(call.shop, variant, now)],
        "pre_order": {"is_pre_order": False, "days_to_ship": 2},
        "stock_info_v2": stock_info(call.shop, listing, variant, now),
        "weight": _kilograms(product),
        "dimension": dimension(product),
    }


def tier_fields(call: ShopCall, product: ProductSpec) -> list[dict[str, Any]]:
    """Describe the tiers; only the options of the first one have photos."""
    tiers = []
    for number, tier in enumerate(product.tiers):
        options: list[dict[str, Any]] = []
        for option in tier.options:
            row: dict[str, Any] = {"option": option}
            if number == 0:
                identity = image_id(f"{product.key}/{option}")
                row["image"] = {"image_id": identity, "image_url": image_url(call.address, identity)}
            options.append(row)
        tiers.append({"name": tier.name, "option_list": options})
    return tiers


def standard_tier_fields(call: ShopCall, product: ProductSpec) -> list[dict[str, Any]]:
    tiers = []
    for tier in tier_fields(call, product):
        options = []
        for option in tier["option_list"]:
            row = {"variation_option_id": 0, "variation_option_name": option["option"]}
            options.append(row | option.get("image", {}))
        tiers.append(
            {
                "variation_id": 0,
                "variation_name": tier["name"],
                "variation_group_id": 0,
                "variation_option_list": options,
            }
        )
    return tiers
