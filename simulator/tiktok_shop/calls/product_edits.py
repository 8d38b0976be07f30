"""What a product says of itself, its pictures, and the tree of categories."""

from dataclasses import replace
from io import BytesIO

from starlette.datastructures import UploadFile

from simulator.stand_in.photos import image_url
from simulator.tiktok_shop import errors
from simulator.tiktok_shop.calls.endpoint import Call, Json, ShopCall
from simulator.tiktok_shop.calls.product_wire import CATEGORIES, category_id
from simulator.tiktok_shop.calls.products import WRONG_STATUS, audit, find_product
from simulator.tiktok_shop.errors import ApiError
from simulator.world.shops import ListingState

TITLE = {"ID": range(25, 256), "MY": range(25, 256)}
LONGEST_DESCRIPTION = 10_000
BAD_INPUT = ApiError(12052910, "Invalid input. Please check the request parameters.")
WRONG_VERSION = ApiError(
    12052217,
    "Incorrect category version. For US shops or global sellers with an active US shop, specify "
    "'category version=v2'. For shops in other regions specify 'category_version=v1'",
)
LARGEST = 10 * 1024 * 1024
USES = frozenset(
    {"MAIN_IMAGE", "ATTRIBUTE_IMAGE", "DESCRIPTION_IMAGE", "CERTIFICATION_IMAGE", "SIZE_CHART_IMAGE"}
)


async def partial_edit(call: ShopCall) -> Json:
    """Change texts of a product; a live one is looked at before buyers see what changed."""
    listing = find_product(call)
    if listing.state not in {ListingState.ACTIVE, ListingState.UNLISTED}:
        raise WRONG_STATUS
    if "skus" in call.body:
        raise errors.invalid("body.skus")  # a list with a SKU left out would delete it: not played here
    title, about = call.body.get("title"), call.body.get("description")
    if title is not None and len(str(title)) not in TITLE.get(call.shop.market.region, range(1, 256)):
        raise BAD_INPUT
    if about is not None and len(str(about)) > LONGEST_DESCRIPTION:
        raise BAD_INPUT
    product = listing.product
    if title is not None:
        product = replace(product, title=str(title))
    if about is not None:
        product = replace(product, about=str(about).removeprefix("<p>").removesuffix("</p>"))
    call.sim.world.edit_listing(listing, product)
    if listing.state is ListingState.ACTIVE and call.sim.audit_lag:
        audit(call, listing)
    return {"product_id": call.path["product_id"], "skus": []}


async def categories(call: ShopCall) -> Json:
    if call.query.get("category_version", "v1") != "v1":
        raise WRONG_VERSION
    departments = sorted({listing.product.department for listing in call.shop.listings.values()})
    root = {
        "id": CATEGORIES[0],
        "parent_id": "0",
        "local_name": CATEGORIES[1],
        "is_leaf": False,
        "permission_statuses": ["AVAILABLE"],
    }
    leaves = [
        {
            "id": category_id(name),
            "parent_id": CATEGORIES[0],
            "local_name": name,
            "is_leaf": True,
            "permission_statuses": ["AVAILABLE"],
        }
        for name in departments
    ]
    return {"categories": [root, *leaves]}


async def upload_image(call: Call) -> Json:
    if call.form is None:
        raise errors.form_wanted()
    given, use = call.form.get("data"), call.form.get("use_case", "MAIN_IMAGE")
    if not isinstance(given, UploadFile):
        raise errors.missing("body.data")
    if use not in USES:
        raise errors.invalid("body.use_case")
    content = BytesIO(await given.read()).getvalue()
    if len(content) > LARGEST:
        raise ApiError(12038005, "The file size exceeds the maximum allowed size.")
    if not content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"BM", b"RIFF")):
        raise ApiError(12038004, "Failed to process the image. The format or content is not supported.")
    identity = call.sim.random.randbytes(8).hex()
    return {
        "uri": f"tos-sim-i-o3syd03w52/{identity}",
        "url": image_url(call.address, identity),
        "height": 800,
        "width": 800,
        "use_case": use,
    }
