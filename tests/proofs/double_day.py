"""`double-day`: three people pack a day's rush of three platforms through the chat alone, within Telegram's real limits.

No parcel is packed twice, none that was called off is handed over, none misses a courier it could have had, labels
come within a minute, what is counted while a campaign holds it is sent when that is over, and afterwards each platform
and our books agree on every order, parcel, stock and price.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from simulator.world.double_day_plan import Ending, Way
from simulator.world.orders import OrderState
from tests.proofs import day_campaign
from tests.proofs.day_books import judge_books
from tests.proofs.day_campaign import count_while_held, judge_count
from tests.proofs.day_hours import judge_hours
from tests.proofs.day_shops import DayShop, open_shops
from tests.proofs.packer import BLINK_S, LARGEST, LONGEST_S, Packer, Table, now
from tests.proofs.trial import Scene, Trial
from tests.proofs.verdict import Verdict
from tests.stage import until
from tests.stage.crew import bring_in

NAMES = ("Budi", "Citra", "Dewi")
LABELS_WITHIN_S = 60.0
SOUNDS = 20
TAPS, TAPS_CI = 0.2, 0.35
"""What is done once a courier and a batch weighs more in a short day, and a slow machine makes batches small."""
SINGLES = 3.0
"""Where a platform gives labels one by one, and not before their couriers made them, they are asked for so often."""
PRODUCTS = 60
"""So many in each shop of a short day: together more than one shop of a long day has."""
OPEN = {OrderState.UNPAID, OrderState.HELD}
PARCELS = "SELECT p.external_id, k.state FROM packing k JOIN parcel p ON p.id = k.parcel_id"


async def double_day(trial: Trial) -> Verdict:
    """Three people pack a double-day of three platforms; each platform and our books agree afterwards."""
    verdict = trial.verdict()
    async with open_shops(trial, orders=20, products=None if trial.is_release else PRODUCTS) as (
        scene,
        shops,
    ):
        packers = [Packer(scene, await bring_in(scene.stage, scene.phone, name, "packer")) for name in NAMES]
        await asyncio.gather(*(each.begin() for each in packers))
        await _limit(scene)
        before = [each.last_call() for each in shops]
        began = time.monotonic()
        table = await _open(scene, shops, verdict, trial)
        if trial.is_broken:
            await _take_in_turn(table, packers)
            return verdict
        try:
            async with asyncio.TaskGroup() as room:
                counting = room.create_task(count_while_held(scene, shops))
                for each in packers:
                    room.create_task(each.work(table))
                room.create_task(_couriers(table, packers))
            await _quiet(scene)
        except* AssertionError as vain:
            verdict.check(False, str(vain.exceptions[0]))
        verdict.numbers["took_s"] = round(time.monotonic() - began)
        for shop in shops:
            _judge_parcels(table, shop)
        _judge_kinds(table)
        await _judge_work(table, packers, before, is_release=trial.is_release)
        judge_hours(table)
        await judge_count(scene, shops, await counting, verdict)
        await judge_books(scene, shops, verdict)
        verdict.trials = sum(len(each.day.plan.purchases) for each in shops)
    return verdict


async def _limit(scene: Scene) -> None:
    """Have Telegram keep its real limits from now on, and StoreSync know them."""
    await _quiet(scene)
    await scene.stage.stop_bot()
    scene.stage.environment |= {"TELEGRAM_CHAT_RPS": "0.95", "TELEGRAM_RPS": "25"}
    await scene.stage.phones.post("/client/faults", json={"kind": "real_limits", "on": True})
    await scene.start()


async def _open(scene: Scene, shops: list[DayShop], verdict: Verdict, trial: Trial) -> Table:
    """Let the day begin at all platforms; the first has a campaign, which holds until somebody ends it."""
    lasts_s = trial.size(4, 240)  # so that three people who read and scan at once are busy all day
    for at, each in enumerate(shops):
        more = {"campaign": not at, "campaign_lasts_s": day_campaign.LASTS_S}
        await each.begin(trial.size(200, 800), lasts_s, trial.seed + at, **more)
    is_out = False

    def look() -> bool:
        nonlocal is_out
        is_out = is_out or _is_out(scene, shops)
        return is_out

    return Table(scene, verdict, shops, look)


async def _take_in_turn(table: Table, packers: list[Packer]) -> None:
    """Have one after the other take from the largest heap when all is there, and nobody scan what he has.

    What is given out follows one order, and none of it is packed: who gives out what others have gives the second
    of them some of it for sure.
    """

    async def is_there() -> bool:
        return table.is_out()

    await until(is_there, "all parcels to be there", within_s=LONGEST_S, every_s=BLINK_S)
    courier = table.scene.rows(LARGEST)[0][0]
    for each in packers:
        await each.take_and_hold(table, courier)


async def _couriers(table: Table, packers: list[Packer]) -> None:
    """Couriers come at their hours of the day, and once more when all is packed: each time somebody hands over."""
    for at, (courier, hour) in enumerate(sorted(table.cut_offs().items(), key=lambda each: each[1])):

        async def is_here(hour: float = (hour - table.begins_at).total_seconds()) -> bool:
            return (now() - table.begins_at).total_seconds() >= hour

        await until(is_here, "a courier", within_s=table.lasts.total_seconds() + 60, every_s=BLINK_S)
        await packers[at % len(packers)].hand_over(table, courier)

    async def is_packed() -> bool:
        left = "SELECT count(*) FROM packing WHERE state IN ('to_arrange', 'arranged', 'printed', 'pull_out')"
        return table.is_out() and not table.scene.rows(left)[0][0]

    await until(is_packed, "everything to be packed", within_s=LONGEST_S, every_s=BLINK_S)
    for at, courier in enumerate(table.cut_offs()):
        await packers[at % len(packers)].hand_over(table, courier)


def _is_out(scene: Scene, shops: Sequence[DayShop]) -> bool:
    """Tell whether no buyer comes any more, and all that is to be packed is in our books."""
    for day in (each.day for each in shops):
        came = day.played["placed"] + day.played["found_nothing"]
        if came < len(day.plan.purchases) or any(one.order.state in OPEN for one in day.placed):
            return False
    known = {row[0] for row in scene.rows(PARCELS)}
    return all(
        shop.words.parcel(parcel) in known
        for shop in shops
        for order in (one.order for one in shop.day.placed)
        if order.state is OrderState.TO_SHIP
        for parcel in order.parcels
    )


async def _quiet(scene: Scene) -> None:
    async def is_quiet() -> bool:
        return bool(
            scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0] == 0
        )

    await until(is_quiet, "everything to be told", within_s=180)


def _judge_parcels(table: Table, shop: DayShop) -> None:
    """No parcel arranged twice, nothing called off in the courier's hands, nothing left lying."""
    verdict, name = table.verdict, shop.words.name
    states = dict(table.scene.rows(PARCELS))
    packed = 0
    for order in shop.orders():
        for parcel in order.parcels:
            ours, what = states.get(shop.words.parcel(parcel)), f"{name} {parcel.number}"
            verdict.check(parcel.prints <= 1, f"{what} was printed {parcel.prints} times")
            if order.state is OrderState.CANCELLED:
                verdict.check(ours != "handed_over", f"{what} is cancelled and was handed over")
            if order.state is OrderState.ARRANGED and ours is not None:
                verdict.check(ours == "handed_over", f"{what} lies there, {ours}")
                packed += ours == "handed_over"
            if order.state is OrderState.TO_SHIP and ours is not None:
                verdict.check(False, f"{what} was never arranged: {ours}")
    arranged = Counter(each for call in shop.calls() for each in shop.words.sent(call))
    twice = [number for number, times in arranged.items() if times > 1]
    verdict.check(not twice, f"{len(twice)} parcels of {name} were sent to be arranged twice")
    verdict.numbers[f"parcels_{shop.words.slug}"] = packed


def _judge_kinds(table: Table) -> None:
    """The day had orders of every kind, and each took the turn it was to take."""
    verdict = table.verdict
    placed, planned = Counter[str](), Counter[str]()
    for shop in table.shops:
        placed += Counter(_kinds(shop))
        planned += Counter(each.ending for each in shop.day.plan.purchases)
        of, bought = len(shop.day.plan.purchases), len(shop.day.placed)
        verdict.check(bought == of, f"only {bought} bought at {shop.words.name}")
    for kind in (*Way, "cod", "split", "campaign", "cancelled", "cancelled_printed"):
        verdict.check(placed[kind] > 0, f"the day had no order of the kind {kind}")
    off = planned[Ending.CANCELLED] + planned[Ending.CANCELLED_AFTER_PRINT]
    verdict.check(placed["cancelled"] == off, f"{placed['cancelled']} of {off} cancellations took place")
    least, printed = planned[Ending.CANCELLED_AFTER_PRINT], placed["cancelled_printed"]
    verdict.check(printed >= least, f"{printed} of {least} were cancelled after the print")
    verdict.numbers |= {f"kind_{kind}": count for kind, count in sorted(placed.items())}


def _kinds(shop: DayShop) -> dict[str, int]:
    day = shop.day
    sold = {day.campaign.id} if day.campaign else set()
    called_off = [one for one in day.placed if one.order.state is OrderState.CANCELLED]
    return Counter(str(one.purchase.way) for one in day.placed) | {
        "cod": sum(one.order.cod for one in day.placed),
        "split": sum(len(one.order.parcels) > 1 for one in day.placed),
        "campaign": sum(any(line.promotion_id in sold for line in one.order.lines) for one in day.placed),
        "cancelled": len(called_off),
        "cancelled_printed": sum(any(each.prints for each in one.order.parcels) for one in called_off),
    }


async def _judge_work(
    table: Table, packers: list[Packer], before: Sequence[int], *, is_release: bool
) -> None:
    """Few taps, few calls, few sounds, labels within a minute (of a long day), and no answer 429."""
    scene, verdict = table.scene, table.verdict
    for shop, calls_before in zip(table.shops, before, strict=True):
        _judge_calls(shop, calls_before, verdict, is_release=is_release)
    parcels = max(1, sum(int(verdict.numbers[f"parcels_{each.words.slug}"]) for each in table.shops))
    taps = sum(each.taps for each in packers)
    slowest = max((took for each in packers for took in each.took_s), default=0.0)
    sounds = [await each.sounds() for each in packers]
    refused = [call for call in scene.stage.telegram.engine.calls.calls(0) if call.error_code == 429]
    verdict.numbers |= {
        "parcels": parcels, "labels": len(table.printed), "taps": taps, "taps_a_parcel": round(taps / parcels, 3),
        "labels_slowest_s": round(slowest, 1), "most_sounds": max(sounds), "answers_429": len(refused),
    }  # fmt: skip
    verdict.check(taps / parcels <= (TAPS if is_release else TAPS_CI), f"{taps} taps for {parcels} parcels")
    verdict.check(not is_release or slowest <= LABELS_WITHIN_S, f"labels took {slowest:.0f} s")
    verdict.check(max(sounds) <= SOUNDS, f"{max(sounds)} sounds in one chat")
    verdict.check(not refused, f"{len(refused)} calls were answered 429")


def _judge_calls(shop: DayShop, before: int, verdict: Verdict, *, is_release: bool) -> None:
    """Parcels are shipped in mass calls; what a platform gives one by one only is asked for no more than it must."""
    words, parcels = shop.words, max(1, int(verdict.numbers[f"parcels_{shop.words.slug}"]))
    paths = [call["path"] for call in shop.calls(before)]
    shipping = [path for path in paths if words.is_shipping(path)]
    single = [path for path in shipping if words.single and path.endswith(words.single)]
    mass = len(shipping) - len(single)
    verdict.numbers |= {
        f"calls_a_parcel_{words.slug}": round(mass / parcels, 3),
        f"all_calls_{words.slug}": len(paths),
    }
    if words.single:
        verdict.numbers[f"label_calls_a_parcel_{words.slug}"] = round(len(single) / parcels, 3)
    most = words.most_calls if is_release else words.most_calls_ci
    verdict.check(mass / parcels <= most, f"{mass} calls for {parcels} parcels at {words.name}")
    many = f"{len(single)} labels asked for {parcels} parcels at {words.name}"
    verdict.check(len(single) <= SINGLES * parcels, many)
