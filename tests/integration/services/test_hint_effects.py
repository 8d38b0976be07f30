"""What each kind of push leads to: what it names is read again; what has no screen here is kept and leads to nothing."""

import pytest
from sqlalchemy import select

from domain.platform import HintKind
from domain.shops import ShopState
from storage.tables.transit import inbox
from tests.fakes.platform import SLUG
from tests.integration.services.house import House

READS = {
    HintKind.ORDER: {"fetch_orders"},
    HintKind.LISTING: {"fetch_listings"},
    HintKind.RETURN: {"fetch_returns"},
    HintKind.STANDING: {"fetch_standing", "fetch_holiday"},
    HintKind.AUTHORISED: {"fetch_shop"},
    HintKind.DEAUTHORISED: {"fetch_shop"},
    HintKind.AUTHORISATION_ENDING: {"fetch_shop"},
    HintKind.CHAT: set(),
    HintKind.NEWS: set(),
    HintKind.UNKNOWN: set(),
}
"""Which calls each kind leads to: every kind there is."""


@pytest.mark.parametrize("kind", HintKind)
async def test_a_push_has_what_it_names_read_again_and_nothing_else(house: House, kind: HintKind) -> None:
    shop, _ = await house.stocked()
    before = house.bazaar.calls.copy()
    headers, body = house.bazaar.push(house.app, kind, shop.external_id, "900001")
    assert await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body) == 1
    assert await house.services.hints.work_off() == 1
    assert set(house.bazaar.calls - before) == READS[kind]
    kept = await house.database.read(lambda conn: conn.execute(select(inbox.c.state, inbox.c.body)).all())
    assert [row.state for row in kept] == ["done"]
    assert shop.external_id in kept[0].body
    assert (await house.shop(shop.id)).state is ShopState.LINKED
