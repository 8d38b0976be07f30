"""A small page for the buyer's side of any platform, so that a person can click an order into being."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from simulator.stand_in.photos import image_id
from simulator.world import trade
from simulator.world.currencies import Market
from simulator.world.orders import Order
from simulator.world.shops import Listing, ListingState, Shop
from simulator.world.world import World

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
    """`number` gives an order the name that the platform calls it by."""

    def __init__(self, world: World, templates: Jinja2Templates, number: Callable[[Order], str]) -> None:
        self._world = world
        self._templates = templates
        self._number = number

    def routes(self) -> list[Route]:
        return [
            Route("/buyer", self.shelf, methods=["GET"]),
            Route("/buyer/orders", self.buy, methods=["POST"]),
            Route("/buyer/orders/{sn}", self.thanks, methods=["GET"]),
        ]

    async def shelf(self, request: Request) -> Response:
        shop = self._shop(request.query_params.get("shop_id", ""))
        if shop is None:
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
        return self._templates.TemplateResponse(request, "buyer.html.j2", context)

    def _card(self, shop: Shop, listing: Listing) -> Card:
        now = self._world.clock.now()
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
            shop, wanted = self._wanted(fields)
            order = trade.place_order(self._world, shop, [wanted], trade.Checkout())
        except (trade.TradeError, KeyError, ValueError) as error:
            page = request.url_for("shelf").include_query_params(
                shop_id=fields.get("shop_id", ""), refusal=str(error)
            )
            return RedirectResponse(page, 303)
        return RedirectResponse(request.url_for("thanks", sn=order.order_sn), 303)

    def _wanted(self, fields: dict[str, str]) -> tuple[Shop, trade.Wanted]:
        """Find what the form names. Raises ValueError, or KeyError for a field that is not there."""
        shop = self._shop(fields["shop_id"])
        found = shop.find_variant(int(fields["item_id"]), int(fields.get("model_id", "0"))) if shop else None
        if shop is None or found is None:
            raise ValueError("There is no such thing in this shop.")
        listing, variant = found
        return shop, trade.Wanted(listing, variant, int(fields.get("quantity", "1")))

    async def thanks(self, request: Request) -> Response:
        order_sn = request.path_params["sn"]
        for shop in self._world.shops.values():
            if order := shop.orders.get(order_sn):
                total = money(order.total, shop.market)
                context = {"shop": shop, "order": order, "number": self._number(order), "total": total}
                return self._templates.TemplateResponse(request, "bought.html.j2", context)
        return Response("There is no such order.", 404, media_type="text/plain")

    def _shop(self, shop_id: str) -> Shop | None:
        """Find a shop; the platform's first one where none is named."""
        shops = self._world.shops
        if not shop_id:
            return next(iter(shops.values()))
        return shops.get(int(shop_id)) if shop_id.isdecimal() else None


def money(amount: Decimal, market: Market) -> str:
    shown = f"{amount:,.{market.decimals}f}"
    if market.currency in {"IDR", "VND"}:
        shown = shown.replace(",", ".")
    return f"{SYMBOLS[market.currency]} {shown}"
