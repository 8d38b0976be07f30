"""Calls about returns and a shop's standing answer with the fields and types of the reference."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking, wrongly_typed
from tests.simulator.shopee.returning import picture_of, returned
from tests.simulator.shopee.wire import Json, Wire, fixture

FIELD_TYPES = fixture("field_types_of_returns")
ENVELOPE = {"error": "string", "message": "string", "request_id": "string"}
NULL = {"current_period", "last_period"}
"""Null is among their documented values."""


async def _asked(wire: Wire, call: str) -> Json:
    return await wire.shop_get(f"returns/{call}", {"return_sn": await returned(wire)})


async def _listed(wire: Wire) -> Json:
    await returned(wire)
    window = {"update_time_from": wire.now - 86_400, "update_time_to": wire.now + 60}
    return await wire.shop_get("returns/get_return_list", {"page_no": 0, "page_size": 40, **window})


async def _detail(wire: Wire) -> Json:
    return await _asked(wire, "get_return_detail")


async def _solutions(wire: Wire) -> Json:
    return await _asked(wire, "get_available_solutions")


async def _reasons(wire: Wire) -> Json:
    return await _asked(wire, "get_return_dispute_reason")


async def _confirmed(wire: Wire) -> Json:
    return await wire.shop_post("returns/confirm", {"return_sn": await returned(wire)})


async def _offered(wire: Wire) -> Json:
    body = {"return_sn": await returned(wire), "proposed_solution": "REFUND"}
    return await wire.shop_post("returns/offer", body | {"proposed_adjusted_refund_amount": 1000})


async def _taken(wire: Wire) -> Json:
    number = await returned(wire)
    await wire.control(f"returns/{number}/offer", {"amount": "1000"})
    return await wire.shop_post("returns/accept_offer", {"return_sn": number})


async def _converted(wire: Wire) -> Json:
    return await picture_of(wire, await returned(wire))


async def _disputed(wire: Wire) -> Json:
    number = await returned(wire)
    url = (await picture_of(wire, number))["response"]["url"]
    proof = {"module_index": 1, "requirement": "Photo of the parcel being opened", "image_url": [url]}
    body = {"return_sn": number, "email": "seller@example.com", "dispute_reason_id": 50}
    return await wire.shop_post("returns/dispute", body | {"image_list": [proof]})


async def _performance(wire: Wire) -> Json:
    return await wire.shop_get("account_health/get_shop_performance")


async def _points(wire: Wire) -> Json:
    await wire.control("shops/600011", {"points": 3})
    return await wire.shop_get("account_health/get_penalty_point_history", {"page_no": 1})


async def _punishments(wire: Wire) -> Json:
    await wire.control("shops/600011", {"points": 3})
    return await wire.shop_get("account_health/get_punishment_history", {"punishment_status": 1})


ASKS: tuple[tuple[str, str, Any], ...] = (
    ("returns/get_return_list", "success", _listed),
    ("returns/get_return_detail", "success", _detail),
    ("returns/get_available_solutions", "success", _solutions),
    ("returns/get_return_dispute_reason", "success", _reasons),
    ("returns/confirm", "success", _confirmed),
    ("returns/offer", "success", _offered),
    ("returns/accept_offer", "success", _taken),
    ("returns/convert_image", "", _converted),
    ("returns/dispute", "success", _disputed),
    ("account_health/get_shop_performance", "success", _performance),
    ("account_health/get_penalty_point_history", "success", _points),
    ("account_health/get_punishment_history", "success", _punishments),
)


@pytest.mark.parametrize(("path", "response", "ask"), ASKS, ids=[ask[0] for ask in ASKS])
async def test_answer_has_fields_and_types_of_reference(
    path: str, response: str, ask: Any, linked: Wire
) -> None:
    answer = await ask(linked)
    if response:
        samples = fixture(path.replace("/", "_"))["responses"]
        assert lacking(next(each["body"] for each in samples if each["name"] == response), answer) == []
    declared = ENVELOPE | FIELD_TYPES[f"/api/v2/{path}"]["response"]
    assert [fault for fault in wrongly_typed(declared, answer) if not _is_null(fault)] == []


def _is_null(fault: str) -> bool:
    return fault.endswith(" is null") and fault.removesuffix(" is null").rpartition(".")[2] in NULL


def test_each_call_of_the_table_is_asked() -> None:
    assert {f"/api/v2/{path}" for path, _, _ in ASKS} == set(FIELD_TYPES)
