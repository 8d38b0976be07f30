"""A shop's holiday: switched and read in the shapes of the reference, refused where it is asked for wrongly."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.wire import HOME, Wire, fixture

GET, SET = "shop/get_shop_holiday_mode", "shop/set_shop_holiday_mode"
HOUR = 3600


def sample(name: str) -> Any:
    """Return the reference's answer to a call that went well."""
    return fixture(name)["responses"][0]["body"]


async def test_it_is_read_and_switched_as_the_reference_shows(linked: Wire) -> None:
    before = await linked.shop_get(GET)
    assert lacking(sample("shop_get_shop_holiday_mode"), before) == []
    assert before["response"]["holiday_mode_on"] is False
    told = (await linked.post(SET, {"holiday_mode_on": True, "holiday_mode_type": 0}, shop=HOME)).json()
    assert lacking(sample("shop_set_shop_holiday_mode"), told) == []
    assert (await linked.shop_get(GET))["response"]["holiday_mode_on"] is True
    await linked.post(SET, {"holiday_mode_on": False}, shop=HOME)
    assert (await linked.shop_get(GET))["response"]["holiday_mode_on"] is False


async def test_an_end_is_told_while_it_lasts(linked: Wire) -> None:
    start = linked.now // HOUR * HOUR
    spoken = {"holiday_mode_start_time": start, "holiday_mode_end_time": start + 3 * HOUR - 1}
    await linked.post(SET, {"holiday_mode_on": True, **spoken}, shop=HOME)
    assert (await linked.shop_get(GET))["response"]["holiday_mode_end_time"] == start + 3 * HOUR - 1
    await linked.post(SET, {"holiday_mode_on": False}, shop=HOME)
    assert "holiday_mode_end_time" not in (await linked.shop_get(GET))["response"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"holiday_mode_on": "true"},
        {"holiday_mode_on": True, "holiday_mode_type": 2},
        {"holiday_mode_on": True, "holiday_mode_start_time": 1_800_000_001},
        {"holiday_mode_on": True, "holiday_mode_end_time": 1_800_000_000},
    ],
)
async def test_what_is_not_as_documented_is_refused(linked: Wire, body: dict[str, Any]) -> None:
    assert (await linked.post(SET, body, shop=HOME)).json()["error"] == "error_param"
