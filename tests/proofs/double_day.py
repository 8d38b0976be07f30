"""`double-day`: three people pack a day's rush through the chat alone, within Telegram's real limits.

No parcel is packed twice, none that was called off is handed over, none misses a courier it could have had, labels
come within a minute, and afterwards the platform and our books agree on every order, parcel, stock and price.
"""

import asyncio
import time
from collections import Counter

from simulator.shopee.calls.packages import PREFIX
from simulator.world.double_day import DoubleDay
from simulator.world.double_day_plan import Ending, Way
from simulator.world.orders import Order, OrderState
from tests.proofs.day_books import judge_books
from tests.proofs.day_hours import judge_hours
from tests.proofs.packer import BLINK_S, LONGEST_S, Packer, Table, now
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import until
from tests.stage.crew import bring_in
from tests.stage.seller import HOME_SHOP

NAMES = ("Budi", "Citra", "Dewi")
LABELS_WITHIN_S = 60.0
SOUNDS = 20
TAPS, CALLS = 0.2, 0.3
TAPS_CI, CALLS_CI = 0.35, 0.6
"""What is done once a courier and a batch weighs more in a short day, and a slow machine makes batches small."""
OPEN = {OrderState.UNPAID, OrderState.HELD}
PARCELS = "SELECT p.external_id, k.state FROM packing k JOIN parcel p ON p.id = k.parcel_id"


async def double_day(trial: Trial) -> Verdict:
    """Three people pack a double-day; the platform and our books agree afterwards."""
    verdict = trial.verdict()
    async with open_scene(trial) as scene:
        packers = [Packer(scene, await bring_in(scene.stage, scene.phone, name, "packer")) for name in NAMES]
        await asyncio.gather(*(each.begin() for each in packers))
        await _limit(scene)
        calls_before = _last_call(scene)
        began = time.monotonic()
        table = await _open(scene, verdict, trial)
        try:
            async with asyncio.TaskGroup() as room:
                for each in packers:
                    room.create_task(each.work(table))
                room.create_task(_couriers(table, packers))
            await _quiet(scene)
        except* AssertionError as vain:
            if trial.one_will_do:
                _judge_repeats(table)
                raise  # whoever waits in vain has noticed nothing of what is looked for
            verdict.check(False, str(vain.exceptions[0]))
        verdict.numbers["took_s"] = round(time.monotonic() - began)
        _judge_parcels(table)
        _judge_kinds(table)
        await _judge_work(table, packers, calls_before, is_release=trial.is_release)
        judge_hours(table)
        await judge_books(scene, verdict)
        verdict.trials = len(table.day.plan.purchases)
    return verdict


async def _limit(scene: Scene) -> None:
    """Have Telegram keep its real limits from now on, and StoreSync know them."""
    await _quiet(scene)
    await scene.stage.stop_bot()
    scene.stage.environment |= {"TELEGRAM_CHAT_RPS": "0.95", "TELEGRAM_RPS": "25"}
    await scene.stage.phones.post("/client/faults", json={"kind": "real_limits", "on": True})
    await scene.start()


async def _open(scene: Scene, verdict: Verdict, trial: Trial) -> Table:
    """Let the day begin."""
    lasts_s = trial.size(4, 240)  # so that three people who read and scan at once are busy all day
    day = {"shop_id": HOME_SHOP, "orders": trial.size(200, 800), "lasts_s": lasts_s, "seed": trial.seed}
    await scene.stage.seller.control("double-day", day)
    played = scene.stage.shopee.simulation.double_days[HOME_SHOP]
    is_out = False

    def look() -> bool:
        nonlocal is_out
        is_out = is_out or _is_out(scene, played)
        return is_out

    return Table(scene, verdict, played, look, is_hasty=trial.one_will_do)


async def _couriers(table: Table, packers: list[Packer]) -> None:
    """Couriers come at their hours of the day, and once more when all is packed: each time somebody hands over."""
    for at, (courier, hour) in enumerate(sorted(table.day.cut_offs().items(), key=lambda each: each[1])):

        async def is_here(hour: float = (hour - table.day.begins_at).total_seconds()) -> bool:
            return (now() - table.day.begins_at).total_seconds() >= hour

        await until(is_here, "a courier", within_s=table.day.lasts.total_seconds() + 60, every_s=BLINK_S)
        await packers[at % len(packers)].hand_over(table, courier)

    async def is_packed() -> bool:
        left = "SELECT count(*) FROM packing WHERE state IN ('to_arrange', 'arranged', 'printed', 'pull_out')"
        return table.is_out() and not table.scene.rows(left)[0][0]

    await until(is_packed, "everything to be packed", within_s=LONGEST_S, every_s=BLINK_S)
    for at, courier in enumerate(table.day.cut_offs()):
        await packers[at % len(packers)].hand_over(table, courier)


def _is_out(scene: Scene, day: DoubleDay) -> bool:
    """Tell whether no buyer comes any more, and all that is to be packed is in our books."""
    came = day.played["placed"] + day.played["found_nothing"]
    if came < len(day.plan.purchases) or any(one.order.state in OPEN for one in day.placed):
        return False
    known = {row[0] for row in scene.rows(PARCELS)}
    to_ship = [one.order for one in day.placed if one.order.state is OrderState.TO_SHIP]
    return all(PREFIX + parcel.number in known for order in to_ship for parcel in order.parcels)


def _orders(scene: Scene) -> list[Order]:
    return list(scene.stage.shopee.simulation.world.shops[HOME_SHOP].orders.values())


def _last_call(scene: Scene) -> int:
    return max((call["id"] for call in scene.stage.shopee.simulation.journal.since(0)), default=0)


async def _quiet(scene: Scene) -> None:
    async def is_quiet() -> bool:
        return bool(
            scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0] == 0
        )

    await until(is_quiet, "everything to be told", within_s=180)


def _judge_parcels(table: Table) -> None:
    """No parcel arranged twice, nothing called off in the courier's hands, nothing left lying."""
    scene, verdict = table.scene, table.verdict
    states = dict(scene.rows(PARCELS))
    packed = 0
    for order in _orders(scene):
        for parcel in order.parcels:
            ours = states.get(PREFIX + parcel.number)
            verdict.check(parcel.prints <= 1, f"parcel {parcel.number} was printed {parcel.prints} times")
            if order.state is OrderState.CANCELLED:
                verdict.check(ours != "handed_over", f"{order.order_sn} is cancelled and was handed over")
            if order.state is OrderState.ARRANGED and ours is not None:
                verdict.check(ours == "handed_over", f"{parcel.number} lies there, {ours}")
                packed += ours == "handed_over"
            if order.state is OrderState.TO_SHIP and ours is not None:
                verdict.check(False, f"{parcel.number} was never arranged: {ours}")
    _judge_repeats(table)
    verdict.numbers |= {"parcels": packed, "labels": len(table.printed)}


def _judge_repeats(table: Table) -> None:
    """No parcel was sent to be arranged twice, whatever else came of it."""
    arranged = Counter(
        row["package_number"]
        for call in table.scene.stage.shopee.simulation.journal.since(0)
        if call["path"].endswith("ship_order") and isinstance(call["body"], dict)
        for row in call["body"].get("package_list", [call["body"]])
        if "package_number" in row
    )
    twice = [number for number, times in arranged.items() if times > 1]
    table.verdict.check(not twice, f"{len(twice)} parcels were sent to be arranged twice")


def _judge_kinds(table: Table) -> None:
    """The day had orders of every kind, and each took the turn it was to take."""
    day, verdict = table.day, table.verdict
    placed = Counter[str](str(one.purchase.way) for one in day.placed)
    placed["cod"] = sum(one.order.cod for one in day.placed)
    placed["split"] = sum(len(one.order.parcels) > 1 for one in day.placed)
    sold = {day.campaign.id} if day.campaign else set()
    placed["campaign"] = sum(any(line.promotion_id in sold for line in one.order.lines) for one in day.placed)
    called_off = [one for one in day.placed if one.order.state is OrderState.CANCELLED]
    printed = sum(any(each.prints for each in one.order.parcels) for one in called_off)
    placed |= {"cancelled": len(called_off), "cancelled_printed": printed}
    for kind in (*Way, "cod", "split", "campaign", "cancelled", "cancelled_printed"):
        verdict.check(placed[kind] > 0, f"the day had no order of the kind {kind}")
    planned = Counter(one.ending for one in day.plan.purchases)
    off = planned[Ending.CANCELLED] + planned[Ending.CANCELLED_AFTER_PRINT]
    verdict.check(len(called_off) == off, f"{len(called_off)} of {off} cancellations took place")
    least = planned[Ending.CANCELLED_AFTER_PRINT]
    verdict.check(printed >= least, f"{printed} of {least} were cancelled after the print")
    verdict.check(len(day.placed) == len(day.plan.purchases), f"only {len(day.placed)} bought")
    verdict.numbers |= {f"kind_{kind}": count for kind, count in sorted(placed.items())}


async def _judge_work(table: Table, packers: list[Packer], calls_before: int, *, is_release: bool) -> None:
    """Few taps, few calls, few sounds, labels within a minute (of a long day), and no answer 429."""
    scene, verdict = table.scene, table.verdict
    parcels = max(1, verdict.numbers["parcels"])
    paths = Counter(
        call["path"].rpartition("/")[2] for call in scene.stage.shopee.simulation.journal.since(calls_before)
    )
    shipping = sum(
        count for path, count in paths.items() if "ship" in path or "tracking" in path or "document" in path
    )
    taps = sum(each.taps for each in packers)
    slowest = max((took for each in packers for took in each.took_s), default=0.0)
    sounds = [await each.sounds() for each in packers]
    refused = [call for call in scene.stage.telegram.engine.calls.calls(0) if call.error_code == 429]
    verdict.numbers |= {
        "taps": taps, "taps_a_parcel": round(taps / parcels, 3), "shipping_calls": shipping,
        "calls_a_parcel": round(shipping / parcels, 3), "all_calls": sum(paths.values()),
        "labels_slowest_s": round(slowest, 1), "most_sounds": max(sounds), "answers_429": len(refused),
    }  # fmt: skip
    most_taps, most_calls = (TAPS, CALLS) if is_release else (TAPS_CI, CALLS_CI)
    verdict.check(taps / parcels <= most_taps, f"{taps} taps for {parcels} parcels")
    verdict.check(shipping / parcels <= most_calls, f"{shipping} calls for {parcels} parcels")
    verdict.check(not is_release or slowest <= LABELS_WITHIN_S, f"labels took {slowest:.0f} s")
    verdict.check(max(sounds) <= SOUNDS, f"{max(sounds)} sounds in one chat")
    verdict.check(not refused, f"{len(refused)} calls were answered 429")
