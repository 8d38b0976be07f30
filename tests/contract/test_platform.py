"""The contract: what every platform's adapter does, whatever the platform. Written once, run for each."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.registry import INFOS
from domain.clock import utc_now
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    NotAllowed,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
)
from domain.money import Money
from domain.orders import OrderSnapshot, OrderStatus
from domain.platform import (
    Can,
    Hint,
    HintKind,
    ListingVariantSnapshot,
    LostPushes,
    Outcome,
    PricePush,
    Window,
)
from tests.contract.case import Fault, PlatformCase, TrueVariant, Where
from tests.contract.conftest import CASES
from tests.stage.waiting import until

REDIRECT = "http://127.0.0.1:9/oauth"


def test_every_platform_has_a_case() -> None:
    assert set(CASES) == set(INFOS)


# What the tests do with a platform


async def listed_ids(case: PlatformCase, since: datetime | None = None) -> list[str]:
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await case.platform.catalogue.listings_changed(case.shop, since, cursor)
        ids += page.ids
        cursor = page.next_cursor
    return ids


async def all_variants(case: PlatformCase) -> dict[tuple[str, str], ListingVariantSnapshot]:
    ids = await listed_ids(case)
    at_once = case.platform.info.listings_per_fetch
    return {
        (listing.external_id, variant.external_id): variant
        for start in range(0, len(ids), at_once)
        for listing in await case.platform.catalogue.fetch_listings(case.shop, ids[start : start + at_once])
        for variant in listing.variants
    }


async def variant_now(case: PlatformCase, variant: TrueVariant) -> ListingVariantSnapshot:
    listing = (await case.platform.catalogue.fetch_listings(case.shop, [variant.listing]))[0]
    return next(each for each in listing.variants if each.external_id == variant.variant)


async def order_numbers(case: PlatformCase, since: datetime) -> list[str]:
    numbers: list[str] = []
    for window in Window(since, utc_now()).sliced(case.platform.info.window):
        cursor: str | None = ""
        while cursor is not None:
            page = await case.platform.orders.orders_changed(case.shop, window, cursor)
            numbers += page.ids
            cursor = page.next_cursor
    return numbers


async def order_now(case: PlatformCase, number: str) -> OrderSnapshot:
    return (await case.platform.orders.fetch_orders(case.shop, [number]))[0]


async def free_variant(case: PlatformCase) -> TrueVariant:
    """Return a variant on sale without a promotion, of a listing with others: there one may change alone."""
    free = [
        each for each in await case.variants() if each.is_listed and not each.is_locked and each.available > 0
    ]
    return next(each for each in free if sum(other.listing == each.listing for other in free) > 1)


def push_of(case: PlatformCase, variant: TrueVariant, price: Decimal) -> PricePush:
    return PricePush(variant.listing, variant.variant, Money(price, case.shop.currency))


async def hints_until(case: PlatformCase, kind: HintKind) -> Sequence[Hint]:
    """Read pushes until one of this kind comes."""
    while True:
        delivered = await case.pushed()
        hints = case.platform.hooks.verify_and_parse(case.app, delivered.headers, delivered.body)
        if any(hint.kind is kind for hint in hints):
            return hints


# Linking


async def test_consent_brings_the_state_back_and_the_code_works_once(case: PlatformCase) -> None:
    page = case.platform.linking.authorize_url(case.app, redirect_url=REDIRECT, state="st-0001")
    query = await case.consent(page)
    assert query["state"] == "st-0001"
    granted = await case.platform.linking.exchange_code(case.app, query)
    assert [each.external_id for each in granted] == [case.shop.external_id]
    linked = replace(case.shop, credentials=granted[0].credentials)
    assert (await case.platform.linking.fetch_shop(linked)).external_id == case.shop.external_id
    with pytest.raises(RequestRejected):
        await case.platform.linking.exchange_code(case.app, query)


async def test_foreign_code_is_rejected(case: PlatformCase) -> None:
    page = case.platform.linking.authorize_url(case.app, redirect_url=REDIRECT, state="st-0003")
    query = dict(await case.consent(page)) | {"code": "0" * 32}
    with pytest.raises(RequestRejected):
        await case.platform.linking.exchange_code(case.app, query)


@pytest.mark.needs(Can.SPEND_REFRESH)
async def test_refresh_token_works_once(case: PlatformCase) -> None:
    spent = case.shop.credentials.refresh_token
    pair = await case.platform.linking.refresh(case.app, case.shop.external_id, spent)
    fresh = replace(case.shop, credentials=pair)
    assert timedelta() < pair.expires_at - utc_now() <= case.access_lasts
    assert (await case.platform.linking.fetch_shop(fresh)).is_usable
    with pytest.raises(TokenRevoked):
        await case.platform.linking.refresh(case.app, case.shop.external_id, spent)
    assert await case.platform.linking.refresh(case.app, case.shop.external_id, pair.refresh_token) != pair


@pytest.mark.needs(Can.SPEND_REFRESH)
async def test_of_two_refreshes_at_once_one_wins(case: PlatformCase) -> None:
    spent = case.shop.credentials.refresh_token
    both = await asyncio.gather(
        *(case.platform.linking.refresh(case.app, case.shop.external_id, spent) for _ in range(2)),
        return_exceptions=True,
    )
    assert [type(each) for each in both].count(TokenRevoked) == 1


async def test_foreign_refresh_token_is_revoked(case: PlatformCase) -> None:
    with pytest.raises(TokenRevoked):
        await case.platform.linking.refresh(case.app, case.shop.external_id, "0" * 32)


async def test_shop_is_described(case: PlatformCase) -> None:
    shop = await case.platform.linking.fetch_shop(case.shop)
    assert (shop.region, shop.currency) == (case.shop.region, case.shop.currency)
    assert shop.name
    assert shop.is_usable
    assert shop.authorised_until
    assert case.consent_lasts * 0.8 < shop.authorised_until - utc_now() <= case.consent_lasts


# Catalogue


async def test_listings_have_the_platforms_prices_stock_and_locks(case: PlatformCase) -> None:
    truth = {(each.listing, each.variant): each for each in await case.variants()}
    found = await all_variants(case)
    assert found.keys() == truth.keys()
    assert len({listing for listing, _ in found}) > 100
    for key, seen in found.items():
        price = seen.price
        assert price.listed.amount == truth[key].price
        assert price.listed.currency == case.shop.currency
        assert seen.available == truth[key].available
        if case.tells_buyer_price:
            assert price.buyer_pays.amount == truth[key].buyer_pays
            assert (price.locked_until is not None) == truth[key].is_locked
            assert price.locked_until is None or price.locked_until > utc_now()
    assert any(each.is_locked for each in truth.values()) == case.locks_prices


async def test_pages_of_listings_do_not_repeat(case: PlatformCase) -> None:
    ids = await listed_ids(case)
    assert len(ids) == len(set(ids))


async def test_edited_listing_is_listed_as_changed(case: PlatformCase) -> None:
    variant = await free_variant(case)
    before = utc_now() - timedelta(seconds=1)
    await case.seller_edits_price(variant, variant.price + 1000)
    changed = await listed_ids(case, since=before)
    assert variant.listing in changed
    assert len(changed) < 20
    assert (await variant_now(case, variant)).price.listed.amount == variant.price + 1000


async def test_unknown_listing_is_left_out(case: PlatformCase) -> None:
    variant = await free_variant(case)
    found = await case.platform.catalogue.fetch_listings(case.shop, [variant.listing, "999999999999"])
    assert [each.external_id for each in found] == [variant.listing]


# Prices


async def test_pushed_price_is_read_back(case: PlatformCase) -> None:
    variant = await free_variant(case)
    price = variant.price + 1000
    results = await case.platform.catalogue.push_prices(case.shop, [push_of(case, variant, price)])
    assert [(each.outcome, each.reason) for each in results] == [(Outcome.OK, "")]
    assert (await variant_now(case, variant)).price.listed.amount == price
    assert price in [each.price for each in await case.variants() if each.variant == variant.variant]


async def test_each_refused_price_has_its_own_reason(case: PlatformCase) -> None:
    good = await free_variant(case)
    sibling = next(
        each
        for each in await case.variants()
        if each.listing == good.listing and each.variant != good.variant
    )
    locked = next((each for each in await case.variants() if each.is_locked), None)
    results = await case.platform.catalogue.push_prices(
        case.shop,
        [
            push_of(case, good, good.price + 1000),
            push_of(case, sibling, case.wrong_decimals),
            *([push_of(case, locked, locked.price + 1000)] if locked else []),
            PricePush(good.listing, "999999999", Money(good.price, case.shop.currency)),
            PricePush("999999999999", "0", Money(good.price, case.shop.currency)),
        ],
    )
    reasons = {(each.listing_external_id, each.variant_external_id): each.reason for each in results}
    assert reasons == {
        (good.listing, good.variant): "",
        (sibling.listing, sibling.variant): "price_decimals",
        **({(locked.listing, locked.variant): "price_locked"} if locked else {}),
        (good.listing, "999999999"): "not_found",
        ("999999999999", "0"): "not_found",
    }
    after = {(each.listing, each.variant): each.price for each in await case.variants()}
    assert after[good.listing, good.variant] == good.price + 1000
    assert after[sibling.listing, sibling.variant] == sibling.price
    assert locked is None or after[locked.listing, locked.variant] == locked.price


@pytest.mark.needs(Can.TELL_LOCKS)
async def test_lock_says_until_when(case: PlatformCase) -> None:
    variant = await free_variant(case)
    until = utc_now().replace(microsecond=0) + timedelta(hours=6)
    await case.lock(variant, int(until.timestamp()))
    assert (await variant_now(case, variant)).price.locked_until == until
    results = await case.platform.catalogue.push_prices(
        case.shop, [push_of(case, variant, variant.price + 1000)]
    )
    assert [(each.outcome, each.reason) for each in results] == [(Outcome.REJECTED, "price_locked")]


# Orders


async def test_every_order_is_found_once_and_reads_as_it_is(case: PlatformCase) -> None:
    variant = await free_variant(
        case
    )  # how far past orders are depends on the hour; these are at their beginning
    for is_paid in (False, True):
        await case.buy(variant, is_paid=is_paid)
    truth = {each.number: each for each in await case.orders()}
    oldest = datetime.fromtimestamp(min(each.updated_s for each in truth.values()), UTC)
    numbers = await order_numbers(case, oldest)
    assert len(truth) > 200
    assert set(numbers) == truth.keys()
    at_once = case.platform.info.orders_per_fetch
    seen = [
        order
        for start in range(0, len(numbers), at_once)
        for order in await case.platform.orders.fetch_orders(case.shop, numbers[start : start + at_once])
    ]
    assert {order.external_id for order in seen} == truth.keys()
    for order in seen:
        true = truth[order.external_id]
        assert order.raw_status == true.raw_status
        assert order.status is not OrderStatus.UNKNOWN
        assert order.updated_at == datetime.fromtimestamp(true.updated_s, UTC)
        assert order.total in {None, Money(true.total, case.shop.currency)}
        lines = [
            (line.listing_external_id, line.variant_external_id, line.quantity, line.unit_price.amount)
            for line in order.lines
        ]
        assert lines == list(true.lines)
        assert {type(line.unit_price.amount) for line in order.lines} == {Decimal}
    assert len({order.status for order in seen}) >= 5


async def test_new_order_is_seen_and_its_digest_moves_with_it(case: PlatformCase) -> None:
    before = utc_now() - timedelta(seconds=1)
    number = await case.buy(await free_variant(case))
    assert number in await order_numbers(case, before)
    placed = await order_now(case, number)
    assert placed.status is OrderStatus.TO_SHIP
    assert (await order_now(case, number)).digest == placed.digest
    await case.buyer_cancels(number)
    cancelled = await order_now(case, number)
    assert (cancelled.status, cancelled.cancelled_by) == (OrderStatus.CANCELLED, "buyer")
    assert cancelled.digest != placed.digest


async def test_unknown_orders_are_left_out(case: PlatformCase) -> None:
    known = [each.number for each in (await case.orders())[:3]]
    found = await case.platform.orders.fetch_orders(case.shop, [known[0], "250101NOSUCH01", *known[1:]])
    assert sorted(each.external_id for each in found) == sorted(known)
    assert list(await case.platform.orders.fetch_orders(case.shop, ["250101NOSUCH01"])) == []


@pytest.mark.forgiven("/api/v2/order/get_order_list: window of")
async def test_window_over_the_limit_is_rejected_or_read(case: PlatformCase) -> None:
    too_long = Window(utc_now() - case.platform.info.window - timedelta(days=1), utc_now())
    if case.limits_windows:
        with pytest.raises(RequestRejected):
            await case.platform.orders.orders_changed(case.shop, too_long, "")
    else:
        assert (await case.platform.orders.orders_changed(case.shop, too_long, "")).ids


# Pushes


async def test_new_order_is_pushed_and_verified(case: PlatformCase) -> None:
    variant = await free_variant(case)
    await case.listen()
    number = await case.buy(variant)
    hints = await hints_until(case, HintKind.ORDER)
    assert [(hint.shop_external_id, hint.ids) for hint in hints] == [(case.shop.external_id, (number,))]


async def test_our_own_price_comes_back_as_a_push(case: PlatformCase) -> None:
    variant = await free_variant(case)
    await case.listen()
    await case.platform.catalogue.push_prices(case.shop, [push_of(case, variant, variant.price + 1000)])
    hints = await hints_until(case, HintKind.LISTING)
    assert [hint.ids for hint in hints] == [(variant.listing,)]


@pytest.mark.needs(Can.TELL_LOST_CONSENT)
async def test_consent_and_its_end_are_pushed(case: PlatformCase) -> None:
    await case.listen()
    await case.consent(case.platform.linking.authorize_url(case.app, redirect_url=REDIRECT, state="s"))
    if case.tells_consent:
        assert [hint.shop_external_id for hint in await hints_until(case, HintKind.AUTHORISED)] == [
            case.shop.external_id
        ]
    await case.revoke()
    assert [hint.shop_external_id for hint in await hints_until(case, HintKind.DEAUTHORISED)] == [
        case.shop.external_id
    ]


async def test_push_that_was_tampered_with_is_refused(case: PlatformCase) -> None:
    await case.listen()
    await case.buy(await free_variant(case))
    pushed = await case.pushed()
    verify = case.platform.hooks.verify_and_parse
    assert verify(case.app, pushed.headers, pushed.body)
    moved = replace(case.app, hook_url=case.app.hook_url + "/")
    for app, headers, body in (
        (case.app, pushed.headers, pushed.body + b" "),
        (case.app, {}, pushed.body),
        (replace(case.app, push_keys=("another",), secret="another"), pushed.headers, pushed.body),
        *([(moved, pushed.headers, pushed.body)] if case.signs_address else []),
    ):
        with pytest.raises(NotAllowed):
            verify(app, headers, body)


async def lost_pushes(case: PlatformCase) -> LostPushes:
    """Wait until the platform has given up on a push."""

    async def look() -> LostPushes | None:
        page = await case.platform.hooks.lost(case.app)
        return page if page.hints else None

    return await until(look, "a push that was given up")


@pytest.mark.needs(Can.RECALL_PUSHES)
async def test_lost_pushes_wait_until_they_are_confirmed(case: PlatformCase) -> None:
    await case.lose_pushes(lost=True)
    number = await case.buy(await free_variant(case))
    lost = await lost_pushes(case)
    assert (HintKind.ORDER, case.shop.external_id, (number,)) in [
        (hint.kind, hint.shop_external_id, hint.ids) for hint in lost.hints
    ]
    assert (await lost_pushes(case)).hints[0] == lost.hints[0]
    while lost.hints:
        assert lost.mark
        await case.platform.hooks.confirm_lost(case.app, lost.mark)
        seen, lost = lost, await case.platform.hooks.lost(case.app)
        assert seen.hints[0] not in lost.hints


# Trouble


READ_FAULTS: list[tuple[Fault, type[PlatformError]]] = [
    ("server_error", PlatformUnavailable),
    ("html", PlatformUnavailable),
    ("broken_json", PlatformUnavailable),
    ("rate_limit", RateLimited),
    ("timeout_before", PlatformUnavailable),
]


@pytest.mark.parametrize(("fault", "kind"), READ_FAULTS)
@pytest.mark.parametrize("where", ["orders", "listings"])
async def test_failed_read_is_told_as_what_it_is(
    case: PlatformCase, fault: Fault, kind: type[PlatformError], where: Where
) -> None:
    await case.break_next(fault, where)
    platform = case.impatient if fault == "timeout_before" else case.platform
    reads = {
        "orders": lambda: platform.orders.orders_changed(case.shop, Window(utc_now(), utc_now()), ""),
        "listings": lambda: platform.catalogue.listings_changed(case.shop, None, ""),
    }
    with pytest.raises(PlatformError) as caught:
        await reads[where]()
    assert type(caught.value) is kind
    assert await listed_ids(case)


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_push_without_a_usable_answer_is_of_unknown_fate(case: PlatformCase, fault: Fault) -> None:
    variant = await free_variant(case)
    price = variant.price + 1000
    await case.break_next(fault, "prices")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    results = await platform.catalogue.push_prices(case.shop, [push_of(case, variant, price)])
    assert [each.outcome for each in results] == [Outcome.UNKNOWN]
    had_its_effect = (await variant_now(case, variant)).price.listed.amount == price
    assert had_its_effect == (fault == "timeout_after")


@pytest.mark.needs(Can.SPEND_REFRESH)
async def test_refresh_without_an_answer_is_of_unknown_fate_and_not_repeated(case: PlatformCase) -> None:
    spent = case.shop.credentials.refresh_token
    await case.break_next("timeout_after", "refresh")
    with pytest.raises(FateUnknown):
        await case.impatient.linking.refresh(case.app, case.shop.external_id, spent)
    with pytest.raises(TokenRevoked):
        await case.platform.linking.refresh(case.app, case.shop.external_id, spent)


async def test_expired_access_token_asks_for_a_refresh(case: PlatformCase) -> None:
    await case.expire_access()
    with pytest.raises(TokenExpired):
        await case.platform.orders.orders_changed(case.shop, Window(utc_now(), utc_now()), "")
    pair = await case.platform.linking.refresh(
        case.app, case.shop.external_id, case.shop.credentials.refresh_token
    )
    assert (await case.platform.linking.fetch_shop(replace(case.shop, credentials=pair))).is_usable


async def test_consent_taken_back_is_revoked_for_calls_and_refresh(case: PlatformCase) -> None:
    await case.revoke()
    with pytest.raises(case.ended_consent):
        await case.platform.linking.fetch_shop(case.shop)
    with pytest.raises(TokenRevoked):
        await case.platform.linking.refresh(
            case.app, case.shop.external_id, case.shop.credentials.refresh_token
        )


async def test_banned_shop_has_its_own_sentence(case: PlatformCase) -> None:
    await case.ban()
    with pytest.raises(RequestRejected) as caught:
        await listed_ids(case)
    assert caught.value.code == "shop_restricted"


async def test_wrong_key_is_the_hosts_affair(case: PlatformCase) -> None:
    shop = replace(case.shop, app=replace(case.app, secret="another-partner-key"))
    with pytest.raises(HostMisconfigured):
        await case.platform.linking.fetch_shop(shop)
