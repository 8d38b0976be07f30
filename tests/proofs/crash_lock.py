"""P8, `crash-lock`: what waited for a campaign is sent once it is over, whatever crashes on the way."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.proofs.crash_price import SWEPT, models_of, new_price, propose
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until
from tests.stage.seller import HOME_SHOP

SETTLED_WITHIN_S = 60.0
NEWS = "SELECT payload FROM outbox WHERE kind = 'lock_ended'"
BY_ITSELF = (*SWEPT, "hints.", "outbox.", "listings.", "orders.", "sync.", "button.", "cards.")
"""Passed for other reasons, too, or before anything is set free."""
ALWAYS = ("apply.push:before", "apply.push:after", "stock.push:before", "stock.push:after")


async def crash_lock(trial: Trial) -> Verdict:
    """P8: crashed at every failpoint of a release, a price and a stock that waited are set, and told once."""
    verdict = trial.verdict()
    async with open_scene(trial) as scene:
        models = await models_of(scene)
        points = await _learn(scene, models.pop())
        chosen = points * 3 if trial.is_release else [each for each in ALWAYS if each in points]
        for point in chosen:
            verdict.trials += await _crash_once(scene, models.pop(), point, verdict)
        verdict.numbers["failpoints"] = len(points)
    return verdict


async def _learn(scene: Scene, model: dict[str, Any]) -> list[str]:
    """Let a campaign end undisturbed and note what is passed until all that waited for it is set."""
    wait = await _wait_for(scene, model)
    scene.record()
    await wait.end()
    await until(wait.is_set, "the price and the stock to be set", within_s=SETTLED_WITHIN_S)
    return [point for point in scene.recorded() if not point.startswith(BY_ITSELF)]


async def _crash_once(scene: Scene, model: dict[str, Any], point: str, verdict: Verdict) -> int:
    """Crash one release at one point and judge it; return 0 when it did not come by there."""
    wait = await _wait_for(scene, model)
    verdict.check(await wait.is_untouched(), f"{point}: sent while the campaign held it")
    await scene.crash_at(point)
    await wait.end()
    try:
        await scene.stage.bot.ended(within_s=30)
    except AssertionError:
        scene.disarm()
        return 0
    shown = await wait.shown_price()
    state = wait.state()
    verdict.check(state != "applied" or shown == wait.price, f"{point}: applied, but the shop shows {shown}")
    await scene.start()
    try:
        await until(wait.is_set, "what waited to be set", within_s=SETTLED_WITHIN_S)
    except AssertionError:
        verdict.check(
            holds=False, otherwise=f"{point}: {await wait.is_untouched()=} after {SETTLED_WITHIN_S} s"
        )
        return 1
    for what, news in wait.news().items():
        verdict.check(len(news) == 1, f"{point}: the {what} was told in {len(news)} messages")
    return 1


class Wait:
    """A price and a stock that a campaign holds: what is to become of them, and what is."""

    def __init__(self, scene: Scene, model: dict[str, Any], campaign: int, card: Message, units: int) -> None:
        self.card = card
        self.price = new_price(model)
        self._units = units
        self._scene = scene
        self._model = model
        self._campaign = campaign

    async def end(self) -> None:
        await self._scene.stage.seller.control(f"campaign/{self._campaign}/end", {})

    async def shown_price(self) -> int:
        return int(await self._scene.stage.seller.price(self._model["item_id"], self._model["model_id"]))

    async def is_set(self) -> bool:
        is_priced = self.state() == "applied" and await self.shown_price() == self.price
        return is_priced and await self._stock() == self._units and self._is_shown()

    async def is_untouched(self) -> bool:
        now = (await self.shown_price(), await self._stock())
        return now == (int(float(self._model["price"])), sum(self._model["stock"].values()))

    def state(self) -> str:
        query = "SELECT state FROM change WHERE after = ? ORDER BY requested_at DESC"
        found = self._scene.rows(query, self.price * 10_000)
        return str(found[0][0]) if found else "none"

    def _is_shown(self) -> bool:
        query = "SELECT count(*) FROM shown_stock WHERE locked_since IS NOT NULL AND freed_at IS NULL"
        return self._scene.rows(query) == [(0,)]

    def news(self) -> dict[str, list[str]]:
        """Return the messages that tell of the price and of the stock: each begins to tell at a moment."""
        price = "SELECT locked_until, ended_at FROM change WHERE after = ? ORDER BY requested_at DESC"
        stock = "SELECT locked_until, freed_at FROM shown_stock ORDER BY freed_at DESC"
        found = {
            "price": self._scene.rows(price, self.price * 10_000)[0],
            "stock": self._scene.rows(stock)[0],
        }
        told = [json.loads(row[0]) for row in self._scene.rows(NEWS)]
        return {what: _latest(told, *map(_moment, moments)) for what, moments in found.items()}

    async def _stock(self) -> int:
        for item in (await self._scene.stage.seller.world())["shops"][0]["items"]:
            for each in item["models"]:
                if (item["item_id"], each["model_id"]) == (self._model["item_id"], self._model["model_id"]):
                    return sum(each["stock"].values())
        raise AssertionError("the model is gone")


def _latest(told: list[dict[str, str]], until: str, at: str) -> list[str]:
    """Return the last message that tells what was set free at a moment for this end."""
    return sorted(each["since"] for each in told if each["until"] == until and each["since"] <= at)[-1:]


def _moment(kept: str) -> str:
    return datetime.fromisoformat(kept).replace(tzinfo=UTC).isoformat()


async def _wait_for(scene: Scene, model: dict[str, Any]) -> Wait:
    """Begin a campaign, and have a price and a count wait for its end."""
    held = {"item_id": model["item_id"], "model_id": model["model_id"]}
    wanted = {"shop_id": HOME_SHOP, "name": "11.11", "lasts_s": 3600, "models": [held]}
    campaign = int((await scene.stage.seller.control("campaign", wanted))["promotion_id"])
    card = await propose(scene, model)
    await scene.phone.press(card, "^Approve")
    await scene.phone.sees_in(card, "waits until 11.11 ends")
    units = sum(model["stock"].values()) + 1
    asked = await scene.phone.say(f"/price {model['sku']}")
    shown = await scene.phone.sees("Not counted yet", after=asked)
    await scene.phone.press(shown, "^Set")
    draft = await scene.phone.sees("Draft: on hand", after=await scene.phone.say(str(units)))
    await scene.phone.press(draft, "^Send")
    await scene.phone.sees_in(draft, "waits until 11.11 ends")
    return Wait(scene, model, campaign, card, units)
