"""Controls over reviews: a buyer says something, the platform hides it, the seller answers in the seller centre."""

from typing import Any

from simulator.shopee.simulation import Simulation
from simulator.shopee.wanted import UnknownThingError, find_shop
from simulator.world.reviews import Review, add_review

Fields = dict[str, Any]


class ReviewControls:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def write(self, fields: Fields) -> Fields:
        """The buyer of `order_sn` says something of its first line: `stars` (5), `words`, `photos` (0)."""
        shop = find_shop(self._sim, fields)
        order = shop.orders.get(str(fields["order_sn"]))
        if order is None:
            raise UnknownThingError("There is no such order in this shop.")
        made = add_review(
            shop,
            order,
            order.lines[0],
            stars=int(fields.get("stars", 5)),
            words=str(fields.get("words", "")),
            photos=int(fields.get("photos", 0)),
            at=self._sim.clock.now(),
        )
        return {"comment_id": made.number}

    async def act(self, fields: Fields) -> Fields:
        """`answer` with `words` as in the seller centre, or `hide`."""
        review = self._find(int(fields["number"]))
        match fields["action"]:
            case "answer":
                review.answer(str(fields["words"]), self._sim.clock.now())
            case "hide":
                review.is_hidden = True
            case other:
                raise UnknownThingError(f"There is no action {other!r}; choose one of ['answer', 'hide'].")
        return {"comment_id": review.number, "reply": review.reply, "hidden": review.is_hidden}

    def _find(self, number: int) -> Review:
        for shop in self._sim.world.shops.values():
            if review := shop.reviews.get(number):
                return review
        raise UnknownThingError(f"There is no comment {number}.")
