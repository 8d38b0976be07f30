"""Reviews: read now and then, told of where they are bad, answered once and by one confirmed answer (R6, R10)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actions import LOOKS, ActionState
from domain.clock import Clock
from domain.errors import (
    Conflict,
    FateUnknown,
    InputError,
    NotAllowed,
    NotFound,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    StoreSyncError,
    TokenRevoked,
)
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.reviews import Answer
from domain.tickets import Action
from services.reviews import PAGE, ReviewCard, ReviewFilter, ReviewQuery
from services.views import Pressed, PressResult
from storage.repositories import marks
from storage.repositories.retention import forget_reviews
from storage.tables.reviews import review, review_answer
from tests.factories import DAY, HOUR, order_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House, pressed_in

SORRY = "Maaf, kami kirim gantinya hari ini."
HALF_AN_HOUR = timedelta(minutes=30)


async def opened(house: House, *, stars: int = 2) -> FakeShop:
    """Link a shop with one review of few stars, read after the first look at what was there."""
    shop, truth = await house.stocked()
    truth.place(order_snapshot("26A", OrderStatus.COMPLETED))
    await house.services.sync.fetch_orders(shop, ["26A"])
    house.bazaar.reviews.write(truth, "26A", stars, "lampu mati", 2)
    await read(house)
    return truth


async def read(house: House) -> int:
    """Read the reviews again, when it is time to."""
    house.clock.advance(HALF_AN_HOUR)
    shop = await house.shop_of("600011")
    return await house.services.showcase.poll_due(shop.id)


async def the_card(house: House) -> ReviewCard:
    page = await house.services.reviews.page(house.owner, ReviewQuery(ReviewFilter.ALL))
    return await house.services.reviews.card(house.owner, page.rows[0].review.id)


async def drafted(house: House, text: str = SORRY) -> Answer:
    card = await the_card(house)
    answer = (await house.services.reviews.draft(house.owner, card.review.id, text)).answer
    assert answer
    return answer


async def button(house: House, answer: Answer) -> str:
    return await house.services.buttons.token(
        house.owner.view.id, Action.SEND_ANSWER, answer.id, answer.version, Role.MANAGER
    )


async def sent(house: House, text: str = SORRY) -> Answer:
    """Draft an answer and confirm it."""
    answer = await drafted(house, text)
    await house.services.buttons.press(house.owner, await button(house, answer), MESSAGE)
    return answer


async def act(house: House, answer: Answer) -> ReviewCard:
    await house.services.review_sending.act(answer.seller_id, answer.id)
    return await the_card(house)


def state(card: ReviewCard) -> tuple[ActionState, str]:
    assert card.answer
    return card.answer.state, card.answer.refusal


# Reading


async def test_reviews_are_read_with_their_product_and_order(house: House) -> None:
    await opened(house)
    card = await the_card(house)
    assert (card.review.seen.stars, card.review.seen.text, card.review.seen.photos) == (2, "lampu mati", 2)
    shown = await house.shown()
    assert (card.review.title, card.review.listing_id) == (shown.title, shown.listing_id)
    assert card.review.order_id
    assert card.can_answer


async def test_what_waits_for_an_answer_comes_first_and_the_newest_of_it(house: House) -> None:
    truth = await opened(house)
    kept = house.bazaar.reviews
    kept.answer(kept.write(truth, "26A", 5, "mantap").external_id, "Terima kasih!")
    for at in range(6):
        house.clock.advance(timedelta(minutes=1))
        kept.write(truth, "26A", 4, f"bagus {at}")
    hidden = kept.write(truth, "26A", 1, "kasar").external_id
    kept.kept[hidden] = replace(kept.kept[hidden], is_hidden=True)
    assert await read(house) == 8
    reviews = house.services.reviews
    every = await reviews.page(house.owner, ReviewQuery(ReviewFilter.ALL))
    assert [row.review.seen.text for row in every.rows] == [f"bagus {at}" for at in (5, 4, 3, 2, 1)]
    assert (every.total, every.unanswered, every.pages, len(every.rows)) == (9, 7, 2, PAGE)
    assert str(every.average) == "3.6"
    last = await reviews.page(house.owner, ReviewQuery(ReviewFilter.ALL), 2)
    assert [row.review.seen.text for row in last.rows] == ["bagus 0", "lampu mati", "kasar", "mantap"]
    waiting = await reviews.page(house.owner, ReviewQuery())
    assert waiting.total == 7
    low = await reviews.page(house.owner, ReviewQuery(ReviewFilter.LOW))
    assert [row.review.seen.text for row in low.rows] == ["lampu mati", "kasar"]
    assert await read(house) == 0


async def test_reviews_of_one_product_are_listed_by_themselves(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    listing_id = (await house.shown()).listing_id
    found = await house.services.reviews.page(house.owner, ReviewQuery(ReviewFilter.ALL, listing_id))
    assert (found.total, found.title) == (1, (await house.shown()).title)
    with pytest.raises(NotFound, match="product_unknown"):
        await house.services.reviews.page(house.owner, ReviewQuery(ReviewFilter.ALL, "nosuchlisting"))


async def test_another_seller_and_another_chat_see_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    card = await the_card(house)
    stranger = await house.found("Eve", 6666)
    assert (await house.services.reviews.page(stranger, ReviewQuery(ReviewFilter.ALL))).total == 0
    elsewhere = replace(house.owner, view=replace(house.owner.view, shops=frozenset({"another"})))
    for visitor in (stranger, elsewhere):
        with pytest.raises(NotFound, match="review_unknown"):
            await house.services.reviews.card(visitor, card.review.id)
        with pytest.raises(NotFound, match="review_unknown"):
            await house.services.reviews.draft(visitor, card.review.id, SORRY)


async def test_a_failed_reading_waits_longer_each_time(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    shop = await house.shop_of("600011")
    house.bazaar.fail("reviews", PlatformUnavailable(platform="bazaar", operation="reviews"), times=2)
    waits = []
    for _ in range(3):
        house.clock.advance(HOUR)
        await house.services.showcase.poll_due(shop.id)
        mark = await house.database.read(lambda conn: marks.get(conn, shop.id, "showcase"))
        waits.append(mark.next_due - house.clock())
    assert waits == [timedelta(seconds=30), timedelta(seconds=60), HALF_AN_HOUR]
    busy = RateLimited(platform="bazaar", operation="reviews", retry_after_s=700)
    house.bazaar.fail("reviews", busy)
    await read(house)
    mark = await house.database.read(lambda conn: marks.get(conn, shop.id, "showcase"))
    assert mark.next_due - house.clock() == timedelta(seconds=700)


async def test_a_platform_that_points_back_does_not_keep_us(sqlite_house: House) -> None:
    house = sqlite_house
    truth = await opened(house)
    for _ in range(5):
        house.bazaar.reviews.write(truth, "26A", 5)
    house.bazaar.is_looping = True
    assert await read(house) == 5


async def test_a_shop_that_rests_is_not_read(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    shop, calls = await house.shop_of("600011"), house.bazaar.calls["reviews"]
    assert await house.services.showcase.poll_due(shop.id) == 0  # not due
    data = await house.services.buttons.token(
        house.owner.view.id, Action.PAUSE_SHOP, shop.id, shop.link_gen, Role.MANAGER
    )
    await house.services.buttons.press(house.owner, data, MESSAGE)
    assert await read(house) == 0
    assert house.bazaar.calls["reviews"] == calls


# Alerts


async def test_bad_news_is_told_once(house: House) -> None:
    truth = await opened(house, stars=2)
    house.bazaar.reviews.write(truth, "26A", 3)
    await read(house)
    await read(house)
    card = await the_card(house)
    told = await house.told(EventKind.REVIEW_LOW)
    assert len(told) == 1
    assert told[0]["review_id"] != card.review.id


async def test_what_was_there_before_or_is_old_or_answered_is_no_news(sqlite_house: House) -> None:
    house = sqlite_house
    truth = house.bazaar.add_shop("600011")
    truth.place(order_snapshot("26A", OrderStatus.COMPLETED))
    shop = await house.link()
    house.bazaar.reviews.write(truth, "26A", 1, "before")
    await house.services.showcase.poll_due(shop.id)
    house.bazaar.reviews.write(truth, "26A", 1, "old")
    answered = house.bazaar.reviews.write(truth, "26A", 1, "answered").external_id
    house.clock.advance(2 * DAY + HOUR)
    house.bazaar.reviews.answer(answered, "Maaf")
    await read(house)
    assert await house.told(EventKind.REVIEW_LOW) == []


# Drafting


async def test_nothing_is_sent_before_somebody_confirms(house: House) -> None:
    await opened(house)
    answer = await drafted(house)
    assert (answer.state, answer.text) == (ActionState.DRAFT, SORRY)
    house.clock.advance(DAY)
    assert await house.services.review_sending.due() == []
    assert house.queue.take(Task.ANSWER_REVIEW) == []
    assert state(await act(house, answer)) == (ActionState.DRAFT, "")
    assert house.bazaar.reviews.done == []


async def test_other_words_take_the_place_of_those_before(house: House) -> None:
    await opened(house)
    first = await drafted(house, "Maaf")
    old = await button(house, first)
    second = await drafted(house, f"  {SORRY}\n")
    assert (second.id, second.text, second.version) == (first.id, SORRY, first.version + 1)
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(house.owner, old, MESSAGE)
    await house.services.buttons.press(house.owner, await button(house, second), MESSAGE)
    await act(house, second)
    assert [text for _, text in house.bazaar.reviews.done] == [SORRY]


@pytest.mark.parametrize(("text", "code"), [(" \n", "answer_empty"), ("x" * 501, "answer_long")])
async def test_words_that_cannot_be_are_refused(sqlite_house: House, text: str, code: str) -> None:
    house = sqlite_house
    await opened(house)
    with pytest.raises(InputError, match=code):
        await drafted(house, text)
    assert (await the_card(house)).answer is None


async def test_only_managers_answer(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    packer = await house.join("Budi", 4712, Role.PACKER)
    card = await the_card(house)
    with pytest.raises(NotAllowed, match="role"):
        await house.services.reviews.draft(packer, card.review.id, SORRY)
    data = await button(house, await drafted(house))
    with pytest.raises(NotAllowed, match="role"):
        await house.services.buttons.press(pressed_in(house.owner, packer), data, MESSAGE)
    assert state(await the_card(house))[0] is ActionState.DRAFT


async def test_what_is_answered_or_under_way_takes_no_other_answer(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    with pytest.raises(Conflict, match="review_busy"):
        await drafted(house, "lain")
    await act(house, answer)
    with pytest.raises(Conflict, match="review_answered"):
        await drafted(house, "lain")


async def test_a_draft_whose_review_was_answered_meanwhile_is_not_sent(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    data = await button(house, await drafted(house))
    house.bazaar.reviews.answer((await the_card(house)).review.seen.external_id, "Sudah kami ganti")
    await read(house)
    with pytest.raises(Conflict, match="review_answered"):
        await house.services.buttons.press(house.owner, data, MESSAGE)
    assert house.queue.take(Task.ANSWER_REVIEW) == []


# Sending


async def test_an_answer_is_sent_once_and_read_back(house: House) -> None:
    await opened(house)
    answer = await drafted(house)
    data = await button(house, answer)
    pressed = await house.services.buttons.press(house.owner, data, MESSAGE)
    assert pressed == Pressed(PressResult.REVIEW_ANSWERED, answer.review_id)
    assert house.queue.take(Task.ANSWER_REVIEW) == [(answer.seller_id, answer.id)]
    card = await act(house, answer)
    assert state(card) == (ActionState.DONE, "")
    assert (card.review.seen.reply, card.can_answer) == (SORRY, False)
    for _ in range(3):
        await act(house, answer)
    assert house.bazaar.calls["reply"] == 1


async def test_presses_and_workers_at_once_send_it_once(house: House) -> None:
    await opened(house)
    answer = await drafted(house)
    data = await button(house, answer)
    pressed = await asyncio.gather(
        *(house.services.buttons.press(house.owner, data, MESSAGE) for _ in range(8)), return_exceptions=True
    )
    assert len([each for each in pressed if isinstance(each, Pressed)]) == 1
    assert all(isinstance(each, Pressed | StoreSyncError) for each in pressed)
    sending = house.services.review_sending
    await asyncio.gather(*(sending.act(answer.seller_id, answer.id) for _ in range(6)))
    assert house.bazaar.calls["reply"] == 1
    assert state(await the_card(house)) == (ActionState.DONE, "")


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_answer_is_read_back_and_never_sent_again(house: House, is_done: bool) -> None:  # noqa: FBT001 - a column of the table above
    await opened(house)
    answer = await sent(house)
    house.bazaar.fail("reply", FateUnknown(platform="bazaar", operation="reply"), is_done=is_done)
    card = await act(house, answer)
    for _ in LOOKS:
        house.clock.advance(HOUR)
        card = await act(house, answer)
    assert state(card) == ((ActionState.DONE, "") if is_done else (ActionState.REFUSED, "no_effect"))
    assert house.bazaar.calls["reply"] == 1
    assert card.can_answer is not is_done  # a person decides


async def test_a_process_that_died_while_sending_leaves_it_to_be_looked_at(house: House) -> None:
    await opened(house)
    answer = await sent(house)
    dying = house.another()
    gate = house.bazaar.hold("reply", is_done=True)
    sending = asyncio.create_task(dying.review_sending.act(answer.seller_id, answer.id))
    await asyncio.wait_for(gate.reached.wait(), 60)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert state(await the_card(house))[0] is ActionState.SENDING
    assert state(await act(house, answer))[0] is ActionState.SENDING  # its lease still runs
    house.clock.advance(timedelta(minutes=1))
    assert await house.services.review_sending.due() == [(answer.seller_id, answer.id)]
    assert state(await act(house, answer)) == (ActionState.DONE, "")
    assert house.bazaar.calls["reply"] == 1


async def test_who_was_faster_in_the_seller_centre_is_told(house: House) -> None:
    await opened(house)
    answer = await sent(house)
    house.bazaar.reviews.answer((await the_card(house)).review.seen.external_id, "Sudah kami ganti")
    card = await act(house, answer)
    assert state(card) == (ActionState.REFUSED, "already_answered")
    assert card.review.seen.reply == "Sudah kami ganti"


async def test_what_surely_was_not_sent_is_tried_again_a_few_times(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    down = PlatformUnavailable(platform="bazaar", operation="reply")
    house.bazaar.fail("reply", down)
    assert state(await act(house, answer)) == (ActionState.READY, "")
    assert await house.services.review_sending.due() == []
    house.clock.advance(timedelta(seconds=2))
    assert state(await act(house, answer)) == (ActionState.DONE, "")
    assert house.bazaar.calls["reply"] == 2


async def test_a_platform_that_stays_down_ends_it(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    house.bazaar.fail("reply", PlatformUnavailable(platform="bazaar", operation="reply"), times=99)
    card = await the_card(house)
    for _ in range(8):
        card = await act(house, answer)
        house.clock.advance(HOUR)
    assert state(card) == (ActionState.REFUSED, "platform_unavailable")
    assert house.bazaar.calls["reply"] == 8


@pytest.mark.parametrize(
    "failed",
    [
        PlatformUnavailable(platform="bazaar", operation="fetch_review"),
        TokenRevoked(platform="bazaar", operation="fetch_review"),
    ],
)
async def test_while_nobody_can_look_it_stays_open(sqlite_house: House, failed: PlatformError) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    house.bazaar.fail("fetch_review", failed)
    assert state(await act(house, answer))[0] is ActionState.UNKNOWN
    house.clock.advance(timedelta(minutes=5))
    if isinstance(failed, TokenRevoked):
        return  # the shop is cut off until somebody links it anew
    assert state(await act(house, answer)) == (ActionState.DONE, "")
    assert house.bazaar.calls["reply"] == 1


async def test_a_review_that_is_gone_is_told_so(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    house.bazaar.reviews.kept.clear()
    assert state(await act(house, answer)) == (ActionState.REFUSED, "not_found")


async def test_a_pause_holds_it_and_a_resume_lets_it_go(house: House) -> None:
    await opened(house)
    answer = await sent(house)
    house.queue.take(Task.ANSWER_REVIEW)
    await switch(house, Action.PAUSE_WRITES)
    assert (await house.services.pausing.look(house.owner)).answers == 1
    assert (await the_card(house)).is_held
    assert await house.services.review_sending.due() == []
    assert state(await act(house, answer)) == (ActionState.READY, "")
    assert house.bazaar.calls["reply"] == 0
    await switch(house, Action.RESUME_WRITES)
    assert house.queue.take(Task.ANSWER_REVIEW) == [(answer.seller_id, answer.id)]
    assert state(await act(house, answer)) == (ActionState.DONE, "")


async def switch(house: House, action: Action) -> None:
    version = (await house.services.pausing.look(house.owner)).version
    about = (action, house.owner.seller_id, version, Role.MANAGER)
    data = await house.services.buttons.token(house.owner.view.id, *about)
    await house.services.buttons.press(house.owner, data, MESSAGE)


async def test_a_pause_in_the_last_moment_holds_it_too(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    answer = await sent(house)
    gate = house.bazaar.hold("refresh")
    house.bazaar.expire_access()
    sending = asyncio.create_task(house.services.review_sending.act(answer.seller_id, answer.id))
    house.clock.advance(4 * HOUR)
    await asyncio.wait_for(gate.reached.wait(), 60)
    await switch(house, Action.PAUSE_WRITES)
    gate.open.set()
    await sending
    assert house.bazaar.calls["reply"] == 0
    assert state(await the_card(house)) == (ActionState.READY, "")


async def test_cards_of_a_review_are_brought_up_to_date(sqlite_house: House) -> None:
    house = sqlite_house
    await opened(house)
    card = await the_card(house)
    about = {"subject": "review", "subject_id": card.review.id}
    await house.services.cards.remember(
        house.owner.seller_id, house.owner.view.id, 7, version=card.version, **about
    )
    answer = await sent(house)
    await act(house, answer)
    assert {each["review_id"] for each in await house.told(EventKind.REVIEW_MOVED)} == {card.review.id}
    assert len(await house.told(EventKind.REVIEW_MOVED)) == 3  # drafted, confirmed, done


async def test_what_is_very_old_is_let_go_with_its_answers(house: House) -> None:
    await opened(house)
    answer = await sent(house)
    await act(house, answer)
    now: Clock = house.clock
    limit = now() - timedelta(days=1)
    assert await house.database.write(lambda conn: forget_reviews(conn, limit, 10), "t") == 0
    limit = now() + timedelta(days=1)
    assert await house.database.write(lambda conn: forget_reviews(conn, limit, 10), "t") == 1
    left = await house.database.read(
        lambda conn: [*conn.execute(select(review)), *conn.execute(select(review_answer))]
    )
    assert left == []
