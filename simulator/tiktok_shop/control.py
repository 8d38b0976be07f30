"""The simulator's own handles, outside the platform: make things happen, break things, read the truth."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.stand_in import double_day
from simulator.stand_in.faults import UnknownFaultError, parse_fault
from simulator.tiktok_shop import numbers
from simulator.tiktok_shop.accounts import ACCOUNTS, HOME_SHOP
from simulator.tiktok_shop.announcer import Announcer
from simulator.tiktok_shop.consent import ConsentPages
from simulator.tiktok_shop.control_orders import OrderControls
from simulator.tiktok_shop.control_world import describe_shop
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.wanted import UnknownThingError, as_bool, find_shop, find_variant
from simulator.world.parcels import give_numbers
from simulator.world.promotions import Promotion, PromotionRow
from simulator.world.returns import ReturnError
from simulator.world.trade import TradeError

Fields = dict[str, Any]
Control = Callable[[Fields], Awaitable[Fields]]


class ControlError(ValueError):
    """The request makes no sense."""


class Controls:
    def __init__(self, simulation: Simulation, pages: ConsentPages, announcer: Announcer) -> None:
        self._sim = simulation
        self._pages = pages
        self._announcer = announcer
        self._orders = OrderControls(simulation, announcer)

    def routes(self) -> list[Route]:
        posts: dict[str, Control] = {
            "orders": self._orders.place,
            "orders/{sn}/{action}": self._orders.act,
            "returns/{number}/{action}": self._orders.act_on_return,
            "stock": self.stock,
            "price": self.price,
            "campaign": self.campaign,
            "campaign/{promotion_id:int}/end": self.end_campaign,
            "double-day": self.begin_double_day,
            "authorise": self.authorise,
            "tokens/expire": self.expire_tokens,
            "tokens/revoke": self.revoke,
            "tokens/lifetime": self.token_lifetime,
            "faults": self.add_fault,
            "faults/clear": self.clear_faults,
            "visibility_lag": self.visibility_lag,
            "couriers": self.couriers,
            "documents": self.documents,
            "statements/close": self.close_books,
            "clock": self.clock,
            "push_url": self.push_url,
            "pushes/pace": self.push_pace,
            "app": self.app_switches,
            "shops/{shop_id:int}": self.shop_switches,
        }
        gets: dict[str, Callable[[Request], Fields]] = {
            "world": self.world,
            "calls": self.calls,
            "pushes": self.pushes,
            "double-day": self.look_at_double_day,
        }
        return [
            *(Route(f"/control/{path}", _post(control), methods=["POST"]) for path, control in posts.items()),
            *(Route(f"/control/{path}", _get(control), methods=["GET"]) for path, control in gets.items()),
        ]

    async def stock(self, fields: Fields) -> Fields:
        """Edit stock in the seller centre: all of a SKU's, or that of one location."""
        shop, listing, variant = find_variant(self._sim, fields)
        location = str(fields.get("location_id", shop.locations[0]))
        if location not in variant.stock:
            raise ControlError(f"The shop has no location {location!r}.")
        if "location_id" not in fields:
            for other in variant.stock:
                self._sim.world.change_stock(shop, listing, variant, other, 0)
        self._sim.world.change_stock(shop, listing, variant, location, int(fields["stock"]))
        return {"stock": variant.stock}

    async def price(self, fields: Fields) -> Fields:
        """Edit a price in the seller centre."""
        shop, listing, variant = find_variant(self._sim, fields)
        self._sim.world.change_price(shop, listing, variant, Decimal(str(fields["price"])))
        return {"price": variant.price}

    async def campaign(self, fields: Fields) -> Fields:
        """Run a campaign over some SKUs: a price, units kept back, price and stock held fast, until it ends."""
        now = self._sim.clock.now()
        starts_at = now + timedelta(seconds=float(fields.get("starts_in_s", 0)))
        shop = find_shop(self._sim, fields)
        rows = {}
        for wanted in fields["models"]:
            _, listing, variant = find_variant(self._sim, {"shop_id": shop.id, **wanted})
            price = Decimal(str(wanted["price"])) if "price" in wanted else variant.price
            rows[variant.id] = PromotionRow(listing.id, variant.id, price, int(wanted.get("reserved", 0)))
        ends_at = (
            datetime.fromtimestamp(fields["until"], tz=now.tzinfo)
            if "until" in fields
            else starts_at + timedelta(seconds=float(fields.get("lasts_s", 3600)))
        )
        promotion = Promotion(
            id=self._sim.world.next_promotion_id(),
            name=str(fields.get("name", "Flash Sale")),
            starts_at=starts_at,
            ends_at=ends_at,
            rows=rows,
            locks_price=as_bool(fields, "lock_price", default=True),
            locks_stock=as_bool(fields, "lock_stock", default=True),
        )
        self._sim.world.run_promotion(shop, promotion)
        return {"promotion_id": promotion.id, "ends_at": int(ends_at.timestamp())}

    async def end_campaign(self, fields: Fields) -> Fields:
        for shop in self._sim.world.shops.values():
            for promotion in shop.promotions:
                if promotion.id == fields["promotion_id"]:
                    self._sim.world.end_promotion(shop, promotion)
                    return {"promotion_id": promotion.id}
        raise UnknownThingError("No such campaign.")

    async def begin_double_day(self, fields: Fields) -> Fields:
        shop = find_shop(self._sim, fields)
        return double_day.begin(self._sim.world, self._sim.double_days, shop, fields, set())

    def look_at_double_day(self, request: Request) -> Fields:
        day = self._sim.double_days.get(find_shop(self._sim, dict(request.query_params)).id)
        if day is None:
            raise UnknownThingError("This shop has no double-day.")
        return double_day.told(day, lambda order: numbers.order_id(order.order_sn))

    async def authorise(self, fields: Fields) -> Fields:
        """Consent without the page: `account` as on the page, `days` as long as wanted. Answers with the code."""
        account = ACCOUNTS.get(str(fields.get("account", f"shop:{HOME_SHOP.id}")))
        if account is None:
            raise ControlError(f"account should be one of {list(ACCOUNTS)}.")
        return {"code": self._pages.consent(account, timedelta(days=float(fields.get("days", 365))))}

    async def expire_tokens(self, fields: Fields) -> Fields:
        what = fields.get("what", "access")
        if what not in {"access", "refresh", "authorisation"}:
            raise ControlError("what should be access, refresh or authorisation.")
        for grant in self._sim.tokens.of_shop(find_shop(self._sim, fields).id):
            self._sim.tokens.expire(grant, what)
        self._announcer.watch()
        return {"expired": what}

    async def revoke(self, fields: Fields) -> Fields:
        """The seller cancels the authorisation of a shop."""
        shop = find_shop(self._sim, fields)
        for grant in self._sim.tokens.of_shop(shop.id):
            self._announcer.cancelled(grant)
            self._sim.tokens.cancel(grant)
        return {"revoked": str(shop.id)}

    async def token_lifetime(self, fields: Fields) -> Fields:
        self._sim.tokens.access_life = timedelta(seconds=float(fields["access_s"]))
        return {"access_s": fields["access_s"]}

    async def add_fault(self, fields: Fields) -> Fields:
        fault = parse_fault(fields)
        self._sim.faults.add(fault)
        return {"kind": fault.kind, "count": fault.left, "probability": fault.probability}

    async def clear_faults(self, _fields: Fields) -> Fields:
        self._sim.faults.clear()
        return {}

    async def visibility_lag(self, fields: Fields) -> Fields:
        self._sim.visibility_lag = timedelta(seconds=float(fields["seconds"]))
        return {"seconds": fields["seconds"]}

    async def couriers(self, fields: Fields) -> Fields:
        """Have couriers take `tracking_lag_s` until a parcel's number can be seen, or give all numbers `now`."""
        self._sim.world.tracking_lag = timedelta(seconds=float(fields["tracking_lag_s"]))
        if as_bool(fields, "now", default=False):
            give_numbers(self._sim.world)
        return {"tracking_lag_s": fields["tracking_lag_s"]}

    async def documents(self, fields: Fields) -> Fields:
        """Have labels take `lag_s`, and the next `failing` ones much longer."""
        documents = self._sim.documents
        documents.lag = timedelta(seconds=float(fields.get("lag_s", documents.lag.total_seconds())))
        documents.failing = int(fields.get("failing", documents.failing))
        return {"lag_s": documents.lag.total_seconds(), "failing": documents.failing}

    async def close_books(self, _fields: Fields) -> Fields:
        """Make the statement now that midnight would bring."""
        at = self._sim.clock.now() + timedelta(microseconds=1)
        self._sim.closings.append(at)
        return {"at": int(at.timestamp())}

    async def clock(self, fields: Fields) -> Fields:
        """Move the clock: `freeze`, `resume`, `advance_s`, `now` (an epoch second)."""
        clock = self._sim.clock
        if fields.get("freeze"):
            clock.freeze()
        if fields.get("resume"):
            clock.resume()
        if "now" in fields:
            clock.set(datetime.fromtimestamp(fields["now"], tz=clock.now().tzinfo))
        if "advance_s" in fields:
            clock.advance(timedelta(seconds=float(fields["advance_s"])))
        self._announcer.watch()
        return {"now": clock.now().timestamp(), "frozen": clock.is_frozen}

    async def push_url(self, fields: Fields) -> Fields:
        """Save the address of webhooks as in the console."""
        self._sim.webhooks.callback_url = str(fields["url"])
        return {"url": self._sim.webhooks.callback_url}

    async def push_pace(self, fields: Fields) -> Fields:
        webhooks = self._sim.webhooks
        webhooks.retry_scale = float(fields.get("retry_scale", webhooks.retry_scale))
        webhooks.timeout_s = float(fields.get("timeout_s", webhooks.timeout_s))
        return {"retry_scale": webhooks.retry_scale, "timeout_s": webhooks.timeout_s}

    async def app_switches(self, fields: Fields) -> Fields:
        """Set what the Partner Center has: `scopes`, `allowed_addresses`, `redirect_url`; and the platform's pace."""
        app, sim = self._sim.app, self._sim
        app.scopes = tuple(fields.get("scopes", app.scopes))
        app.allowed_addresses = frozenset(fields.get("allowed_addresses", app.allowed_addresses))
        app.redirect_url = str(fields.get("redirect_url", app.redirect_url))
        app.calls_per_second = int(fields.get("calls_per_second", app.calls_per_second))
        sim.remorse = timedelta(seconds=float(fields.get("remorse_s", sim.remorse.total_seconds())))
        sim.audit_lag = timedelta(seconds=float(fields.get("audit_lag_s", sim.audit_lag.total_seconds())))
        return {}

    async def shop_switches(self, fields: Fields) -> Fields:
        shop = find_shop(self._sim, fields)
        standing = self._sim.standings[shop.id]
        standing.is_banned = as_bool(fields, "banned", default=standing.is_banned)
        return {"banned": standing.is_banned}

    def world(self, request: Request) -> Fields:
        wanted = request.query_params.get("shop_id")
        return {
            "now": self._sim.clock.now().timestamp(),
            "shops": [
                describe_shop(self._sim, shop, with_orders=request.query_params.get("orders") != "false")
                for shop in self._sim.world.shops.values()
                if wanted is None or str(shop.id) == wanted
            ],
        }

    def calls(self, request: Request) -> Fields:
        return {"calls": self._sim.journal.since(int(request.query_params.get("after", "0")))}

    def pushes(self, request: Request) -> Fields:
        webhooks = self._sim.webhooks
        return {
            "pushes": webhooks.attempts_since(int(request.query_params.get("after", "0"))),
            "open": webhooks.open_count,
        }


def _post(control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            fields = json.loads(raw) if raw else {}
            return _json(await control({**fields, **request.path_params}), 200)
        except (TradeError, ReturnError) as error:
            return _json({"error": str(error)}, 409)
        except UnknownThingError as error:
            return _json({"error": str(error)}, 404)
        except (UnknownFaultError, ControlError, InvalidOperation, KeyError, TypeError, ValueError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


def _get(control: Callable[[Request], Fields]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return _json(control(request), 200)
        except UnknownThingError as error:
            return _json({"error": str(error)}, 404)

    return endpoint


def _json(body: Fields, status: int) -> Response:
    return Response(json.dumps(body, default=str, ensure_ascii=False), status, media_type="application/json")
