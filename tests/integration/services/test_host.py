"""What the host hears: once each, from memory and from rows alike; and what persons write to the host."""

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.catalogue import ListingState
from domain.errors import InputError, PlatformUnavailable
from domain.notices import NoteKind, Notice
from domain.orders import OrderStatus
from services.hints import ATTEMPTS
from services.host import LOOPING
from services.inbound import IncomingUpdate
from storage.database import Database
from storage.tables.transit import oddity
from tests.factories import listing_snapshot, order_snapshot
from tests.fakes.platform import SLUG
from tests.integration.services.house import House


@pytest_asyncio.fixture(loop_scope="session")
async def house(database: Database) -> House:
    return await House(database).open()


async def heard(house: House) -> list[tuple[NoteKind, dict[str, str]]]:
    return [(note.kind, dict(note.facts)) for note in await house.services.host.waiting(100)]


async def test_the_same_is_told_once(house: House) -> None:
    host = house.services.host
    again = Notice(NoteKind.BACKUP_FAILED, "backup:2026-03-02", {"reason": "disk full"})
    await host.note(again)
    await host.note(again)
    assert await heard(house) == [(NoteKind.BACKUP_FAILED, {"reason": "disk full"})]
    (note,) = await host.waiting()
    await host.told(note)
    await host.note(again)
    assert await heard(house) == []


async def test_what_could_not_be_told_waits_longer_each_time(house: House) -> None:
    host = house.services.host
    await host.note(Notice(NoteKind.PARKED, "p", {}))
    for rest_s in (5, 10, 20):
        (note,) = await host.waiting()
        await host.later(note)
        house.clock.advance(timedelta(seconds=rest_s - 1))
        assert await host.waiting() == []
        house.clock.advance(timedelta(seconds=1))


async def test_what_is_no_news_is_not_told(house: House) -> None:
    await house.services.host.note(Notice(NoteKind.PARKED, "p", {}))
    house.clock.advance(timedelta(days=3))
    assert await heard(house) == []


async def test_a_word_of_a_platform_that_is_new_is_told_once_and_counted_always(house: House) -> None:
    shop, _ = await house.stocked()
    for number in ("1", "2"):
        seen = order_snapshot(external_id=number, status=OrderStatus.UNKNOWN, raw_status="TELEPORTED")
        await house.services.orders.record(shop, [seen])
        await house.services.host.flush()
    told = [facts for kind, facts in await heard(house) if kind is NoteKind.UNKNOWN_WORD]
    assert told == [{"platform": "bazaar", "place": "order status", "word": "TELEPORTED"}]
    counted = await house.database.read(
        lambda conn: conn.execute(select(oddity.c.word, oddity.c["count"])).one()
    )
    assert tuple(counted) == ("TELEPORTED", 2)


async def test_words_of_listings_and_pushes_are_counted_too(house: House) -> None:
    await house.stocked(listing_snapshot(state=ListingState.UNKNOWN, raw_state="FROZEN"))
    await house.services.host.flush()
    told = [facts["word"] for kind, facts in await heard(house) if kind is NoteKind.UNKNOWN_WORD]
    assert told == ["FROZEN"]


async def test_a_push_that_is_given_up_is_told(house: House) -> None:
    await house.stocked()
    headers, body = house.bazaar.push(house.app, "order", "600011", "1")
    await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body)
    down = PlatformUnavailable(platform=SLUG, operation="fetch_orders", reason="down")
    for _ in range(ATTEMPTS):
        house.bazaar.fail("fetch_orders", down)
        await house.services.hints.work_off()
        house.clock.advance(timedelta(hours=1))
    await house.services.host.flush()
    assert [facts for kind, facts in await heard(house) if kind is NoteKind.PARKED] == [
        {"source": SLUG, "reason": "platform_unavailable"}
    ]


async def test_an_update_that_is_set_aside_is_told_once_an_hour(house: House) -> None:
    inbound = house.services.inbound
    for number in (1, 2):
        await inbound.store_updates("770011", [IncomingUpdate(number, "{}", f"chat:{number}")])
        (update,) = await inbound.next_updates(10)
        await inbound.park(update, "unreadable")
        await house.services.host.flush()
    assert await heard(house) == [(NoteKind.PARKED, {"source": "telegram", "reason": "unreadable"})]


async def test_starting_is_told_once_an_hour_and_starting_again_and_again_is_a_trouble(house: House) -> None:
    kinds = []
    for _ in range(LOOPING):
        await house.services.host.started()
        kinds.append([kind for kind, _ in await heard(house)])
    assert kinds[:2] == [[NoteKind.STARTED]] * 2
    assert set(kinds[2]) == {NoteKind.STARTED, NoteKind.CRASH_LOOP}
    house.clock.advance(timedelta(hours=1))
    await house.services.host.started()
    assert [kind for kind, _ in await heard(house)].count(NoteKind.CRASH_LOOP) == 1


async def test_what_cannot_be_saved_now_is_not_an_unheard_error(house: House) -> None:
    house.services.metrics.meters.notice(Notice(NoteKind.MISCONFIGURED, "k", {"reason": "\x00half"}))
    await house.services.host.flush()
    assert [facts["reason"] for _, facts in await heard(house)] == ["\N{REPLACEMENT CHARACTER}half"]


# Feedback and references


async def test_feedback_reaches_the_host_with_what_stands_behind_its_reference(house: House) -> None:
    host, mine = house.services.host, house.owner.seller_id
    await host.broke("K7Q2", "ZeroDivisionError", "inbox:412", mine)
    written = await house.services.feedback.give(house.owner, "k7q2 the card was empty")
    assert (written.reference, written.words) == ("K7Q2", "the card was empty")
    ((kind, facts),) = await heard(house)
    assert kind is NoteKind.FEEDBACK
    kept = await host.feedback(facts["feedback_id"])
    assert kept
    assert kept.broke
    assert (kept.words, kept.broke.code, kept.broke.source) == (
        "the card was empty",
        "ZeroDivisionError",
        "inbox:412",
    )
    assert [each.id for each in await host.latest_feedback()] == [written.id]


async def test_the_reference_of_another_seller_is_only_words(house: House) -> None:
    other = await house.found("Ann", 4799)
    await house.services.host.broke("K7Q2", "ZeroDivisionError", "inbox:412", house.owner.seller_id)
    written = await house.services.feedback.give(other, "K7Q2")
    assert (written.reference, written.words) == ("", "K7Q2")


@pytest.mark.parametrize("words", ["", "   "])
async def test_feedback_of_no_words_asks_for_some(house: House, words: str) -> None:
    with pytest.raises(InputError, match="usage_feedback"):
        await house.services.feedback.give(house.owner, words)


async def test_feedback_is_kept_without_secrets(house: House) -> None:
    token = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    written = await house.services.feedback.give(house.owner, f"my token {token} does not work")
    kept = await house.services.host.feedback(written.id)
    assert kept
    assert token not in kept.words
    assert kept.words.startswith("my token ")


async def test_feedback_of_a_deleted_seller_is_gone(house: House) -> None:
    written = await house.services.feedback.give(house.owner, "goodbye")
    await house.services.sellers.delete(house.owner.seller_id)
    assert await house.services.host.feedback(written.id) is None


async def test_of_two_references_alike_the_later_counts(house: House) -> None:
    host = house.services.host
    await host.broke("K7Q2", "KeyError", "inbox:1", "")
    await host.broke("K7Q2", "ValueError", "inbox:2", house.owner.seller_id)
    found = await host.breakage("k7q2")
    assert found
    assert (found.code, found.source, found.seller_id) == ("ValueError", "inbox:2", house.owner.seller_id)
