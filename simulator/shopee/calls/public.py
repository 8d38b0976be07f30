"""What the app may ask about itself: who has authorised it, and where pushes come from."""

from typing import Any

from simulator.shopee.calls.endpoint import Call
from simulator.shopee.errors import wrong_parameter
from simulator.shopee.parameters import integer
from simulator.shopee.tokens import Kind, LinkState

PAGE_LIMIT = 100


async def get_shops_by_partner(call: Call) -> dict[str, Any]:
    page_size = integer(call.query, "page_size")
    page_no = integer(call.query, "page_no")
    page_size = PAGE_LIMIT if page_size is None else page_size
    page_no = 1 if page_no is None else page_no
    if not 1 <= page_size <= PAGE_LIMIT or page_no < 1:
        raise wrong_parameter("page_size should be between 1 and 100, page_no start from 1.")
    tokens = call.sim.tokens
    links = [
        link
        for owner, link in tokens.links.items()
        if owner.kind is Kind.SHOP and tokens.state_of(owner) is LinkState.LINKED
    ]
    start = (page_no - 1) * page_size
    shown = links[start : start + page_size]
    return {
        "authed_shop_list": [
            {
                "region": call.sim.world.shops[link.owner.id].market.region,
                "shop_id": link.owner.id,
                "auth_time": int(link.authorised_at.timestamp()),
                "expire_time": int(link.expires_at.timestamp()),
                "sip_affi_shop_list": [],
            }
            for link in shown
        ],
        "more": start + page_size < len(links),
    }


async def get_shopee_ip_ranges(_call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.0/8", "203.0.113.0/24", "198.51.100.0/24"]}
