"""A parcel of the seller's own courier: its number is typed, whichever way one comes to its card."""

import pytest

from domain.parcels import PackState, ShipStep
from domain.platform import HandOver
from services.ways import Option
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot import screens_pack as samples
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.orders.cards = {samples.packing().order_id: r.order_card()}
    refused = samples.packing(
        1, state=PackState.TO_ARRANGE, step=ShipStep.REFUSED, reason="number_wanted", number=""
    )
    made.packing.parcels = [refused]
    made.offers.chosen = Option(HandOver.OWN)
    return made


async def test_the_number_on_the_slip_is_typed_and_one_that_is_none_asked_for_again(
    services: FakeServices,
) -> None:
    desk = Desk(services)
    await desk.says("/order AB12X")
    assert "your own courier takes it: type its number on its card" in desk.text
    await desk.presses("Own courier: number…")
    assert "Type the number on the courier's slip" in desk.text
    await desk.says("slip?")
    assert "That is no courier's number" in desk.text
    await desk.says("SLIP 0001")
    assert list(services.offers.numbers.values()) == ["SLIP0001"]
    assert services.dialogues.open_one is None
    assert "AB12X" in desk.text
