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
from tests.contract.lazada_case import LazadaCase, lazada_case
from tests.contract.shopee_case import ShopeeCase, shopee_case
from tests.contract.tiktok_shop_case import TiktokShopCase, tiktok_shop_case

CASES: dict[str, Callable[[], AbstractAsyncContextManager[PlatformCase]]] = {
    "lazada": lazada_case,
    "shopee": shopee_case,
    "tiktok_shop": tiktok_shop_case,
}
KINDS: dict[str, type[PlatformCase]] = {
    "lazada": LazadaCase,
    "shopee": ShopeeCase,
    "tiktok_shop": TiktokShopCase,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the contract for each platform that has what the test is about (`pytest.mark.needs`)."""
    if "case" not in metafunc.fixturenames:
        return
    needs = [each for mark in metafunc.definition.iter_markers("needs") for each in mark.args]
    fitting = [slug for slug in sorted(INFOS) if all(_has(slug, each) for each in needs)]
    metafunc.parametrize("case", fitting, indirect=True)


def _has(slug: str, need: Can | str) -> bool:
    return need in INFOS[slug].can if isinstance(need, Can) else bool(getattr(KINDS[slug], need))


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
