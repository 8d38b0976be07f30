"""Every registered platform is held to the same contract, over HTTP, against its simulator."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
import stamina
import structlog

from adapters.registry import INFOS
from domain.platform import Can
from tests.contract.case import PlatformCase
from tests.contract.lazada_case import lazada_case
from tests.contract.shopee_case import shopee_case
from tests.contract.tiktok_shop_case import tiktok_shop_case

CASES: dict[str, Callable[[], AbstractAsyncContextManager[PlatformCase]]] = {
    "lazada": lazada_case,
    "shopee": shopee_case,
    "tiktok_shop": tiktok_shop_case,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the contract for each platform that is able to do what it is about (`pytest.mark.needs`)."""
    if "case" not in metafunc.fixturenames:
        return
    needs = {each for mark in metafunc.definition.iter_markers("needs") for each in mark.args}
    assert all(isinstance(each, Can) for each in needs), f"{metafunc.function.__name__}: only `Can` is asked"
    metafunc.parametrize("case", [slug for slug in sorted(INFOS) if needs <= INFOS[slug].can], indirect=True)


def forgiven(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return how what a test sends wrong on purpose begins (`pytest.mark.forgiven`)."""
    return tuple(each for mark in request.node.iter_markers("forgiven") for each in mark.args)


@pytest.fixture
async def case(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[PlatformCase]:
    """Run a platform's case, and hold everything that is logged meanwhile free of its secrets."""
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.DEBUG):
        async with CASES[request.param]() as running:
            yield running
    assert not [each for each in running.offences() if not each.startswith(forgiven(request))]
    told = f"{lines}\n{caplog.text}"
    pair = running.shop.credentials
    secrets = (running.app.secret, *running.app.push_keys, pair.access_token, pair.refresh_token)
    assert not [secret for secret in secrets if secret in told]


@pytest.fixture(autouse=True)
def no_repeats() -> Iterator[None]:
    """Let each fault be seen; repeating is the kit's, and tested there."""
    with stamina.set_testing(True, attempts=1):
        yield
