"""The simulator refuses what the platform refuses: a table over plain HTTP, each row with its section."""

from collections import Counter

import pytest

from tests.simulator.shopee.refusals import Refusal
from tests.simulator.shopee.refusals_at_the_gate import GATEWAY, LINKS, TOKENS
from tests.simulator.shopee.refusals_of_calls import PRICES, PUSHES, READS, STOCKS
from tests.simulator.shopee.refusals_of_parcels import ORDERS, SHIPPING
from tests.simulator.shopee.refusals_of_returns import RETURNS
from tests.simulator.shopee.wire import Wire

TABLE = (*GATEWAY, *TOKENS, *LINKS, *READS, *PRICES, *STOCKS, *PUSHES, *SHIPPING, *ORDERS, *RETURNS)


@pytest.mark.parametrize("refusal", TABLE, ids=[f"{row.section} {row.name}" for row in TABLE])
async def test_simulator_refuses(refusal: Refusal, linked: Wire) -> None:
    answer = await refusal.ask(linked)
    assert answer.status_code == refusal.status, answer.text
    if not refusal.error:
        assert refusal.message in answer.text
        return
    body = answer.json()
    assert body["error"] == refusal.error, body
    said = body.get("message") or body.get("msg")
    assert said
    assert refusal.message in ("", said)


def test_table_has_at_least_sixty_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    names = Counter(row.name for row in TABLE)
    assert max(names.values()) == 1, "two rows with one name"
    assert len(TABLE) >= 60
    with capsys.disabled():
        print(f"\nShopee simulator: {len(TABLE)} refusals of {len({r.section for r in TABLE})} sections")  # noqa: T201 - the count is asked for
