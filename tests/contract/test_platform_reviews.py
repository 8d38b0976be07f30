"""The contract of reviews: read as they are, answered once, and never twice after an answer that was lost."""

from datetime import UTC, datetime

import pytest

from domain.platform import Can, Outcome
from domain.reviews import ReviewSnapshot
from tests.contract.case import Fault, PlatformCase
from tests.contract.test_platform import free_variant

pytestmark = pytest.mark.needs(Can.READ_REVIEWS, Can.ANSWER_REVIEWS)

SORRY = "Maaf, kami kirim gantinya hari ini."


async def reviewed(case: PlatformCase, stars: int = 2, text: str = "lampu mati", photos: int = 2) -> str:
    """Let a buyer buy something and say what it was like; return the review's number."""
    return await case.buyer_reviews(await case.buy(await free_variant(case)), stars, text, photos)


async def review_now(case: PlatformCase, number: str) -> ReviewSnapshot:
    found = await case.platform.reviews.fetch_review(case.shop, number)
    assert found
    return found


async def every_review(case: PlatformCase) -> list[ReviewSnapshot]:
    found: list[ReviewSnapshot] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await case.platform.reviews.reviews(case.shop, cursor)
        found += page.reviews
        cursor = page.next_cursor
    return found


async def test_every_review_is_read_once_and_as_it_is(case: PlatformCase) -> None:
    for number in range(3):
        await reviewed(case, stars=number + 1, text=f"kata {number} <b>", photos=number)
    found, true = await every_review(case), await case.true_reviews()
    assert sorted(each.external_id for each in found) == sorted(true)
    for seen in found:
        fact = true[seen.external_id]
        assert (seen.order_external_id, seen.listing_external_id) == (fact.order, fact.listing)
        assert (seen.stars, seen.text, seen.photos, seen.reply) == (
            fact.stars,
            fact.text,
            fact.photos,
            fact.reply,
        )
        assert seen.created_at == datetime.fromtimestamp(fact.created_s, UTC)
        assert (seen.replied_at is not None) == bool(fact.reply)


async def test_a_review_is_answered_once(case: PlatformCase) -> None:
    number = await reviewed(case)
    assert (await review_now(case, number)).reply == ""
    told = await case.platform.reviews.reply(case.shop, number, SORRY)
    assert told.outcome is Outcome.OK
    seen = await review_now(case, number)
    assert (seen.reply, (await case.true_reviews())[number].reply) == (SORRY, SORRY)
    assert seen.replied_at
    again = await case.platform.reviews.reply(case.shop, number, "Terima kasih!")
    assert (again.outcome, again.reason) == (Outcome.REJECTED, "already_answered")
    assert (await case.true_reviews())[number].reply == SORRY


async def test_what_somebody_else_answered_is_seen(case: PlatformCase) -> None:
    number = await reviewed(case)
    await case.seller_answers(number, "Sudah kami ganti")
    assert (await review_now(case, number)).reply == "Sudah kami ganti"
    refused = await case.platform.reviews.reply(case.shop, number, SORRY)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, "already_answered")


async def test_unknown_review_is_not_there(case: PlatformCase) -> None:
    assert await case.platform.reviews.fetch_review(case.shop, "1") is None
    refused = await case.platform.reviews.reply(case.shop, "1", SORRY)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, "not_found")


async def test_too_long_an_answer_is_refused(case: PlatformCase) -> None:
    number = await reviewed(case)
    refused = await case.platform.reviews.reply(case.shop, number, "x" * 5001)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, "text_refused")
    assert (await review_now(case, number)).reply == ""


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_answer_without_a_usable_answer_is_of_unknown_fate(case: PlatformCase, fault: Fault) -> None:
    number = await reviewed(case)
    await case.break_next(fault, "reviews")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    assert (await platform.reviews.reply(case.shop, number, SORRY)).outcome is Outcome.UNKNOWN
    assert (await review_now(case, number)).reply == (SORRY if fault == "timeout_after" else "")
