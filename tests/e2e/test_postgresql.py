"""The main job on PostgreSQL: in one process, and with the jobs in workers of their own."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.proofs.trial import link_shop
from tests.stage import Phone, Stage, open_stage
from tests.stage.process import Spawned

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
async def stage(bare_postgres_url: str) -> AsyncIterator[Stage]:
    async with open_stage(orders=30, database_url=bare_postgres_url) as opened:
        opened.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500"}
        yield opened
        assert opened.telegram.violations == []


async def walk(stage: Stage) -> None:
    """Link, import, hear of an order, change a price; compare with the shop's truth."""
    phone = await Phone.of(stage.phones, "Sari")
    await link_shop(stage, phone)
    said = await phone.say("/orders")
    await phone.sees("to pack", after=said)
    model = await stage.seller.sellable()
    placed = await stage.seller.order(int(model["item_id"]), int(model["model_id"]))
    await phone.sees("New order", placed["order_sn"][-5:])
    after = Decimal(model["price"]) * 90 // 100
    await phone.say(f"/price {model['sku']} {after}")
    card = await phone.sees("🏷")
    await phone.press(card, "^Approve")
    await phone.sees_in(card, "read back")
    assert await stage.seller.price(int(model["item_id"]), int(model["model_id"])) == after


async def test_the_main_job_in_one_process(stage: Stage) -> None:
    await stage.start_bot()
    await walk(stage)
    assert await stage.stop_bot() == 0


async def test_the_main_job_with_workers(stage: Stage) -> None:
    stage.words = ["run", "--without-jobs"]
    await stage.start_bot()
    for _ in range(2):
        await stage.start_worker()
    await walk(stage)
    assert await stage.stop_bot() == 0


async def test_an_installation_moves_from_its_file_to_postgresql(bare_postgres_url: str) -> None:
    async with open_stage(orders=30) as stage:
        await stage.start_bot()
        phone = await Phone.of(stage.phones, "Sari")
        await link_shop(stage, phone)
        await stage.stop_bot()
        words = ("move-database", stage.environment["DATABASE_URL"], bare_postgres_url)
        moving = await Spawned.start(stage.environment, stage.log, *words)
        await moving.ended()
        assert moving.exit_code == 0, stage.log_tail()
        assert "counts and hashes" in stage.log_tail()
        stage.environment["DATABASE_URL"] = bare_postgres_url
        await stage.start_bot()
        said = await phone.say("/orders")
        await phone.sees("to pack", after=said)
        model = await stage.seller.sellable()
        placed = await stage.seller.order(int(model["item_id"]), int(model["model_id"]))
        await phone.sees("New order", placed["order_sn"][-5:])


async def test_a_file_refuses_a_second_process() -> None:
    async with open_stage(orders=1) as stage:
        worker = await stage.start_worker()
        await worker.ended()
        assert "workers and --without-jobs need PostgreSQL" in stage.log_tail()
        assert not stage.database.exists()
