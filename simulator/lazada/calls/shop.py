"""Who we act for, and where his goods lie."""

from simulator.lazada.accounts import DEFAULT_WAREHOUSE, short_code
from simulator.lazada.calls.endpoint import Call, Told
from simulator.stand_in.photos import LOGO, image_id, image_url


async def seller(call: Call) -> Told:
    shop = call.shop
    is_open = not call.sim.standings[shop.id].is_banned
    return Told(
        {
            "seller_id": shop.id,
            "name": shop.name,
            "name_company": f"PT {shop.name}",
            "short_code": short_code(shop.id, shop.market.region),
            "email": f"{shop.seller}@example.test",
            "logo_url": image_url(call.address, image_id(LOGO)),
            "location": shop.market.country,
            "cb": call.grant.account.country == "cb",
            "status": "ACTIVE" if is_open else "INACTIVE",
            "verified": True,
            "marketplaceEaseMode": False,
        }
    )


async def warehouses(call: Call) -> Told:
    rows = [
        {
            "code": place,
            "name": "Main" if place == DEFAULT_WAREHOUSE else f"Gudang {place[-1]}",
            "detailAddress": "Jl. Contoh No. 1",
            "needToUpdate": False,
            "defaultAddress": place == call.shop.locations[0],
            "status": "ACTIVE",
        }
        for place in call.shop.locations
    ]
    body = {"success": True, "not_success": False, "repeated": False, "retry": False, "error_code": None}
    return Told(body | {"module": rows}, "result")
