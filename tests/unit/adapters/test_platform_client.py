"""The client behind every adapter: it repeats only what is safe, keeps to budgets, and tells no secret."""

import asyncio
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import httpx
import pytest
import structlog

from adapters.kit.transport import OversizedBody
from domain import failpoint
from domain.errors import (
    FateUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    UnexpectedResponse,
)
from domain.money import Money
from domain.platform import Outcome, PricePush
from domain.shops import Budget
from tests.unit.adapters.shopee_samples import (
    ACCESS_TOKEN,
    APP,
    NOW,
    PARTNER_KEY,
    REFRESH_TOKEN,
    SHOP,
    Answer,
    StandIn,
    answer,
    app,
    error,
    wrapped,
)

GOOD = answer("shop_get_shop_info", "success")
HTML = httpx.Response(502, html="<html>Bad gateway</html>")
BUSY = error("error_server", "Something wrong. Please try later.", 500)
LATE = error("error_param", "Timestamp is expired.", 400)
RESET = httpx.ReadError("the connection broke")
REFUSED = httpx.ConnectError("no connection")
PRICES = [PricePush("1", "2", Money(Decimal(66000), "IDR"))]


async def read(shopee: StandIn) -> str:
    return (await shopee.platform.linking.fetch_shop(SHOP)).name


async def failed_read(*answers: Answer) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await read(StandIn(*answers))
    return caught.value


# Repeats


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize("trouble", [BUSY, HTML, RESET, REFUSED, httpx.ReadTimeout("slow"), LATE])
async def test_read_is_repeated_until_it_works(trouble: Answer) -> None:
    shopee = StandIn(trouble, trouble, GOOD)
    assert await read(shopee) == "StoreSync Demo"
    assert len(shopee.requests) == 3


@pytest.mark.usefixtures("repeats_without_pauses")
async def test_read_is_given_up_after_three_attempts() -> None:
    shopee = StandIn(BUSY)
    with pytest.raises(PlatformUnavailable):
        await read(shopee)
    assert len(shopee.requests) == 3


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize(
    "refusal",
    [error("invalid_acceess_token", "", 403), error("error_rate_limit", "", 429), error("error_sign")],
)
async def test_refused_read_is_not_repeated(refusal: httpx.Response) -> None:
    shopee = StandIn(refusal)
    with pytest.raises(PlatformError):
        await read(shopee)
    assert len(shopee.requests) == 1


@pytest.mark.usefixtures("repeats_without_pauses")
async def test_error_nobody_knows_gets_one_more_chance() -> None:
    shopee = StandIn(error("error_of_tomorrow"))
    with pytest.raises(UnexpectedResponse):
        await read(shopee)
    assert len(shopee.requests) == 2


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize(
    "trouble", [BUSY, HTML, RESET, httpx.WriteTimeout("slow"), httpx.ReadTimeout("slow")]
)
async def test_write_that_may_have_arrived_is_not_repeated(trouble: Answer) -> None:
    shopee = StandIn(trouble)
    results = await shopee.platform.catalogue.push_prices(SHOP, PRICES)
    assert [each.outcome for each in results] == [Outcome.UNKNOWN]
    assert len(shopee.requests) == 1


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize("trouble", [REFUSED, httpx.PoolTimeout("full"), httpx.ConnectTimeout("slow"), LATE])
async def test_write_that_was_not_taken_is_repeated(trouble: Answer) -> None:
    shopee = StandIn(trouble, wrapped({"success_list": [{"model_id": 2, "original_price": 66000}]}))
    results = await shopee.platform.catalogue.push_prices(SHOP, PRICES)
    assert [each.outcome for each in results] == [Outcome.OK]
    assert len(shopee.requests) == 2


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (RESET, FateUnknown),
        (httpx.ReadTimeout("slow"), FateUnknown),
        (HTML, FateUnknown),
        (BUSY, FateUnknown),
        (httpx.Response(200, text='{"access_token": '), FateUnknown),
        (httpx.Response(200, json={"access_token": 5, "error": ""}), FateUnknown),
        (httpx.Response(200, json={"error": ""}), FateUnknown),
        (REFUSED, PlatformUnavailable),
        (LATE, PlatformUnavailable),
    ],
)
async def test_refresh_is_one_request_whatever_happens(trouble: Answer, kind: type[PlatformError]) -> None:
    shopee = StandIn(trouble)
    with pytest.raises(PlatformError) as caught:
        await shopee.platform.linking.refresh(APP, "600011", REFRESH_TOKEN)
    assert type(caught.value) is kind
    assert len(shopee.requests) == 1


@pytest.mark.usefixtures("repeats_without_pauses")
async def test_each_attempt_is_signed_anew() -> None:
    moments = iter(NOW + timedelta(seconds=n) for n in range(100))
    shopee = StandIn(BUSY, GOOD, clock=lambda: next(moments))
    await read(shopee)
    signs = [request.url.params["sign"] for request in shopee.requests]
    assert len(set(signs)) == 2


# What an answer amounts to


@pytest.mark.parametrize(
    ("trouble", "kind", "reason"),
    [
        (httpx.Response(200, html="<html>Maintenance</html>"), PlatformUnavailable, "http_200"),
        (httpx.Response(200, text='{"error":"","response":{"mo'), PlatformUnavailable, "http_200"),
        (httpx.Response(200, content=b'{"error": "", "shop_name": "\xff"}'), PlatformUnavailable, "http_200"),
        (httpx.Response(200, content=b'{"a":' + b"[" * 100_000), PlatformUnavailable, "http_200"),
        (httpx.Response(503, text="no"), PlatformUnavailable, "http_503"),
        (httpx.Response(503, json={"detail": "no"}), PlatformUnavailable, "http_503"),
        (httpx.Response(403, html="<html>Forbidden</html>"), UnexpectedResponse, "http_403"),
        (httpx.Response(302, headers={"Location": "/"}), UnexpectedResponse, "http_302"),
        (httpx.Response(200, json={"error": "", "expire_time": "soon"}), UnexpectedResponse, "unreadable"),
        (httpx.Response(200, json=["error"]), UnexpectedResponse, "unreadable"),
        (httpx.Response(200, json={"error": "", "region": "Atlantis"}), UnexpectedResponse, "unreadable"),
        (httpx.Response(429, text="slow down"), RateLimited, "http_429"),
        (error("invalid_acceess_token", "Invalid access_token.", 403), TokenExpired, "invalid_acceess_token"),
        (error("invalid_acceess_token"), TokenExpired, "invalid_acceess_token"),
    ],
)
async def test_odd_answers_become_the_right_error(
    trouble: httpx.Response, kind: type[PlatformError], reason: str
) -> None:
    found = await failed_read(trouble)
    assert (type(found), found.reason) == (kind, reason)
    assert (found.platform, found.operation) == ("shopee", "get_shop_info")


async def test_answer_too_large_to_hold_is_none() -> None:
    found = await failed_read(OversizedBody("the answer is larger than 10 bytes"))
    assert (type(found), found.reason) == (PlatformUnavailable, "oversized_body")


async def test_write_refused_in_a_shape_nobody_knows_is_of_unknown_fate() -> None:
    found = await StandIn(httpx.Response(404, json=[])).platform.catalogue.push_prices(SHOP, PRICES)
    assert [each.outcome for each in found] == [Outcome.UNKNOWN]


async def test_error_in_an_answer_of_the_wrong_shape_is_still_read() -> None:
    odd = {"error": "shop_no_linked", "message": "", "request_id": "e3e3", "expire_time": "never"}
    found = await failed_read(httpx.Response(403, json=odd))
    assert (found.code, found.reason, found.request_id) == ("token_revoked", "shop_no_linked", "e3e3")


async def test_answer_without_its_response_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse):
        await StandIn(httpx.Response(200, json={"error": ""})).platform.catalogue.listings_changed(
            SHOP, None, ""
        )


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, 10),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=42), usegmt=True)}, 42),
        ({"Retry-After": format_datetime(NOW - timedelta(seconds=42), usegmt=True)}, 0),
        ({"Retry-After": "soon"}, 10),
    ],
)
async def test_rate_limit_says_how_long_to_wait(headers: dict[str, str], waits: float) -> None:
    found = await failed_read(httpx.Response(429, json={"error": "error_rate_limit"}, headers=headers))
    assert isinstance(found, RateLimited)
    assert found.retry_after_s == waits


async def test_daily_quota_lasts_until_midnight_in_singapore() -> None:
    found = await failed_read(error("error_limit", "The total API call number has reached the limit", 429))
    assert isinstance(found, RateLimited)
    assert NOW.isoformat() == "2025-11-22T08:26:40+00:00"
    assert found.retry_after_s == timedelta(hours=7, minutes=33, seconds=20).total_seconds()


async def test_refusal_whose_tail_reads_like_the_quota_is_none() -> None:
    assert isinstance(await failed_read(error("order.error_limit")), RequestRejected)


# Time


def with_date(moment: datetime, response: httpx.Response) -> httpx.Response:
    headers = {"Date": format_datetime(moment, usegmt=True)}
    return httpx.Response(response.status_code, headers=headers, content=response.content)


@pytest.mark.usefixtures("repeats_without_pauses")
@pytest.mark.parametrize("ahead", [timedelta(minutes=47), timedelta(days=-3)])
async def test_server_time_is_learned_and_signed_with(ahead: timedelta) -> None:
    there = NOW + ahead
    shopee = StandIn(with_date(there, LATE), with_date(there, GOOD))
    await read(shopee)
    await read(shopee)
    stamps = [int(request.url.params["timestamp"]) for request in shopee.requests]
    assert stamps[0] == NOW.timestamp()
    assert all(abs(stamp - there.timestamp()) <= 1 for stamp in stamps[1:])


@pytest.mark.usefixtures("repeats_without_pauses")
async def test_clock_put_right_is_learned_too() -> None:
    there = NOW + timedelta(hours=1)
    ours = [NOW]
    answers = [with_date(there, each) for each in (LATE, GOOD, LATE, GOOD)]
    shopee = StandIn(*answers, clock=lambda: ours[0])
    await read(shopee)
    ours[0] = there
    await read(shopee)
    stamps = [
        int(request.url.params["timestamp"] or 0) - int(there.timestamp()) for request in shopee.requests
    ]
    assert stamps[0] == -3600
    assert stamps[2] in {3600, 3601}
    assert {abs(stamp) for stamp in (stamps[1], stamps[3])} <= {0, 1}


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 99 Nov 2025 00:00:00 GMT", "Mon, 1 Nov 9999999999999 1:1:1 GMT"]
)
async def test_date_that_is_none_changes_nothing(date: str) -> None:
    shopee = StandIn(httpx.Response(400, headers={"Date": date}, content=LATE.content), GOOD)
    with pytest.raises(PlatformUnavailable):
        await read(shopee)
    await read(shopee)
    assert shopee.requests[1].url.params["timestamp"] == str(int(NOW.timestamp()))


async def test_server_that_does_not_complain_is_not_asked_for_the_time() -> None:
    shopee = StandIn(with_date(NOW + timedelta(hours=1), GOOD))
    await read(shopee)
    await read(shopee)
    assert shopee.requests[1].url.params["timestamp"] == str(int(NOW.timestamp()))


async def test_epoch_expiry_is_read_by_the_servers_clock() -> None:
    there = NOW + timedelta(hours=1)
    tokens = {"access_token": "a", "refresh_token": "r", "expire_in": int(there.timestamp()) + 14400}
    shopee = StandIn(with_date(there, LATE), httpx.Response(200, json=tokens))
    with pytest.raises(PlatformUnavailable):
        await shopee.platform.linking.refresh(APP, "600011", REFRESH_TOKEN)
    pair = await shopee.platform.linking.refresh(APP, "600011", REFRESH_TOKEN)
    assert abs(pair.expires_at - NOW - timedelta(hours=4)) <= timedelta(seconds=1)


# Budgets


async def taken_s(shopee: StandIn, budget: Budget, shops: list[str]) -> float:
    loop = asyncio.get_running_loop()
    started = loop.time()
    of_app = app(budget=budget)
    accesses = [replace(SHOP, app=of_app, external_id=shop) for shop in shops]
    await asyncio.gather(*(shopee.platform.linking.fetch_shop(access) for access in accesses))
    return loop.time() - started


async def test_one_shop_keeps_to_its_budget() -> None:
    assert await taken_s(StandIn(GOOD), Budget(per_shop=20, per_app=1000), ["1"] * 26) >= 0.25


async def test_busy_shop_holds_up_no_other() -> None:
    shopee = StandIn(GOOD)
    busy = asyncio.create_task(taken_s(shopee, Budget(per_shop=1, per_app=1000), ["1"] * 50))
    await asyncio.sleep(0)
    assert await taken_s(shopee, Budget(per_shop=1, per_app=1000), ["2"]) < 10
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)


async def test_all_shops_of_an_app_share_its_budget() -> None:
    shops = [str(n) for n in range(26)]
    assert await taken_s(StandIn(GOOD), Budget(per_shop=1000, per_app=20), shops) >= 0.25


async def test_less_than_one_request_a_second_is_a_budget_too() -> None:
    assert await taken_s(StandIn(GOOD), Budget(per_shop=0.5, per_app=1000), ["1"]) < 10


# Secrets and crashes


@pytest.mark.parametrize(
    "trouble",
    [
        RESET,
        HTML,
        error("error_sign", f"wrong sign for {ACCESS_TOKEN}"),
        error("odd\x1b[31mname<b>" + "x" * 500),
        httpx.Response(200, json={"error": "", "shop_name": [REFRESH_TOKEN]}),
        httpx.Response(200, text=f"{{{ACCESS_TOKEN}"),
    ],
)
async def test_failure_is_logged_once_and_without_secrets(trouble: Answer) -> None:
    with structlog.testing.capture_logs() as lines:
        found = await failed_read(trouble)
    assert [line["event"] for line in lines] == ["platform.call_failed"]
    assert (lines[0]["operation"], lines[0]["app"], lines[0]["shop"]) == ("get_shop_info", "app1", "600011")
    told = str(lines) + "".join(traceback.format_exception(found)) + repr(found)
    assert not [secret for secret in (ACCESS_TOKEN, REFRESH_TOKEN, PARTNER_KEY, "http://") if secret in told]
    assert lines[0]["reason"] == found.reason
    assert len(found.reason) <= 80
    assert not set(found.reason) & set("\x1b[]<> ")


@pytest.fixture
def reached() -> Iterator[list[str]]:
    names: list[str] = []
    failpoint.arm(names.append)
    yield names
    failpoint.arm(None)


async def test_calls_stand_between_failpoints(reached: list[str]) -> None:
    shopee = StandIn(wrapped({}))
    await shopee.platform.catalogue.push_prices(SHOP, PRICES)
    assert reached == ["shopee.update_price:before", "shopee.update_price:after"]
