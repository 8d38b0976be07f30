"""Each promise is proved at CI size, and each proof notices when its guarded clause is taken away."""

import pytest

from tests.proofs.catalogue import PROOFS
from tests.proofs.trial import Trial
from tests.proofs.verdict import Enough

SLOW_S = 600
RACES = (1, 2, 3)
"""What a missing clause lets happen is a race at times, and on a busy machine not lost at once."""


@pytest.mark.timeout(SLOW_S)
@pytest.mark.parametrize("name", sorted(PROOFS))
async def test_promise_holds(name: str) -> None:
    verdict = await PROOFS[name](Trial(name, seed=1))
    assert verdict.trials > 0
    assert verdict.violations == []


@pytest.mark.timeout(SLOW_S)
@pytest.mark.parametrize("name", sorted(PROOFS))
async def test_proof_notices_sabotage(name: str) -> None:
    for seed in RACES:
        if await _is_noticed(name, seed):
            return
    pytest.fail(f"{name} noticed nothing in {len(RACES)} races")


async def _is_noticed(name: str, seed: int) -> bool:
    found = False
    try:
        await PROOFS[name](Trial(name, seed=seed, is_broken=True, one_will_do=True))
    except* Enough:
        found = True
    except* AssertionError:  # whoever waits in vain has noticed nothing
        found = False
    return found
