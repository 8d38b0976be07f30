"""Each promise is proved at CI size, and each proof notices when its guarded clause is taken away."""

import pytest

from tests.proofs.catalogue import PROOFS
from tests.proofs.trial import Trial
from tests.proofs.verdict import Enough

SLOW_S = 600


@pytest.mark.timeout(SLOW_S)
@pytest.mark.parametrize("name", sorted(PROOFS))
async def test_promise_holds(name: str) -> None:
    verdict = await PROOFS[name](Trial(name, seed=1))
    assert verdict.trials > 0
    assert verdict.violations == []


@pytest.mark.timeout(SLOW_S)
@pytest.mark.parametrize("name", sorted(PROOFS))
async def test_proof_notices_sabotage(name: str) -> None:
    noticed = False
    try:
        await PROOFS[name](Trial(name, seed=1, is_broken=True, one_will_do=True))
    except* Enough:
        noticed = True
    assert noticed
