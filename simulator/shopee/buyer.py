"""A small page for the buyer's side, so that a person can click an order into being."""

from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.shopee.consent import TEMPLATES
from simulator.shopee.simulation import Simulation
from simulator.shopee.wanted import UnknownThingError, find_shop, find_variant
from simulator.stand_in.photos import image_id
from simulator.world import trade
from simulator.world.currencies import Market
from simulator.world.shops import Listing, ListingState, Shop

SYMBOLS = {"IDR": "Rp", "MYR": "RM", "SGD": "S$", "THB": "฿", "VND": "₫", "PHP": "₱", "TWD": "NT$"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One model as a buyer sees it."""

    model_id: int
    label: str
    price: str
    left: int


@dataclass(frozen=True, slots=True)
class Card:
    item_id: int
    title: str
    department: str
    photo: str
    price: str
    list_price: str
    offers: list[Offer]


class BuyerPages:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    def routes(self) -> list[Route]:
        return [
            Route("/buyer", self.shelf, methods=["GET"]),
            Route("/buyer/orders", self.buy, methods=["POST"]),
            Route("/buyer/orders/{sn}", self.thanks, methods=["GET"]),
        ]

    async def shelf(self, request: Request) -> Response:
        try:
            shop = find_shop(self._sim, dict(request.query_params))
        except (UnknownThingError, ValueError):
            return Response("There is no such shop.", 404, media_type="text/plain")
        department = request.query_params.get("department", "")
        search = request.query_params.get("q", "").strip()
        on_sale = [item for item in shop.listings.values() if item.state is ListingState.ACTIVE]
        shown = [
            item
            for item in on_sale
            if (not department or item.product.department == department)
            and search.casefold() in item.product.title.casefold()
        ]
        context = {
            "shop": shop,
            "cards": [self._card(shop, item) for item in shown],
            "departments": sorted({item.product.department for item in on_sale}),
            "department": department,
            "search": search,
            "refusal": request.query_params.get("refusal", ""),
        }
        return TEMPLATES.TemplateResponse(request, "buyer.html.j2", context)

    def _card(self, shop: Shop, listing: Listing) -> Card:
        now = self._sim.clock.now()
        offers = [
            Offer(
                variant.id if listing.has_options else 0,
                " · ".join(variant.spec.options),
                money(shop.buyer_price(variant, now), shop.market),
                shop.available(variant, now),
            )
            for variant in listing.variants
        ]
        cheapest = min(listing.variants, key=lambda variant: shop.buyer_price(variant, now))
        is_reduced = shop.buyer_price(cheapest, now) < cheapest.price
        return Card(
            item_id=listing.id,
            title=listing.product.title,
            department=listing.product.department,
            photo=f"/file/{image_id(listing.product.key)}.svg",
            price=money(shop.buyer_price(cheapest, now), shop.market),
            list_price=money(cheapest.price, shop.market) if is_reduced else "",
            offers=offers,
        )

    async def buy(self, request: Request) -> Response:
        form = await request.form()
        fields = {name: str(value) for name, value in form.items()}
        try:
            shop, listing, variant = find_variant(self._sim, fields)
            wanted = trade.Wanted(listing, variant, int(fields.get("quantity", "1")))
            order = trade.place_order(self._sim.world, shop, [wanted], trade.Checkout())
        except (trade.TradeError, UnknownThingError, KeyError, ValueError) as error:
            page = request.url_for("shelf").include_query_params(
                shop_id=fields.get("shop_id", ""), refusal=str(error)
            )
            return RedirectResponse(page, 303)
        return RedirectResponse(request.url_for("thanks", sn=order.order_sn), 303)

    async def thanks(self, request: Request) -> Response:
        order_sn = request.path_params["sn"]
        for shop in self._sim.world.shops.values():
            if order := shop.orders.get(order_sn):
                context = {"shop": shop, "order": order, "total": money(order.total, shop.market)}
                return TEMPLATES.TemplateResponse(request, "bought.html.j2", context)
        return Response("There is no such order.", 404, media_type="text/plain")


def money(amount: Decimal, market: Market) -> str:
    shown = f"{amount:,.{market.decimals}f}"
    if market.currency in {"IDR", "VND"}:
        shown = shown.replace(",", ".")
    return f"{SYMBOLS[market.currency]} {shown}"
