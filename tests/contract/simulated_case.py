"""A case over a simulator: what every one is moved and broken with, since all share the world and its controls."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Literal

import httpx

from tests.contract.case import (
    Delivered,
    Fault,
    PlatformCase,
    Step,
    TrueIncome,
    TrueOrder,
    TrueParcel,
    TrueReturn,
    TrueVariant,
    Where,
)

NOWHERE = "http://127.0.0.1:9/hooks"
"""An address at which nobody answers."""


class SimulatedCase(PlatformCase):
    """`home` is the shop under test; `listed` and `gone` are the platform's words for listings that are."""

    home: ClassVar[str]
    paths: ClassVar[Mapping[Where, str]]
    listed: ClassVar[str]
    gone: ClassVar[frozenset[str]]

    def __init__(self, http: httpx.AsyncClient, received: asyncio.Queue[Delivered]) -> None:
        self.patience_s = 10.0
        self._http = http
        self._received = received

    def named(self, variant: TrueVariant) -> dict[str, Any]:
        """Name a variant to the simulator."""
        return {"item_id": variant.listing, "model_id": variant.variant}

    async def variants(self) -> Sequence[TrueVariant]:
        return [
            TrueVariant(
                str(item["item_id"]),
                str(model["model_id"]),
                Decimal(model["price"]),
                Decimal(model["buyer_price"]),
                model["available"],
                model["reserved"],
                model["price_locked"],
                item["status"] == self.listed,
            )
            for item in (await self._world())["items"]
            if item["status"] not in self.gone
            for model in item["models"]
        ]

    async def orders(self) -> Sequence[TrueOrder]:
        return [
            TrueOrder(
                order["order_sn"],
                order["status"],
                Decimal(order["total_amount"]),
                order["update_time"],
                tuple(
                    (str(line["item_id"]), str(line["model_id"]), line["quantity"], Decimal(line["price"]))
                    for line in order["lines"]
                ),
            )
            for order in (await self._world())["orders"]
        ]

    async def buy(
        self, *variants: TrueVariant, courier: str = "J&T Express", is_paid: bool = True, units: int = 1
    ) -> str:
        lines = [self.named(each) | {"quantity": units} for each in variants]
        placed = await self._control("orders", lines=lines, courier=courier, pay=is_paid)
        return str(placed["order_sn"])

    async def complete(self, number: str) -> None:
        for step in ("arrange", "pickup", "deliver", "complete"):
            await self._control(f"orders/{number}/{step}")

    async def incomes(self) -> Sequence[TrueIncome]:
        return [
            TrueIncome(order["order_sn"], Decimal(order["escrow_amount"]), order["released_at"])
            for order in (await self._world())["orders"]
            if order["escrow_amount"] is not None
        ]

    async def step(self, number: str, step: Step) -> None:
        await self._control(f"orders/{number}/{step}")

    async def buyer_returns(self, number: str) -> str:
        for step in ("arrange", "pickup", "deliver", "return"):
            await self._control(f"orders/{number}/{step}")
        found = [each for each in (await self._world())["returns"] if each["order_sn"] == number]
        return str(found[0]["return_sn"])

    async def true_return(self, number: str) -> TrueReturn:
        found = next(each for each in (await self._world())["returns"] if each["return_sn"] == number)
        refund = Decimal(found["refund_amount"])
        words, proof = found["dispute_words"], tuple(found["evidence"])
        return TrueReturn(found["status"], refund, found["update_time"], proof, words)

    async def buyer_offers(self, number: str, amount: Decimal) -> None:
        await self._control(f"returns/{number}/offer", amount=str(amount))

    async def return_step(self, number: str, step: Literal["judge", "warehouse", "withdraw"]) -> None:
        await self._control(f"returns/{number}/{step}")

    async def parcels(self, number: str) -> Sequence[TrueParcel]:
        order = next(each for each in (await self._world())["orders"] if each["order_sn"] == number)
        return [
            TrueParcel(each["package_number"], each["courier"], each["status"], each["tracking_number"])
            for each in order["parcels"]
        ]

    async def split(self, number: str) -> None:
        await self._control(f"orders/{number}/split")

    async def hold_numbers(self, *, held: bool) -> None:
        await self._control("couriers", tracking_lag_s=3600 if held else 0, now=not held)

    async def fail_labels(self, count: int) -> None:
        await self._control("documents", failing=count)

    async def buyer_cancels(self, number: str) -> None:
        await self._control(f"orders/{number}/cancel")

    async def seller_edits_price(self, variant: TrueVariant, price: Decimal) -> None:
        await self._control("price", **self.named(variant), price=str(price))

    async def seller_edits_stock(self, variant: TrueVariant, units: int) -> None:
        await self._control("stock", **self.named(variant), stock=units)

    async def hold_stock(self, variant: TrueVariant, reserved: int, until_s: int) -> None:
        held = self.named(variant) | {"reserved": reserved}
        await self._control("campaign", models=[held], until=until_s, lock_stock=True, lock_price=False)

    async def lock(self, variant: TrueVariant, until_s: int) -> None:
        await self._control("campaign", models=[self.named(variant)], until=until_s)

    async def break_next(self, fault: Fault, where: Where) -> None:
        await self._control("faults", kind=fault, path=self.paths[where], status=502)

    async def expire_access(self) -> None:
        await self._control("tokens/expire", what="access")

    async def revoke(self) -> None:
        await self._control("tokens/revoke")

    async def ban(self) -> None:
        await self._control(f"shops/{self.home}", banned=True)

    async def penalise(self, points: int) -> None:
        await self._control(f"shops/{self.home}", points=points)

    async def listen(self) -> None:
        await self._control("push_url", url=self.app.hook_url)

    async def lose_pushes(self, *, lost: bool) -> None:
        await self._control("pushes/pace", retry_scale=0)
        await self._control("push_url", url=NOWHERE if lost else self.app.hook_url)

    async def pushed(self) -> Delivered:
        return await asyncio.wait_for(self._received.get(), timeout=self.patience_s)

    async def _world(self) -> dict[str, Any]:
        told = await self._http.get("/control/world", params={"shop_id": self.home})
        world: dict[str, Any] = told.json()["shops"][0]
        return world

    async def _control(self, handle: str, /, **fields: Any) -> dict[str, Any]:
        answered = await self._http.post(f"/control/{handle}", json=fields)
        assert answered.status_code == 200, answered.text
        told: dict[str, Any] = answered.json()
        return told
