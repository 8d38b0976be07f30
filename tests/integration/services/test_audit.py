"""The audit: who did what, in a chain in which a missing or altered row shows."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import Row, select

from domain.errors import NotAllowed
from domain.people import Role
from domain.tickets import Action
from services.audit import PAGE
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.tables.people import audit
from tests.factories import NOW
from tests.integration.services.bulking import Rack
from tests.integration.services.house import House


async def rows(house: House, seller_id: str = "") -> list[Row[tuple[object, ...]]]:
    query = (
        select(audit).where(audit.c.seller_id == (seller_id or house.owner.seller_id)).order_by(audit.c.seq)
    )
    return await house.database.read(lambda conn: list(conn.execute(query)))


def chained(row: Row[tuple[object, ...]]) -> str:
    """Return the hash a row must have, as the format is documented: each part on a line of its own."""
    told = [
        row.previous_hash,
        row.seller_id,
        row.at.isoformat(),
        row.actor,
        row.action,
        row.subject,
        row.facts,
    ]
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()


def is_whole(found: list[Row[tuple[object, ...]]]) -> bool:
    links = [before.hash == after.previous_hash for before, after in pairwise(found)]
    return (
        all(links) and all(row.hash == chained(row) for row in found) and found[0].previous_hash == "0" * 64
    )


async def test_every_row_hangs_on_the_one_before(house: House) -> None:
    await house.stocked()
    await house.apply(await house.approved(119000))
    await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, Decimal(100000))
    found = await rows(house)
    assert [row.action for row in found] == [
        "joined",
        "shop.linked",
        "price.approved",
        "price.applied",
        "price.floor",
    ]
    assert is_whole(found)
    without = [row for row in found if row.action != "price.approved"]
    assert not is_whole(without)


async def test_a_decision_is_kept_with_who_and_from_what_to_what(house: House) -> None:
    await house.stocked()
    budi = await house.join("Budi", 4712, Role.MANAGER)
    proposal = await house.propose(119000)
    await house.press(proposal, Action.REJECT, by=budi)
    row = (await rows(house))[-1]
    assert (row.actor, row.action, row.subject, row.at) == (
        "4712",
        "price.rejected",
        f"proposal:{proposal.id}",
        NOW,
    )
    change = proposal.prices[0].change
    assert json.loads(row.facts) == {
        "change": change.id,
        "shop": change.shop_id,
        "before": "129000",
        "after": "119000",
        "currency": "IDR",
    }


async def test_things_done_at_once_stand_one_after_the_other(house: House) -> None:
    """Two managers who decide different things in the same moment must both get through."""

    def note(number: int) -> Awaitable[None]:
        def work(conn: Connection) -> None:
            Audit(conn, house.owner.seller_id).add(
                actor="4711", action="noted", subject=f"s:{number}", facts={}, now=NOW
            )

        return house.database.write(work, "t")

    await asyncio.gather(*(note(number) for number in range(12)))
    found = await rows(house)
    assert len([row for row in found if row.action == "noted"]) == 12
    assert is_whole(found)


async def test_each_seller_has_a_chain_of_their_own(house: House) -> None:
    stranger = await house.found("Eve", 6666)
    await house.join("Budi", 4712, Role.PACKER)
    ours, theirs = await rows(house), await rows(house, stranger.seller_id)
    assert (len(ours), len(theirs)) == (2, 1)
    assert is_whole(ours)
    assert is_whole(theirs)


# Read by who manages


async def test_managers_read_who_did_what_the_newest_first(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    shop, _ = await house.stocked()
    change = await house.apply(await house.approved(119000))
    page = await house.services.audit.page(manager)
    said = [(each.action, each.who, each.about) for each in page.entries]
    sku = (await house.shown()).sku
    assert said[:3] == [
        ("price.applied", "", sku),
        ("price.approved", "Sari", sku),
        ("shop.linked", "Sari", shop.name),
    ]
    assert said[-1] == ("joined", "Sari", "Sari")
    assert page.entries[1].change == change
    assert (page.entries[0].actor, page.page, page.pages) == ("storesync", 1, 1)


async def test_prices_changed_as_one_are_one_entry_and_a_row_each_in_the_chain(house: House) -> None:
    rack = await Rack.filled(house, listings=2, sizes=3)
    asked = await rack.approved()
    page = await house.services.audit.page(house.owner)
    assert (page.entries[0].action, page.entries[0].count, page.entries[0].bulk_id) == (
        "price.approved",
        6,
        asked.id,
    )
    assert [each.count for each in page.entries[1:]] == [1] * (len(page.entries) - 1)
    assert len([row for row in await rows(house) if row.action == "price.approved"]) == 6
    assert is_whole(await rows(house))


async def test_pages_do_not_shift_while_more_is_done(house: House) -> None:
    for at in range(PAGE + 2):
        await house.services.sellers.limit(house.owner.seller_id, {"items": at + 1})
    first = await house.services.audit.page(house.owner)
    assert (first.pages, len(first.entries), int(first.entries[0].numbers["items"])) == (2, PAGE, PAGE + 2)
    await house.services.sellers.limit(house.owner.seller_id, {"items": 99})
    second = await house.services.audit.page(house.owner, 2, first.upto)
    assert [each.action for each in second.entries] == ["seller.limited", "seller.limited", "joined"]
    assert [int(each.numbers["items"]) for each in second.entries[:2]] == [2, 1]
    assert (await house.services.audit.page(house.owner, 9)).page == 2


async def test_nobody_else_reads_it(house: House) -> None:
    eve = await house.found("Eve", 6666)
    assert [each.action for each in (await house.services.audit.page(eve)).entries] == ["joined"]
    packer = await house.join("Citra", 4713, Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await house.services.audit.page(packer)
