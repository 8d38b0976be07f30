"""Every sample answer of the reference is understood, the good ones and the refusals, by the call that gets it."""

from collections.abc import Iterator

import httpx
import msgspec
import pytest
import stamina

from adapters.tiktok_shop.errors import judge
from adapters.tiktok_shop.wire import Answer
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
)
from tests.unit.adapters.tiktok_shop_samples import CALLS, FILE_OF, NAMES, NOW, SHOP, StandIn, key_of, sample

OUR_MISTAKES = {106013, 36009004}
"""What only a call of ours that is wrong could hear: somebody must look at it."""

ANSWERS = [
    pytest.param(name, told, id=f"{name}-{called}")
    for name in NAMES
    for called, told in sample(name).get("responses", {}).items()
]


@pytest.fixture(autouse=True)
def no_repeats() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.mark.parametrize(("name", "told"), ANSWERS)
def test_envelope_is_judged(name: str, told: dict[str, object]) -> None:
    answer = msgspec.convert(told["body"], Answer, strict=False)
    verdict = judge(answer, 200, NOW)
    if answer.code == 0:
        assert verdict is None
    elif answer.code not in OUR_MISTAKES and not name.startswith("finance"):
        assert verdict
        assert verdict.error is not UnexpectedResponse
        assert (verdict.reason, verdict.request_id) == (str(answer.code), answer.request_id)


ASKED: dict[str, list[int]] = {}
"""Which calls ask which file; filled once."""


async def asking() -> dict[str, list[int]]:
    for number, call in enumerate(CALLS if not ASKED else ()):
        stand_in = StandIn()
        await call(stand_in.platform)
        for request in stand_in.requests:
            if request.url.host != "docs.sim.example":
                ASKED.setdefault(FILE_OF[key_of(request.method, request.url.path)], []).append(number)
    return ASKED


async def test_samples_are_asked_for_by_our_calls() -> None:
    """What is left is of calls that we do not make; their answers are judged above."""
    left = set(FILE_OF.values()) - set(await asking())
    assert not {name for name in left if name.startswith(("auth", "order", "return-re", "finance-st"))}
    assert len(await asking()) >= 28


@pytest.mark.parametrize(("name", "told"), ANSWERS)
async def test_sample_is_understood(name: str, told: dict[str, object]) -> None:
    """An answer may refuse, be late or empty; it is never one that nobody can read."""
    for number in dict.fromkeys((await asking()).get(name, [])):
        try:
            await CALLS[number](StandIn(name, told).platform)
        except UnexpectedResponse as failed:
            if int(failed.reason) not in OUR_MISTAKES:
                pytest.fail(f"not understood: {failed}")
        except PlatformError:
            continue


GATE = sample("errors-common")["cases"]
MEANINGS: dict[str, type[PlatformError]] = {
    "bad_sign": HostMisconfigured,
    "missing_sign": HostMisconfigured,
    "expired_token": TokenExpired,
    "invalid_token": TokenExpired,
    "invalid_app_key": HostMisconfigured,
    "timestamp_too_old": PlatformUnavailable,
    "timestamp_in_future": PlatformUnavailable,
    "token_shop_mismatch": TokenRevoked,
    "no_scope": HostMisconfigured,
    "ip_not_allowed": HostMisconfigured,
    "missing_cipher": UnexpectedResponse,
    "unexpected_cipher": UnexpectedResponse,
    "rate_limited": RateLimited,
    "timeout": PlatformUnavailable,
    "bad_path": HostMisconfigured,
    "bad_method": HostMisconfigured,
    "bad_version": HostMisconfigured,
    "bad_content_type": RequestRejected,
    "internal": PlatformUnavailable,
    "service_unavailable_no_json": PlatformUnavailable,
}


def test_every_refusal_at_the_gate_has_a_meaning() -> None:
    assert set(MEANINGS) == set(GATE)


@pytest.mark.parametrize("name", sorted(GATE))
async def test_refusal_at_the_gate_means(name: str) -> None:
    stand_in = StandIn("order-search", GATE[name])
    with pytest.raises(PlatformError) as caught:
        await CALLS[8](stand_in.platform)
    assert type(caught.value) is MEANINGS[name]
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after_s == 1.0


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("param body.address is missing", RequestRejected),
        ("Unexpected identifier. The 'shop_cipher' query parameter is not required.", UnexpectedResponse),
        ("something new", RequestRejected),
    ],
)
async def test_one_number_has_many_meanings(said: str, kind: type[PlatformError]) -> None:
    told = {"http_status": 200, "body": {"code": 36009004, "message": said, "data": None}}
    with pytest.raises(PlatformError) as caught:
        await CALLS[8](StandIn("order-search", told).platform)
    assert type(caught.value) is kind


async def test_dead_refresh_token_is_revoked_and_a_lost_answer_is_open() -> None:
    told = sample("auth-token-refresh")["responses"]["refresh_token_expired_or_invalid"]
    with pytest.raises(TokenRevoked):
        await CALLS[1](StandIn("auth-token-refresh", told).platform)
    empty = {"http_status": 200, "body": {"code": 0, "message": "success", "data": {}}}
    with pytest.raises(FateUnknown):
        await CALLS[1](StandIn("auth-token-refresh", empty).platform)


async def test_no_secret_leaves_in_what_is_not_the_token_call() -> None:
    for call in CALLS[2:]:
        stand_in = StandIn()
        await call(stand_in.platform)
        for request in stand_in.requests:
            assert SHOP.app.secret not in str(request.url)
            assert SHOP.credentials.access_token not in str(request.url)
            if request.url.host == "docs.sim.example":
                assert "x-tts-access-token" not in request.headers


def test_samples_are_dated() -> None:
    assert httpx.URL(sample("order-search")["request"]["url"]).params["timestamp"] == str(
        int(NOW.timestamp())
    )
