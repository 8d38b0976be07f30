"""A product as the platform shows it: in a list without pictures, by itself with them."""

from typing import Any

from simulator.stand_in.photos import image_id, image_url
from simulator.tiktok_shop import numbers
from simulator.tiktok_shop.calls.order_wire import money
from simulator.tiktok_shop.statuses import AUDIT_STATUS, PRODUCT_STATUS
from simulator.world.shops import Listing, ListingVariant, Shop

Json = dict[str, Any]
CATEGORIES = ("601152", "Rumah Tangga")


def listed_product(shop: Shop, listing: Listing) -> Json:
    return {
        "id": numbers.product_id(listing.id),
        "title": listing.product.title,
        "status": PRODUCT_STATUS[listing.state],
        "sales_regions": [shop.market.region],
        "create_time": int(listing.listed_at.timestamp()),
        "update_time": int(listing.updated_at.timestamp()),
        "is_not_for_sale": False,
        "has_draft": False,
        "audit": {"status": AUDIT_STATUS.get(listing.state, "NONE"), "pre_approved_reasons": []},
        "skus": [_sku(shop, variant) for variant in listing.variants],
    }


def shown_product(shop: Shop, listing: Listing, address: str) -> Json:
    product = listing.product
    length, width, height = product.box_cm
    fields = listed_product(shop, listing)
    for name in ("sales_regions", "has_draft"):
        del fields[name]
    return fields | {
        "description": f"<p>{product.about}</p>",
        "category_chains": [
            {"id": CATEGORIES[0], "parent_id": "0", "local_name": CATEGORIES[1], "is_leaf": False},
            {
                "id": category_id(product.department),
                "parent_id": CATEGORIES[0],
                "local_name": product.department,
                "is_leaf": True,
            },
        ],
        "main_images": [_picture(address, product.key)],
        "package_dimensions": {
            "length": str(length),
            "width": str(width),
            "height": str(height),
            "unit": "CENTIMETER",
        },
        "package_weight": {"value": f"{product.grams / 1000:g}", "unit": "KILOGRAM"},
        "skus": [
            _sku(shop, variant) | {"sales_attributes": _attributes(listing, variant, address)}
            for variant in listing.variants
        ],
        "product_attributes": [],
        "is_cod_allowed": True,
        "audit_failed_reasons": [],
        "product_types": [],
    }


def category_id(department: str) -> str:
    return str(601_200 + sum(department.encode()) % 700)


def _sku(shop: Shop, variant: ListingVariant) -> Json:
    price = money(variant.price, shop.market)
    return {
        "id": numbers.sku_id(variant.id),
        "seller_sku": variant.spec.sku,
        "price": {
            "currency": shop.market.currency,
            "tax_exclusive_price": price,
            "sale_price": price,
        },
        "inventory": [{"warehouse_id": place, "quantity": units} for place, units in variant.stock.items()],
        "status_info": {"status": "NORMAL"},
    }


def _attributes(listing: Listing, variant: ListingVariant, address: str) -> list[Json]:
    shown: list[Json] = []
    for number, (tier, option) in enumerate(zip(listing.product.tiers, variant.spec.options, strict=True)):
        fields: Json = {
            "id": str(100_000 + number * 7),
            "name": tier.name,
            "value_id": str(1_729_592_969_712_207_000 + sum(option.encode())),
            "value_name": option,
        }
        if number == 0:
            fields["sku_img"] = _picture(address, f"{listing.product.key}/{option}")
        shown.append(fields)
    return shown


def _picture(address: str, key: str) -> Json:
    identity = image_id(key)
    return {
        "height": 480,
        "width": 480,
        "uri": f"tos-sim-i-o3syd03w52/{identity}",
        "urls": [image_url(address, identity)],
        "thumb_urls": [image_url(address, f"{identity}_tn")],
    }
