"""`crash-ship`: a batch is arranged, numbered and printed once, wherever the process dies on the way."""

from collections import Counter

from domain.batches import LabelStep
from domain.events import EventKind
from domain.parcels import PackState
from services.shipping import ShippingService
from tests.integration.services.packing_table import Table
from tests.proofs.dying import Mortal, dying_at, noting, open_mortal
from tests.proofs.houses import KINDS
from tests.proofs.saboteurs import arrange_without_looking
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

PARCELS = 2
ROUNDS = 4
FEWER = 3
"""On the second database one failpoint in so many is died at, in the tests."""


async def crash_ship(trial: Trial) -> Verdict:
    """Dead at each failpoint between a batch and its labels: each parcel arranged once, each label printed once."""
    verdict = trial.verdict()
    kept = ShippingService._look_again
    if trial.is_broken:
        arrange_without_looking()
    try:
        for kind in KINDS:
            async with open_mortal(kind) as mortal:
                step = 1 if kind == "sqlite" or trial.is_release else FEWER
                await _on_one(mortal, verdict, trial.size(1, 5), step)
    finally:
        ShippingService._look_again = kept  # type: ignore[method-assign]
    return verdict


async def _on_one(mortal: Mortal, verdict: Verdict, rounds: int, step: int) -> None:
    table = await Table.lay(mortal.house)
    await table.place(1)
    first = await table.take(mortal.house.owner)
    await table.arrange()
    await table.choose(mortal.house.owner, first)  # from now on the way is known
    await _carry(table, first)
    orders, batch_id = await _taken(table)
    with noting() as points:
        await _carry(table, batch_id)
    await _judge(table, batch_id, orders, "undisturbed", verdict)
    for point in (points * rounds)[::step]:
        orders, batch_id = await _taken(table)
        with dying_at(point):
            await _carry(table, batch_id)
        await mortal.restart()
        for _ in range(ROUNDS):
            await _carry(table, batch_id)
        await _judge(table, batch_id, orders, point, verdict)
        verdict.trials += 1
    verdict.numbers["failpoints"] = len(points)


async def _taken(table: Table) -> tuple[list[str], str]:
    orders = await table.place(PARCELS)
    return orders, await table.take(table.house.owner)


async def _carry(table: Table, batch_id: str) -> None:
    """Do what the queue and the sender do: arrange, number, prepare; then fetch what is to be sent to the chat."""
    await table.arrange(2)
    if (await table.card(batch_id)).batch.labels is LabelStep.READY:
        for ready in await table.house.told(EventKind.LABELS_READY):
            if ready["batch_id"] == batch_id:
                await table.house.services.labels.fetch(table.house.owner.seller_id, ready)


async def _judge(table: Table, batch_id: str, orders: list[str], point: str, verdict: Verdict) -> None:
    asked, arranged = (
        Counter(each) for each in (table.house.bazaar.fulfilment.asked, table.house.bazaar.fulfilment.shipped)
    )
    card = await table.card(batch_id)
    for order in orders:
        parcel = await table.parcel(order)
        times = arranged[parcel.external_id]
        verdict.check(times == 1, f"{point}: {parcel.external_id} was arranged {times} times")
        times = asked[parcel.external_id]
        verdict.check(times == 1, f"{point}: {parcel.external_id} was sent {times} times")
        is_out = parcel.state is PackState.PRINTED and bool(parcel.number)
        verdict.check(
            is_out, f"{point}: {parcel.external_id} ended {parcel.state} with number {parcel.number!r}"
        )
        verdict.check(
            parcel.printed == 1, f"{point}: {parcel.external_id} was printed {parcel.printed} times"
        )
    verdict.check(card.batch.labels is LabelStep.SENT, f"{point}: the labels ended {card.batch.labels}")
    ready = [each for each in await table.house.told(EventKind.LABELS_READY) if each["batch_id"] == batch_id]
    verdict.check(len(ready) == 1, f"{point}: labels were promised {len(ready)} times")
