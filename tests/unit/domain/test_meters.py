"""Counters of a process: what is counted is saved once, and put back when it could not be."""

from domain.meters import WAITS_S, Meter, Meters, Outcome, Waits
from domain.notices import NoteKind, Notice

CALL = (Meter.CALL, ("bazaar", "fetch", Outcome.OK))


def test_a_wait_falls_into_the_class_that_holds_it() -> None:
    waits = Waits()
    for seconds in (0.0, 0.5, 0.6, 4000.0):
        waits.add(seconds)
    assert (waits.classes[0], waits.classes[1], waits.classes[len(WAITS_S)]) == (2, 1, 1)
    assert waits.sum_s == 4001.1


def test_what_was_counted_is_drained_once_and_can_be_put_back() -> None:
    meters = Meters()
    for _ in range(3):
        meters.count(Meter.CALL, "bazaar", "fetch", Outcome.OK)
    taken = meters.drain()
    assert (taken, meters.drain()) == ({CALL: 3}, {})
    meters.count(Meter.CALL, "bazaar", "fetch", Outcome.OK)
    meters.put_back(taken)
    assert meters.drain() == {CALL: 4}
    assert meters.totals == {CALL: 4}


def test_odd_words_and_notices_are_taken_once() -> None:
    meters = Meters()
    meters.odd("bazaar", "status", "NEW_WORD")
    meters.odd("bazaar", "status", "NEW_WORD")
    assert (meters.take_odd(), meters.take_odd()) == ({("bazaar", "status", "NEW_WORD"): 2}, {})
    notice = Notice(NoteKind.STARTED, "started:1")
    meters.notice(notice)
    assert (meters.take_notices(), meters.take_notices()) == ([notice], [])
