"""Ids, errors, windows, failpoints, the clock, and what never prints."""

import string
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from domain import errors, failpoint
from domain.chats import View
from domain.clock import utc_now
from domain.ids import new_id, new_token
from domain.pausing import HOST, STORESYNC, Pause
from domain.people import Role
from domain.platform import ParcelRef, Window
from domain.platform.fulfilment import parcel_refs
from domain.shops import ShopAccess
from tests.factories import NOW, credentials, order_snapshot, parcel, platform_app

HOUR = timedelta(hours=1)
URL_SAFE = set(string.ascii_letters + string.digits + "-_")


def test_ids_and_tokens_do_not_repeat_and_fit_their_places() -> None:
    ids, tokens = {new_id() for _ in range(1000)}, {new_token() for _ in range(1000)}
    assert len(ids) == len(tokens) == 1000
    assert {len(each) for each in ids} == {16}
    assert {len(each) for each in tokens} == {22}
    assert {char for each in ids for char in each} <= set(string.hexdigits.lower())
    assert {char for each in tokens for char in each} <= URL_SAFE


def test_now_knows_its_zone() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize(
    ("hours", "longest", "spans"),
    [(0, 5, []), (4, 5, [4]), (5, 5, [5]), (6, 5, [5, 1]), (15, 5, [5, 5, 5]), (-3, 5, [])],
)
def test_a_window_is_cut_without_gaps(hours: int, longest: int, spans: list[int]) -> None:
    parts = list(Window(NOW, NOW + hours * HOUR).sliced(longest * HOUR))
    assert [(each.end - each.start) / HOUR for each in parts] == spans
    assert [each.start for each in parts[1:]] == [each.end for each in parts[:-1]]
    assert not parts or (parts[0].start, parts[-1].end) == (NOW, NOW + hours * HOUR)


def test_secrets_never_print() -> None:
    app, pair = platform_app(), credentials()
    access = ShopAccess(app, "600011", "ID", "IDR", pair)
    printed = f"{app!r} {app} {pair!r} {access!r}"
    for secret in (app.secret, *app.push_keys, pair.access_token, pair.refresh_token):
        assert secret not in printed


# Errors


def test_an_error_carries_its_code_and_parameters() -> None:
    plain, named = errors.NotFound(), errors.NotFound("sku_unknown", sku="X")
    assert (plain.code, plain.params, str(plain)) == ("not_found", {}, "not_found")
    assert (named.code, named.params, str(named)) == ("sku_unknown", {"sku": "X"}, "sku_unknown")


def test_a_platforms_error_says_where_and_why_and_nothing_else() -> None:
    failed = errors.RequestRejected(
        platform="bazaar", operation="ship", reason="error_param", request_id="r1"
    )
    assert (str(failed), failed.request_id) == ("bazaar.ship: error_param", "r1")
    assert str(errors.TokenRevoked(platform="bazaar", operation="ship")) == "bazaar.ship: token_revoked"
    limited = errors.RateLimited(platform="bazaar", operation="ship", retry_after_s=3)
    assert (limited.code, limited.retry_after_s) == ("platform_busy", 3)
    named = errors.RequestRejected(platform="bazaar", operation="ship", code="shop_restricted", shop="x")
    assert (named.code, named.params) == ("shop_restricted", {"shop": "x"})


def test_a_fate_unknown_is_no_answer_and_a_wrong_configuration_is_nobodys_relative() -> None:
    assert issubclass(errors.FateUnknown, errors.PlatformUnavailable)
    assert not issubclass(errors.ConfigurationError, errors.StoreSyncError)


# Failpoints


def test_a_failpoint_does_nothing_until_it_is_armed() -> None:
    reached: list[str] = []
    failpoint.failpoint("before")
    failpoint.arm(reached.append)
    try:
        failpoint.failpoint("armed")
    finally:
        failpoint.arm(None)
    failpoint.failpoint("after")
    assert reached == ["armed"]


def test_a_pause_tells_who_is_no_member() -> None:
    by = [Pause(NOW, HOST), Pause(NOW, STORESYNC), Pause(NOW, "4711", "Sari")]
    assert [each.is_by_host for each in by] == [True, False, False]
    assert [each.is_after_restore for each in by] == [False, True, False]


def test_parcels_of_one_order_know_whether_they_are_several() -> None:
    one = order_snapshot("26A", parcels=(parcel("OFG1", courier_id="JT", place="IDZ"),))
    two = order_snapshot("26B", parcels=(parcel("OFG2"), parcel("OFG3")))
    assert parcel_refs(one) == (ParcelRef("26A", "OFG1", "JT", "IDZ", is_split=False),)
    assert [(each.external_id, each.is_split) for each in parcel_refs(two)] == [
        ("OFG2", True),
        ("OFG3", True),
    ]


def test_a_view_shows_all_shops_or_those_it_names() -> None:
    everything = View("v1", "c1", None, "s1", Role.OWNER, "en", "UTC")
    some = replace(everything, shops=frozenset({"a"}))
    assert [(everything.shows(each), some.shows(each)) for each in ("a", "b")] == [
        (True, True),
        (True, False),
    ]
