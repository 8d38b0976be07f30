"""/metrics and /readyz over HTTP: who may see them, what stands in them, and what never does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain.errors import NotAllowed
from domain.meters import Meter, Outcome
from storage.database import Database
from storage.repositories import figures
from tests.factories import order_snapshot
from tests.fakes.platform import SLUG
from tests.integration.services.house import House
from web.application import Doors, build_web

TOKEN = "metrics-token-0001"
HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


async def nothing(*_: object) -> bool:
    return False


def page(template: str, language: str, **params: object) -> str:
    return ""


@asynccontextmanager
async def visitor(
    house: House, *, of: str = HERE, token: str = "", is_ready: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    """Open the web room for somebody who comes from an address."""

    async def facts() -> dict[str, object]:
        return {"ok": is_ready, "schema": True, "bot": is_ready}

    doors = Doors(
        render=page, bot_url=str, telegram_secret="", is_secure=True, take_update=nothing, facts=facts,
        readiness=facts, held=lambda: {"updates_held": 3}, metrics_token=token,
    )  # fmt: skip
    transport = httpx.ASGITransport(app=build_web(house.services, doors), client=(of, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="https://storesync.invalid") as client:
        yield client


async def numbers(house: House) -> dict[str, float]:
    """Return every sample of the page by its name and the values of its labels."""
    async with visitor(house) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
async def house(database: Database) -> House:
    return await House(database).open()


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
async def test_only_a_ready_process_says_that_it_is(
    sqlite_database: Database,
    is_ready: bool,  # noqa: FBT001 - a column of the table above
    status: int,
) -> None:
    async with visitor(await House(sqlite_database).open(), is_ready=is_ready) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (status, {"ok": is_ready, "schema": True, "bot": is_ready})


@pytest.mark.parametrize(
    ("of", "token", "headers", "status"),
    [
        (HERE, "", {}, 200),
        ("::1", "", {}, 200),
        (ELSEWHERE, "", {}, 404),
        ("", "", {}, 404),
        (HERE, "", {"X-Forwarded-For": ELSEWHERE}, 404),
        (HERE, "", {"Forwarded": "for=192.0.2.7"}, 404),
        (ELSEWHERE, "", {"Authorization": "Bearer "}, 404),
        (ELSEWHERE, TOKEN, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (ELSEWHERE, TOKEN, {"Authorization": f"Bearer {TOKEN}x"}, 404),
        (ELSEWHERE, TOKEN, {"Authorization": TOKEN}, 404),
        (ELSEWHERE, TOKEN, {}, 404),
        (HERE, TOKEN, {}, 200),
    ],
)
async def test_metrics_are_for_this_machine_and_for_the_token(
    sqlite_database: Database, of: str, token: str, headers: dict[str, str], status: int
) -> None:
    async with visitor(await House(sqlite_database).open(), of=of, token=token) as client:
        answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert bool(answer.content) is (status == 200)


async def test_what_was_counted_is_shown(house: House) -> None:
    meters = house.services.metrics.meters
    meters.count(Meter.CALL, "shopee", "order.get_order_list", Outcome.OK)
    meters.count(Meter.CALL, "shopee", "order.get_order_list", Outcome.OK)
    meters.count(Meter.CALL, "shopee", "product.update_price", Outcome.UNKNOWN_FATE)
    meters.count(Meter.PUSH_REFUSED, "shopee")
    meters.alert_waits.add(0.7)
    meters.alert_waits.add(5000)
    seen = await numbers(house)
    assert seen["storesync_platform_calls_total order.get_order_list ok shopee"] == 2
    assert seen["storesync_platform_calls_total product.update_price unknown_fate shopee"] == 1
    assert seen["storesync_pushes_refused_total shopee"] == 1
    assert seen["storesync_order_alert_seconds_bucket 0.5"] == 0
    assert seen["storesync_order_alert_seconds_bucket 1.0"] == 1
    assert seen["storesync_order_alert_seconds_bucket +Inf"] == 2
    assert seen["storesync_order_alert_seconds_sum"] == pytest.approx(5000.7)
    assert seen["storesync_bot updates_held"] == 3


async def test_orders_refreshes_and_refused_pushes_are_counted_where_they_happen(house: House) -> None:
    shop, truth = await house.stocked()
    with pytest.raises(NotAllowed):
        await house.services.inbound.receive_hook(SLUG, house.app.id, {}, b"{}")
    house.bazaar.expire_access()
    house.clock.advance(timedelta(hours=6))
    truth.place(order_snapshot(external_id="1", placed_at=house.clock(), paid_at=house.clock()))
    await house.services.sync.poll(shop.id, "orders")
    house.clock.advance(timedelta(seconds=20))
    for item in await house.services.outbox.claim(50):
        await house.services.outbox.sent(item, 1)
    for item in await house.services.outbox.claim(50):
        await house.services.outbox.sent(item, 1)
    seen = await numbers(house)
    assert seen[f"storesync_pushes_refused_total {SLUG}"] == 1
    assert seen[f"storesync_token_refreshes_total ok {SLUG}"] == 1
    assert seen["storesync_order_alert_seconds_count"] >= 1


async def test_the_funnel_counts_everybody_who_came_that_far(house: House) -> None:
    await house.link()
    house.bazaar.add_shop("600012")
    await house.services.linking.start(house.owner, house.app.id, "ID")
    await house.database.write(
        lambda conn: figures.save(conn, "2020-01-01", {("linking", ("failed",)): 4}), "t"
    )
    seen = await numbers(house)
    assert seen["storesync_linkings started"] == 6
    assert seen["storesync_linkings returned"] == 1
    assert seen["storesync_linkings first_order"] == 0


async def test_active_sellers_and_failed_shares_are_those_of_the_last_days(house: House) -> None:
    activity, mine = house.services.activity, house.owner.seller_id
    for outcome in (Outcome.OK, Outcome.OK, Outcome.REFUSED, Outcome.FAILED):
        activity.acted(mine, outcome)
    activity.acted("", Outcome.OK)
    activity.acted("gone-seller", Outcome.OK)
    await activity.flush()
    await activity.flush()
    seen = await numbers(house)
    assert seen["storesync_sellers_active 7"] == seen["storesync_sellers_active 28"] == 1
    assert seen["storesync_failed_share actions"] == pytest.approx(1 / 6)
    assert "storesync_failed_share calls" not in seen


async def test_a_page_of_numbers_names_nobody(house: House) -> None:
    shop, _ = await house.stocked()
    async with visitor(house) as client:
        text = (await client.get("/metrics")).text
    hidden = [
        shop.id,
        shop.name,
        shop.external_id,
        house.owner.seller_id,
        "Sari",
        "4711",
        house.app.id,
        house.app.secret,
    ]
    assert not [each for each in hidden if each in text]
    assert "python_info" not in text
