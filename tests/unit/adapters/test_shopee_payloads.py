"""Every sample answer of the reference is understood, the good ones and the refusals, by the call that gets it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stamina

from domain.errors import PlatformError, UnexpectedResponse
from tests.unit.adapters.shopee_calls import CALLS, Call, answers
from tests.unit.adapters.shopee_samples import FOLDER, StandIn, by_path, sample

NO_ANSWERS = {"catalog", "common_errors", "signature_vectors"}
OF_PARTS = {"payment_get_escrow_detail"}
"""A sample of what another call has row by row."""

FILES = sorted(
    each.stem
    for each in FOLDER.glob("*.json")
    if each.stem not in NO_ANSWERS | OF_PARTS and not re.match(r"push_\d", each.stem)
)
SAMPLES = [
    pytest.param(sample(file)["path"], told, id=f"{file}-{told['name']}")
    for file in FILES
    for told in sample(file)["responses"]
]


@pytest.fixture(autouse=True)
def no_repeats() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


ASKING: dict[str, list[Call]] = {}
"""Which calls ask which path; filled once."""


@pytest.fixture
async def calls() -> dict[str, list[Call]]:
    for call in CALLS if not ASKING else []:
        shopee = StandIn(by_path(**answers()))
        await call(shopee.platform)
        for path in {request.url.path for request in shopee.requests}:
            ASKING.setdefault(path, []).append(call)
    return ASKING


def answer_of(told: dict[str, Any]) -> httpx.Response:
    if isinstance(told["body"], str):  # "a binary file"
        return httpx.Response(told["http_status"], content=b"%PDF-1.7 label")
    return httpx.Response(told["http_status"], json=told["body"])


@pytest.mark.parametrize(("path", "told"), SAMPLES)
async def test_sample_is_understood(path: str, told: dict[str, Any], calls: dict[str, list[Call]]) -> None:
    """An answer may refuse, be late or empty; it is never one that nobody can read."""

    def choose(request: httpx.Request) -> httpx.Response:
        return answer_of(told) if request.url.path == path else by_path(**answers())(request)

    for call in calls[path]:
        try:
            await call(StandIn(choose).platform)
        except UnexpectedResponse as failed:
            pytest.fail(f"not understood: {failed}")
        except PlatformError:
            continue
