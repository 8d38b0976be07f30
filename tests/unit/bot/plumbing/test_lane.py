"""One chat's queue: who goes first, and how much goes out within a minute."""

import asyncio

from bot.lane import Lane, Post, Waiting
from bot.screen import Screen


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def waiting(rank: int, words: str, message_id: int | None = None) -> Waiting:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    return Waiting(Post(-1, Screen(words), message_id, rank=rank), 60, 1, [future])


def order_of(lane: Lane) -> list[str]:
    said = []
    while taken := lane.take():
        said.append(taken.post.screen.text)
    return said


async def test_answers_go_before_what_rings_and_that_before_what_is_brought_up_to_date() -> None:
    lane = Lane(1, 3, Clock())
    for rank, words in ((2, "edit"), (1, "ring"), (0, "answer"), (1, "ring again"), (0, "answer again")):
        lane.join(waiting(rank, words))
    assert order_of(lane) == ["answer", "answer again", "ring", "ring again", "edit"]


async def test_what_waited_long_has_every_other_turn_beside_somebody_who_presses_on_and_on() -> None:
    clock, said = Clock(), list[str]()
    lane = Lane(1, 3, clock)
    for words in ("ring", "ring again"):
        lane.join(waiting(1, words))
    for number in range(9):
        lane.join(waiting(0, f"answer {number}"))
        taken = lane.take()
        assert taken
        said.append(taken.post.screen.text)
        clock.now += 1
    assert said[:8] == [
        "answer 0", "answer 1", "answer 2", "answer 3", "answer 4", "ring", "answer 5", "ring again",
    ]  # fmt: skip
    assert order_of(lane) == ["answer 7", "answer 8"]


async def test_edits_of_one_message_become_the_last_one() -> None:
    lane = Lane(1, 3, Clock())
    for words in ("one", "two", "three"):
        lane.join(waiting(2, words, message_id=7))
    lane.join(waiting(2, "another", message_id=8))
    assert order_of(lane) == ["three", "another"]


async def test_no_minute_has_more_than_a_group_may_get() -> None:
    clock = Clock()
    lane = Lane(1000, 1000, clock, per_minute=19)
    sent: list[float] = []
    while len(sent) < 100:
        clock.now += lane.wait_s
        sent.append(clock.now)
        lane.spend()
        clock.now += 0.4
    for at in sent:
        assert sum(at <= other < at + 60 for other in sent) <= 19
    assert sent[-1] - sent[0] < 60 * (100 / 19 + 1)


async def test_lane_with_a_full_minute_is_not_forgotten() -> None:
    clock = Clock()
    lane = Lane(1000, 1000, clock, per_minute=2)
    lane.spend()
    clock.now += 1
    assert not lane.is_idle
    clock.now += 60
    assert lane.wait_s == 0
    assert lane.is_idle


def look(version: int, begun: float | None, subject_id: str = "4711") -> Waiting:
    """A look of a card: an answer's where its handling began at some time, else an event's."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    screen = Screen(f"version {version}", (), "proposal", subject_id, version)
    return Waiting(Post(-1, screen, 7, rank=2 if begun is None else 0, begun=begun), 60, 1, [future])


async def test_an_answer_that_an_event_overtook_does_not_hide_it() -> None:
    """The answer was read before the change, and is shown after the event that told of it: the newer look stays."""
    clock = Clock()
    lane = Lane(1, 3, clock)
    lane.tell(look(5, None).post, 7)
    late = look(3, begun=99.0)
    lane.join(late)
    assert order_of(lane) == []
    assert await late.asked_by[0] == 7
    for shown in (look(6, begun=99.0), look(3, begun=101.0), look(3, begun=99.0, subject_id="4712")):
        lane.join(shown)
        assert order_of(lane) == [shown.post.screen.text]


async def test_an_older_answer_does_not_take_the_place_of_an_event_that_waits() -> None:
    lane = Lane(1, 3, Clock())
    lane.join(look(5, None))
    lane.join(look(3, begun=99.0))
    assert order_of(lane) == ["version 5"]
    lane.join(look(5, None))
    lane.join(look(6, begun=99.0))
    assert order_of(lane) == ["version 6"]


async def test_what_a_person_turned_to_since_is_not_held_against_an_old_look() -> None:
    clock = Clock()
    lane = Lane(1, 3, clock)
    lane.tell(look(5, None).post, 7)
    lane.tell(look(6, begun=99.0).post, 7)
    lane.join(look(3, begun=99.5))
    assert order_of(lane) == ["version 3"]
