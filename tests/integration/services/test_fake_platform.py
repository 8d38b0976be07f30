"""The platform in memory is held to the contract of the real ones: a fake that lies proves nothing."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any, Literal

import pytest
import pytest_asyncio

from domain.clock import utc_now
from domain.errors import FateUnknown, PlatformError, PlatformUnavailable, RateLimited
from domain.money import Money
from domain.orders import OrderStatus, ParcelLine, ParcelState
from domain.returns import ReturnState, Solution
from domain.shops import ShopAccess
from tests.contract import test_platform as contract
from tests.contract import test_platform_fulfilment as contract_of_parcels
from tests.contract import test_platform_money as contract_of_money
from tests.contract import test_platform_order_actions as contract_of_actions
from tests.contract import test_platform_returns as contract_of_returns
from tests.contract import test_platform_reviews as contract_of_reviews
from tests.contract import test_platform_shop as contract_of_shops
from tests.contract import test_platform_standing as contract_of_standing
from tests.contract import test_platform_stock as contract_of_stock
from tests.contract.case import (
    Delivered,
    Fault,
    PlatformCase,
    Step,
    TrueIncome,
    TrueOrder,
    TrueParcel,
    TrueReturn,
    TrueReview,
    TrueVariant,
    Where,
)
from tests.factories import (
    listing_snapshot,
    money,
    order_line,
    order_snapshot,
    parcel,
    platform_app,
    price,
    variant_snapshot,
)
from tests.fakes.orders import changed
from tests.fakes.platform import FakePlatform

STEPS: dict[Step, OrderStatus] = {
    "hold": OrderStatus.PENDING,
    "await_invoice": OrderStatus.PENDING,
    "release": OrderStatus.TO_SHIP,
    "arrange": OrderStatus.ARRANGED,
    "pickup": OrderStatus.SHIPPED,
    "pickup_fails": OrderStatus.TO_SHIP,
    "deliver": OrderStatus.DELIVERED,
    "complete": OrderStatus.COMPLETED,
    "return": OrderStatus.RETURNING,
}
CONTRACT = {
    name: claim
    for part in (
        contract,
        contract_of_stock,
        contract_of_parcels,
        contract_of_money,
        contract_of_actions,
        contract_of_returns,
        contract_of_reviews,
        contract_of_standing,
        contract_of_shops,
    )
    for name, claim in vars(part).items()
}
HOME, BRANCH = "600011", "600012"
OPERATIONS: dict[Where, str] = {
    "orders": "orders_changed",
    "listings": "listings_changed",
    "prices": "push_prices",
    "stock": "push_stock",
    "shipping": "ship",
    "money": "released",
    "cancelling": "cancel",
    "returns": "accept",
    "reviews": "reply",
    "refresh": "refresh",
}


class FakeCase(PlatformCase):
    """A shop of 110 listings and 220 orders."""

    wrong_decimals = Decimal("119000.5")

    def __init__(self) -> None:
        self._bazaar = FakePlatform(utc_now, page_size=50)
        self._home = self._bazaar.add_shop(HOME)
        self._bazaar.add_shop(BRANCH, name="Cabang")
        self._fill()
        self._pushes: asyncio.Queue[Delivered] = asyncio.Queue()
        self.platform = self.impatient = self._bazaar.platform
        self.app = platform_app()
        self.shop = ShopAccess(self.app, HOME, "ID", "IDR", self._bazaar.issue(HOME))

    def _fill(self) -> None:
        now = utc_now().replace(microsecond=0)
        for number in range(110):
            locked = now + timedelta(hours=3) if number == 0 else None
            variants = [
                variant_snapshot("1", price=price(129000, locked_until=locked), available=number),
                variant_snapshot("2", 99000, available=number),
            ]
            self._home.list(
                listing_snapshot(str(900000 + number), *variants, updated_at=now - timedelta(days=9))
            )
        statuses = [each for each in OrderStatus if each is not OrderStatus.UNKNOWN]
        for number in range(220):
            at = now - timedelta(hours=3 * number + 1)
            status = statuses[number % len(statuses)]
            self._home.place(
                order_snapshot(f"2603{number:08d}", status, placed_at=at, paid_at=at, updated_at=at)
            )
            if number % 2:
                self._bazaar.settlements.release(f"2603{number:08d}", at)

    async def consent(self, page: str, *, many_shops: bool = False) -> Mapping[str, str]:
        query = self._bazaar.consent(page, *([HOME, BRANCH] if many_shops else [HOME]))
        self._deliver("authorised", HOME)
        return query

    async def variants(self) -> Sequence[TrueVariant]:
        now = utc_now()
        return [
            TrueVariant(
                listing.external_id,
                each.external_id,
                each.price.listed.amount,
                each.price.buyer_pays.amount,
                each.available,
                each.reserved,
                is_locked=each.price.locked_until is not None and each.price.locked_until > now,
                is_listed=True,
            )
            for listing in self._home.listings.values()
            for each in listing.variants
        ]

    async def orders(self) -> Sequence[TrueOrder]:
        return [
            TrueOrder(
                each.external_id,
                each.raw_status,
                each.total.amount if each.total else Decimal(0),
                int(each.updated_at.timestamp()),
                tuple(
                    (
                        line.listing_external_id,
                        line.variant_external_id,
                        line.quantity,
                        line.unit_price.amount,
                    )
                    for line in each.lines
                ),
            )
            for each in self._home.orders.values()
        ]

    async def buy(
        self, *variants: TrueVariant, courier: str = "J&T Express", is_paid: bool = True, units: int = 1
    ) -> str:
        number = f"2603NEW{len(self._home.orders):05d}"
        now = utc_now().replace(microsecond=0)  # platforms tell whole seconds
        lines = [
            order_line(units, listing_external_id=each.listing, variant_external_id=each.variant)
            for each in variants
        ]
        held = [ParcelLine(each.listing, each.variant, units) for each in variants]
        state = ParcelState.TO_ARRANGE if is_paid else ParcelState.WAITING
        packed = parcel(
            f"P{number}",
            courier=courier,
            courier_id=courier,
            lines=tuple(held),
            state=state,
            is_instant="Instant" in courier,
        )
        status = OrderStatus.TO_SHIP if is_paid else OrderStatus.UNPAID
        facts = {"placed_at": now, "updated_at": now, "lines": tuple(lines), "parcels": (packed,)}
        self._home.place(order_snapshot(number, status, **facts))
        self._deliver("order", HOME, number)
        return number

    async def complete(self, number: str) -> None:
        now = utc_now()
        known = self._home.orders[number]
        self._home.place(
            replace(known, status=OrderStatus.COMPLETED, updated_at=now, digest=f"{number} done")
        )
        self._bazaar.settlements.release(number, now)

    async def incomes(self) -> Sequence[TrueIncome]:
        releases = self._bazaar.settlements.releases
        return [
            TrueIncome(
                each.external_id,
                self._bazaar.settlements.statement(each).payout.amount,
                int(releases[each.external_id].timestamp()) if each.external_id in releases else None,
            )
            for each in self._home.orders.values()
            if each.paid_at
        ]

    async def step(self, number: str, step: Step) -> None:
        if step == "ask_cancel":
            self._bazaar.order_actions.ask_to_cancel(self._home, number)
            return
        if step == "refuse_cancel":
            await self.platform.order_actions.answer_cancellation(self.shop, number, is_accepted=False)
            return
        order = self._home.orders[number]
        to = changed(replace(order, status=STEPS[step], raw_status=STEPS[step].upper(), updated_at=utc_now()))
        self._home.place(to)

    async def buyer_returns(self, number: str) -> str:
        back = self._bazaar.returns.ask(self._home, number)
        self._deliver("return", HOME, back.external_id)
        return back.external_id

    async def true_return(self, number: str) -> TrueReturn:
        back = self._bazaar.returns.kept[number]
        proof, said = self._bazaar.returns.proof.get(number, ()), self._bazaar.returns.disputes.get(number)
        updated_s = int(back.updated_at.timestamp())
        return TrueReturn(back.raw_state, back.refund.amount, updated_s, proof, said.text if said else "")

    async def buyer_offers(self, number: str, amount: Decimal) -> None:
        back = self._bazaar.returns.kept[number]
        offered = Money(amount, back.refund.currency)
        self._bazaar.returns.keep(
            replace(back, offered=offered, offered_solution=Solution.REFUND, is_buyers_offer=True)
        )

    async def return_step(self, number: str, step: Literal["judge", "warehouse", "withdraw"]) -> None:
        returns = self._bazaar.returns
        if step == "warehouse":
            returns.keep(replace(returns.kept[number], is_decided_elsewhere=True))
        else:
            returns.move(number, ReturnState.JUDGING if step == "judge" else ReturnState.CANCELLED)

    async def buyer_reviews(self, order: str, stars: int, text: str, photos: int = 0) -> str:
        return self._bazaar.reviews.write(self._home, order, stars, text, photos).external_id

    async def seller_answers(self, review: str, text: str) -> None:
        self._bazaar.reviews.answer(review, text)

    async def true_reviews(self) -> Mapping[str, TrueReview]:
        return {
            number: TrueReview(
                each.order_external_id,
                each.listing_external_id,
                each.stars,
                each.text,
                each.photos,
                each.reply,
                int(each.created_at.timestamp()),
            )
            for number, each in self._bazaar.reviews.kept.items()
        }

    async def parcels(self, number: str) -> Sequence[TrueParcel]:
        return [
            TrueParcel(each.external_id, each.courier, each.raw_status, each.tracking_number)
            for each in self._home.orders[number].parcels
        ]

    async def split(self, number: str) -> None:
        order = self._home.orders[number]
        whole = order.parcels[0]
        parts = tuple(
            replace(whole, external_id=f"{whole.external_id}-{at}", lines=(line,))
            for at, line in enumerate(whole.lines)
        )
        self._home.place(replace(order, parcels=parts, updated_at=utc_now(), digest=f"{order.digest}-split"))

    async def hold_numbers(self, *, held: bool) -> None:
        self._bazaar.fulfilment.is_numbering = not held

    async def fail_labels(self, count: int) -> None:
        self._bazaar.fulfilment.failing_labels = count

    async def buyer_cancels(self, number: str) -> None:
        known = self._home.orders[number]
        self._home.place(
            order_snapshot(
                number,
                OrderStatus.CANCELLED,
                updated_at=utc_now(),
                lines=known.lines,
                parcels=known.parcels,
                cancelled_by="buyer",
            )
        )

    async def seller_edits_price(self, variant: TrueVariant, price: Decimal) -> None:
        self._home.set_price(variant.listing, money(str(price)), variant.variant, at=utc_now())

    async def seller_edits_stock(self, variant: TrueVariant, units: int) -> None:
        self._home.set_units(variant.listing, units, variant.variant, at=utc_now())

    async def hold_stock(self, variant: TrueVariant, reserved: int, until_s: int) -> None:
        left = variant.available - reserved
        self._home.edit(variant.listing, variant.variant, available=left, reserved=reserved)
        self._bazaar.held_stock.add((variant.listing, variant.variant))

    async def lock(self, variant: TrueVariant, until_s: int) -> None:
        until = utc_now().replace(microsecond=0)
        self._home.lock(
            variant.listing, until + timedelta(seconds=until_s - until.timestamp()), variant.variant
        )

    async def break_next(self, fault: Fault, where: Where) -> None:
        kind: type[PlatformError] = PlatformUnavailable if where in {"orders", "listings"} else FateUnknown
        error = kind(platform="bazaar", operation=where, reason=fault)
        if fault == "rate_limit":
            error = RateLimited(platform="bazaar", operation=where, retry_after_s=1)
        self._bazaar.fail(OPERATIONS[where], error, is_done=fault == "timeout_after")

    async def expire_access(self) -> None:
        self._bazaar.expire_access()

    async def revoke(self) -> None:
        self._bazaar.revoke()

    async def ban(self) -> None:
        self._home.is_banned = True

    async def penalise(self, points: int) -> None:
        self._bazaar.standing.penalise(points)

    async def listen(self) -> None:
        self._bazaar.on_event = self._deliver

    async def lose_pushes(self, *, lost: bool) -> None:
        self._bazaar.on_event = self._lose if lost else self._deliver

    def _lose(self, kind: str, external_id: str, *ids: str) -> None:
        headers, body = self._bazaar.push(self.app, kind, external_id, *ids)
        for hint in self._bazaar.verify_and_parse(self.app, headers, body):
            self._bazaar.keep(hint)

    async def pushed(self) -> Delivered:
        async with asyncio.timeout(5):
            return await self._pushes.get()

    def _deliver(self, kind: str, external_id: str, *ids: str) -> None:
        if self._bazaar.on_event == self._lose:
            self._lose(kind, external_id, *ids)
        elif self._bazaar.on_event:
            headers, body = self._bazaar.push(self.app, kind, external_id, *ids)
            self._pushes.put_nowait(Delivered(headers, body))


def claims() -> list[Any]:
    """Return every test of the contract that is about a platform, once for each of its parameters."""
    found = []
    for name, claim in CONTRACT.items():
        if not name.startswith("test_") or "case" not in inspect.signature(claim).parameters:
            continue
        marks = [mark for mark in getattr(claim, "pytestmark", []) if mark.name == "parametrize"]
        for values in product(*(mark.args[1] for mark in marks)):
            chosen: dict[str, Any] = {}
            for mark, value in zip(marks, values, strict=True):
                names = [mark.args[0]] if isinstance(mark.args[0], str) else list(mark.args[0])
                chosen |= dict(zip(names, value if len(names) > 1 else [value], strict=True))
            found.append(pytest.param(claim, chosen, id="-".join([name, *map(str, values)])))
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def case() -> FakeCase:
    return FakeCase()


@pytest.mark.parametrize(("claim", "chosen"), claims())
async def test_the_platform_in_memory_keeps_the_contract(
    claim: Callable[..., Awaitable[None]], chosen: dict[str, Any], case: FakeCase
) -> None:
    await claim(case=case, **chosen)


def test_the_contract_has_claims() -> None:
    assert len(claims()) > 30


# What services rely on besides


async def test_grace_gives_the_pair_of_a_lost_answer_once_more(case: FakeCase) -> None:
    case._bazaar.has_grace = True
    spent = case.shop.credentials.refresh_token
    first = await case.platform.linking.refresh(case.app, HOME, spent)
    assert await case.platform.linking.refresh(case.app, HOME, spent) == first


async def test_more_ids_than_a_call_takes_are_refused(case: FakeCase) -> None:
    with pytest.raises(PlatformError):
        await case.platform.orders.fetch_orders(case.shop, [str(number) for number in range(99)])


async def test_a_price_shown_late_is_accepted_and_shown_when_it_catches_up(case: FakeCase) -> None:
    variant = await contract.free_variant(case)
    case._bazaar.is_late = True
    pushed = contract.push_of(case, variant, variant.price + 1000)
    await case.platform.catalogue.push_prices(case.shop, [pushed])
    assert (await contract.variant_now(case, variant)).price.listed == Money(variant.price, "IDR")
    case._bazaar.catch_up()
    assert (await contract.variant_now(case, variant)).price.listed == pushed.price


async def test_another_shops_token_opens_nothing(case: FakeCase) -> None:
    case._bazaar.issue(BRANCH)
    with pytest.raises(PlatformError):
        await case.platform.linking.fetch_shop(replace(case.shop, external_id=BRANCH))
