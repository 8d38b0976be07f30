"""How loudly an event is told: by choice, by the hour, by a snooze, and what breaks through."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Alert, Loudness, Preferences, QuietHours, after, breaks_through, loudness
from domain.events import EventKind
from domain.orders import Parcel
from tests.factories import order_snapshot

JAKARTA = "Asia/Jakarta"
NIGHT = QuietHours(time(22), time(7))
MIDNIGHT = datetime(2026, 11, 11, 17, tzinfo=UTC)
"""Midnight in Jakarta."""
NOON = datetime(2026, 11, 11, 5, tzinfo=UTC)
QUIET = Preferences(quiet=NIGHT)


def _order(at: datetime, chosen: Preferences = QUIET, *, urgent: bool = False) -> Loudness:
    return loudness(EventKind.ORDER_PLACED, chosen, at, JAKARTA, breaks_through=urgent)


@pytest.mark.parametrize(
    ("local", "is_quiet"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_run_over_midnight(local: str, is_quiet: bool) -> None:  # noqa: FBT001 - a table's column
    assert NIGHT.cover(time.fromisoformat(local)) is is_quiet


def test_quiet_hours_within_a_day() -> None:
    siesta = QuietHours(time(12), time(14))
    assert [siesta.cover(time(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]


def test_the_zone_of_the_view_decides_what_night_is() -> None:
    assert _order(MIDNIGHT) is Loudness.SILENT
    assert _order(NOON) is Loudness.SOUND
    told = loudness(EventKind.ORDER_PLACED, QUIET, MIDNIGHT, "America/New_York", breaks_through=False)
    assert told is Loudness.SOUND


def test_urgent_orders_and_shops_cut_off_sound_at_night() -> None:
    assert _order(MIDNIGHT, urgent=True) is Loudness.SOUND
    told = loudness(EventKind.SHOP_CUT_OFF, QUIET, MIDNIGHT, JAKARTA, breaks_through=False)
    assert told is Loudness.SOUND


def test_a_choice_is_stronger_than_urgency() -> None:
    off = replace(QUIET, choices={Alert.NEW_ORDERS: Loudness.DROP})
    assert _order(NOON, off, urgent=True) is Loudness.DROP


def test_a_snooze_ends_by_itself() -> None:
    until = NOON + timedelta(hours=1)
    snoozed = Preferences(snoozed_until={Alert.NEW_ORDERS: until})
    assert _order(NOON, snoozed) is Loudness.SILENT
    assert _order(NOON, snoozed, urgent=True) is Loudness.SOUND
    assert _order(until, snoozed) is Loudness.SOUND


@given(st.sampled_from(EventKind), st.dictionaries(st.sampled_from(Alert), st.sampled_from(Loudness)))
def test_only_what_is_off_itself_is_dropped(kind: EventKind, choices: dict[Alert, Loudness]) -> None:
    told = loudness(kind, Preferences(choices=choices), NOON, JAKARTA, breaks_through=False)
    own = {
        EventKind.ORDER_PLACED: Alert.NEW_ORDERS,
        EventKind.ORDER_CANCELLED: Alert.CANCELLATIONS,
        EventKind.RETURN_ASKED: Alert.RETURNS,
        EventKind.RETURN_DUE: Alert.RETURNS,
        EventKind.RETURN_BACK: Alert.RETURNS,
        EventKind.STOCK_LOW: Alert.LOW_STOCK,
        EventKind.PROPOSAL_ASKED: Alert.APPROVALS,
        EventKind.SHOP_CUT_OFF: Alert.CUT_OFF,
        EventKind.REVIEW_LOW: Alert.REVIEWS,
        EventKind.HEALTH_WORSE: Alert.HEALTH,
        EventKind.WAIT_FAILED: Alert.APPROVALS,
        EventKind.AUTHORISATION_ENDING: Alert.CUT_OFF,
    }.get(kind)
    assert told is (choices.get(own, Loudness.SOUND) if own else Loudness.SOUND)


def test_pressing_goes_round_and_never_turns_off_what_waits_for_a_person() -> None:
    assert [after(Alert.NEW_ORDERS, each) for each in Loudness] == [
        Loudness.SILENT,
        Loudness.DROP,
        Loudness.SOUND,
    ]
    assert after(Alert.APPROVALS, Loudness.SILENT) is Loudness.SOUND
    assert after(Alert.CUT_OFF, Loudness.SILENT) is Loudness.SOUND


@pytest.mark.parametrize(
    ("courier", "is_urgent"),
    [("SPX Instant", True), ("GoSend Same Day", True), ("GrabExpress Sameday", True), ("J&T Express", False)],
)
def test_the_fastest_parcels_are_known_by_their_courier(courier: str, is_urgent: bool) -> None:  # noqa: FBT001 - a table's column
    seen = replace(order_snapshot(), courier=courier, parcels=())
    assert breaks_through(EventKind.ORDER_PLACED, seen) is is_urgent


def test_an_instant_parcel_is_urgent_whatever_its_courier_is_called() -> None:
    parcel = Parcel("P1", "READY", "J&T", "", (), is_instant=True)
    assert breaks_through(EventKind.ORDER_PLACED, replace(order_snapshot(), courier="J&T", parcels=(parcel,)))


def test_a_cancelled_order_breaks_through_once_it_has_its_label() -> None:
    parcel = Parcel("P1", "READY", "J&T", "", ())
    bare = replace(order_snapshot(), courier="SPX Instant", parcels=(parcel,))
    assert not breaks_through(EventKind.ORDER_CANCELLED, bare)
    labelled = replace(bare, parcels=(replace(parcel, tracking_number="JX1"),))
    assert breaks_through(EventKind.ORDER_CANCELLED, labelled)
