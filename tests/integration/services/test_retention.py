"""What is old goes, what is of use stays, and the chain of the audit still holds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest_asyncio
from sqlalchemy import Connection, select, update

from domain.notices import NoteKind, Notice
from domain.orders import OrderStatus
from domain.shops import LinkState
from services import retention as periods
from services.audit import AuditService
from services.inbound import IncomingUpdate
from storage.database import Database
from storage.repositories.audit import GENESIS, Audit
from storage.tables import metadata
from storage.tables.host import audit_cut
from storage.tables.orders import sale_order
from storage.tables.people import audit
from storage.tables.shops import linking, secret
from storage.tables.transit import inbox, outbox
from tests.factories import order_snapshot
from tests.integration.services.house import House
from tests.integration.services.links import returned

DAY = timedelta(days=1)


@pytest_asyncio.fixture(loop_scope="session")
async def house(database: Database) -> House:
    return await House(database).open()


async def column(house: House, wanted: Any) -> Sequence[Any]:
    """Return a column's values, in the order of the rows."""
    query = select(wanted).order_by(*wanted.table.primary_key.columns)
    return await house.database.read(lambda conn: conn.scalars(query).all())


async def handled(house: House, *numbers: int) -> None:
    inbound = house.services.inbound
    for number in numbers:
        await inbound.store_updates(
            "770011", [IncomingUpdate(number, f'{{"n": {number}}}', f"chat:{number}")]
        )
        for each in await inbound.next_updates(10):
            if each.chat_key == f"chat:{number}":
                await inbound.update_done(each)


async def test_updates_go_after_a_week_and_those_that_wait_stay(house: House) -> None:
    await handled(house, 1, 2)
    await house.services.inbound.store_updates("770011", [IncomingUpdate(3, "{}", "chat:3")])
    house.clock.advance(periods.INBOX + DAY)
    await handled(house, 4)
    gone = await house.services.retention.once()
    assert gone["inbox"] == 2
    assert await column(house, inbox.c.dedupe_key) == ["770011:3", "770011:4"]


async def test_the_newest_update_stays_so_that_its_number_does_not_come_again(house: House) -> None:
    await handled(house, 1)
    house.clock.advance(periods.INBOX * 50)
    await house.services.retention.once()
    assert await column(house, inbox.c.dedupe_key) == ["770011:1"]


async def test_buyers_are_forgotten_after_their_orders_and_open_orders_keep_them(house: House) -> None:
    shop, _ = await house.stocked()
    now = house.clock()
    for number, status in (
        ("1", OrderStatus.COMPLETED),
        ("2", OrderStatus.TO_SHIP),
        ("3", OrderStatus.CANCELLED),
    ):
        seen = order_snapshot(
            external_id=number,
            status=status,
            updated_at=now,
            buyer_name=f"Buyer {number}",
            buyer_note="ring twice",
        )
        await house.services.orders.record(shop, [seen])
    house.clock.advance(periods.BUYERS - DAY)
    assert (await house.services.retention.once())["buyers"] == 0
    house.clock.advance(2 * DAY)
    assert (await house.services.retention.once())["buyers"] == 2
    assert sorted(await column(house, sale_order.c.buyer_name)) == ["", "", "Buyer 2"]
    order = await house.order(shop, "1")
    assert order
    assert (order.buyer_note, order.lines[0].quantity) == ("", 1), "what was sold stays"


async def test_messages_that_were_said_go_and_those_that_wait_stay(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.orders.record(shop, [order_snapshot(external_id="1", placed_at=house.clock() + DAY)])
    states = await column(house, outbox.c.state)
    first = (await column(house, outbox.c.id))[0]
    said = update(outbox).where(outbox.c.id == first).values(state="sent")
    await house.database.write(lambda conn: conn.execute(said), "t")
    house.clock.advance(periods.MESSAGES + DAY)
    await house.services.retention.once()
    left = await column(house, outbox.c.state)
    assert len(left) < len(states)
    assert "sent" not in left
    assert left.count("pending") == states.count("pending") - (states[0] == "pending")


async def test_what_a_consent_granted_is_destroyed_when_nobody_confirmed_it(house: House) -> None:
    await returned(house)
    assert f"app:{house.app.id}" in (before := set(await column(house, secret.c.owner)))
    assert len(before) == 2
    house.clock.advance(periods.QUARANTINE + DAY)
    gone = await house.services.retention.once()
    assert gone["quarantine"] == 1
    assert set(await column(house, secret.c.owner)) == {f"app:{house.app.id}"}


async def test_a_linking_that_is_gone_is_still_counted(house: House) -> None:
    await returned(house)
    before = (await house.services.metrics.figures()).linkings
    house.clock.advance(periods.LINKINGS + DAY)
    await house.services.retention.once()
    assert await column(house, linking.c.id) == []
    assert (await house.services.metrics.figures()).linkings == before
    assert before[LinkState.RETURNED] == 1


async def test_questions_notes_and_references_go(house: House) -> None:
    await house.services.dialogues.ask(house.owner, "price", {"typed": "26500"})
    await house.services.host.note(Notice(NoteKind.PARKED, "p", {}))
    await house.services.host.broke("K7Q2", "KeyError", "inbox:1", house.owner.seller_id)
    await house.services.feedback.give(house.owner, "hello")
    house.clock.advance(periods.REFERENCES + DAY)
    await house.services.retention.once()
    tables = metadata.tables
    assert await column(house, tables["dialogue"].c.flow) == []
    assert await column(house, tables["host_note"].c.kind) == []
    assert await column(house, tables["breakage"].c.reference) == []
    assert await column(house, tables["feedback"].c.words) == ["hello"]


async def test_old_rows_of_the_audit_go_and_the_rest_still_hangs_together(house: House) -> None:
    mine = house.owner.seller_id

    async def add(action: str) -> None:
        now = house.clock()

        def work(conn: Connection) -> None:
            Audit(conn, mine).add(actor="host", action=action, subject="x", facts={}, now=now)

        await house.database.write(work, "t")

    for action in ("one", "two"):
        await add(action)
    house.clock.advance(periods.AUDIT + DAY)
    for action in ("three", "four"):
        await add(action)
    hashes = await column(house, audit.c.hash)
    assert (await house.services.retention.once())["audit"] == 3, "who founded the seller, one and two"
    assert await house.audited() == ["three", "four"]
    assert await column(house, audit.c.previous_hash) == hashes[2:4]
    assert await column(house, audit_cut.c.hash) == [hashes[2]]
    assert [look.wrong for look in await AuditService(house.database).verify()] == [()]
    assert GENESIS not in await column(house, audit.c.previous_hash)


async def test_the_newest_row_of_an_audit_stays_for_the_next_to_hang_on(house: House) -> None:
    house.clock.advance(periods.AUDIT * 3)
    await house.services.retention.once()
    assert await house.audited() == ["joined"]


async def test_it_is_done_once_a_day_by_one_process(house: House) -> None:
    await handled(house, 1, 2)
    house.clock.advance(periods.INBOX + DAY)
    assert await house.services.retention.daily()
    await handled(house, 3)
    house.clock.advance(timedelta(minutes=1))
    assert not await house.services.retention.daily()
    assert not await house.another().retention.daily()
    house.clock.advance(periods.INBOX + DAY)
    await handled(house, 4)
    assert await house.another().retention.daily()
