"""The published vectors: our own signing function first, then the simulator's view of the same signatures."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from simulator.serve import serving
from simulator.shopee.signature import push_signature
from simulator.shopee.simulator import ShopeeSimulator
from simulator.world.clock import Clock
from tests.simulator.shopee.wire import fixture, sign

VECTORS = {vector["id"]: vector for vector in fixture("signature_vectors")["vectors"]}


def test_all_eight_vectors_are_there() -> None:
    assert sorted(VECTORS) == [f"V{number}" for number in range(1, 9)]


@pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
def test_own_signing_function_gives_published_digest(vector: dict[str, Any]) -> None:
    assert sign(vector["key"], vector["base_string"]) == vector["expected"]


async def _ask(vector: dict[str, Any], signature: str) -> httpx.Response:
    """Send a vector's call at its own moment to a simulator with its key and partner."""
    simulator = ShopeeSimulator(
        clock=Clock(frozen_at=datetime.fromtimestamp(vector["timestamp"], UTC)),
        partner_id=vector["partner_id"],
        partner_key=vector["key"],
        orders=0,
    )
    names = ("partner_id", "timestamp", "access_token", "shop_id")
    params = {name: vector[name] for name in names if name in vector} | {"sign": signature}
    is_post = vector["path"].endswith(("update_stock", "token/get"))
    if vector["id"] == "V2":
        params["redirect"] = "http://127.0.0.1/back"
    async with serving(simulator.app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        return await http.request("POST" if is_post else "GET", vector["path"], params=params)


@pytest.mark.parametrize("name", ["V1", "V3", "V4", "V8"])
async def test_simulator_accepts_published_call_signature(name: str) -> None:
    # Past the signature gate the empty body or the unknown shop is what is refused.
    answer = (await _ask(VECTORS[name], VECTORS[name]["expected"])).json()
    assert answer["error"] == ("error_data" if name == "V1" else "partner_shop_no_link")


@pytest.mark.parametrize("name", ["V1", "V3", "V4", "V8"])
async def test_simulator_refuses_published_signature_with_one_digit_changed(name: str) -> None:
    expected = VECTORS[name]["expected"]
    changed = expected[:-1] + ("0" if expected[-1] != "0" else "1")
    answer = await _ask(VECTORS[name], changed)
    assert (answer.status_code, answer.json()["error"]) == (403, "error_sign")


async def test_simulator_opens_published_legacy_link() -> None:
    answer = await _ask(VECTORS["V2"], VECTORS["V2"]["expected"])
    assert answer.status_code == 200
    assert "Consent" in answer.text


@pytest.mark.parametrize("name", ["V6", "V7"])
def test_simulator_signs_pushes_as_published(name: str) -> None:
    vector = VECTORS[name]
    assert push_signature(vector["key"], vector["url"], vector["body"].encode()) == vector["expected"]
