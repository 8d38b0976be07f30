"""P14, `undo`: every price that went through can be taken back for a day, once, to what it was."""

import asyncio
import contextlib
from collections.abc import Iterator
from random import Random

import pytest

from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import StoreSyncError
from domain.tickets import Action
from services.views import Pressed, Proposal
from storage.repositories.changes import Changes
from tests.factories import HOUR, listing_snapshot, money, variant_snapshot
from tests.integration.services.house import House
from tests.proofs.houses import KINDS, open_houses, staffed
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

LAMP, BEFORE = "900001", 129_000


async def undo(trial: Trial) -> Verdict:
    """P14: pressed by several at once, within a day, a price goes back once to what was stored before it."""
    verdict, random = trial.verdict(), trial.random
    with _sabotage(trial):
        for kind in KINDS:
            async with open_houses(kind) as (house, _):
                _, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(sku="LAMP")))
                people = [house.owner, *await staffed(house)]
                for at in range(trial.size(50, 500)):
                    truth.set_price(LAMP, money(BEFORE + at))
                    shop = await house.shop_of("600011")
                    await house.services.sync.fetch_listings(shop, [LAMP])
                    await _once(house, people, random, verdict)
                    verdict.trials += 1
    return verdict


async def _once(house: House, people: list[Visitor], random: Random, verdict: Verdict) -> None:
    truth = house.bazaar.shops["600011"]
    before = truth.price(LAMP)
    change = await house.approved(int(before.amount) - random.randint(1, 30_000))
    done = await house.apply(change)
    verdict.check(done.before == before, f"before {before.amount} is kept as {done.before.amount}")
    house.clock.advance(HOUR * random.random() * 23.9)
    shown = await house.services.prices.proposal(house.owner, change.proposal_id)
    verdict.check(shown.can_be_undone, f"{before.amount} cannot be taken back")
    won = [each for each in await asyncio.gather(*(_press(house, shown, by) for by in people)) if each]
    verdict.check(len(won) == 1, f"{before.amount} was taken back {len(won)} times")
    await house.work_off()
    verdict.check(truth.price(LAMP) == before, f"{before.amount} came back as {truth.price(LAMP).amount}")
    for each in won:
        back = (await house.services.prices.proposal(house.owner, each.object_id)).prices[0].change
        verdict.check(back.state is ChangeState.APPLIED, f"the way back ended as {back.state}")
        verdict.check(bool(back.approved_by), "the way back was approved by nobody")
    house.clock.advance(25 * HOUR)


async def _press(house: House, shown: Proposal, by: Visitor) -> Pressed | None:
    try:
        return await house.press(shown, Action.UNDO, by=by)
    except StoreSyncError:
        return None


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Do not look whether it was taken back already."""
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(Changes, "undo_of", lambda *_: None)
            patch.setattr(Changes, "touch", lambda *_: True)
        yield
