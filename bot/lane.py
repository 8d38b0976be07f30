"""One chat's way out: what waits to be shown there, in order, and until when nothing may be sent."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.screen import Screen

MINUTE_S = 60.0
LOOKS_KEPT = 50
LONG_S = 5.0
"""So long what rings waits behind answers to somebody who presses on and on; then every other turn is its."""


@dataclass(frozen=True, slots=True)
class Post:
    """Something to show: a new message, or with `message_id` the new look of a message of ours."""

    chat_id: int
    screen: Screen
    message_id: int | None = None
    thread_id: int | None = None
    is_silent: bool = False
    is_plain: bool = False
    rank: int = 0
    """Who goes first in a chat: answers to a person (0), what rings (1), what is brought up to date (2)."""
    begun: float | None = None
    """When the answering began, by the loop's clock: what it shows was read no earlier. An event has none."""

    def is_older_than(self, other: "Post") -> bool:
        """Tell whether this answer shows an earlier version of what an event shows."""
        mine, theirs = self.screen, other.screen
        is_race = self.begun is not None and other.begun is None and mine.subject != ""
        same = (mine.subject, mine.subject_id) == (theirs.subject, theirs.subject_id)
        return is_race and same and mine.version < theirs.version


@dataclass(eq=False, slots=True)
class Waiting:
    """A post on its way, and everybody who waits for the number of the message that shows it."""

    post: Post
    patience_s: float
    tries: int
    asked_by: list[asyncio.Future[int]]
    since: float = 0.0

    @property
    def is_wanted(self) -> bool:
        return any(not future.done() for future in self.asked_by)

    def shown_by(self, message_id: int) -> None:
        for future in self.asked_by:
            if not future.done():
                future.set_result(message_id)

    def fail(self, failure: Exception) -> None:
        for future in self.asked_by:
            if not future.done():
                future.set_exception(failure)


class Lane:
    """The queue of one chat. Edits of one message that wait here become one: only the last look matters."""

    def __init__(
        self, per_s: float, burst: float, now: Callable[[], float], per_minute: int | None = None
    ) -> None:
        self.task: asyncio.Task[None] | None = None
        self._per_minute = per_minute
        self._last_minute: deque[float] = deque()
        self._interval_s = 1 / per_s
        self._ahead_s = (burst - 1) * self._interval_s
        self._now = now
        self._spent_until = 0.0
        self._paused_until = 0.0
        self._waiting: deque[Waiting] = deque()
        self._answered_last = False
        self._told: dict[int, tuple[float, Post]] = {}

    @property
    def pause_s(self) -> float:
        """How long nothing may be sent yet, in seconds."""
        return max(0.0, self._paused_until - self._now())

    @property
    def wait_s(self) -> float:
        """How long until the next one may go: the pause or the budget, whichever is longer."""
        return max(self.pause_s, self._spent_until - self._ahead_s - self._now(), self._minute_s)

    @property
    def _minute_s(self) -> float:
        """How long until fewer than so many went out within the last minute, where that is limited."""
        last, now = self._last_minute, self._now()
        while last and last[0] <= now - MINUTE_S:
            last.popleft()
        if self._per_minute is None or len(last) < self._per_minute:
            return 0.0
        return last[-self._per_minute] + MINUTE_S - now

    @property
    def is_idle(self) -> bool:
        """Tell whether a new lane would behave the same."""
        rested = max(self._spent_until, self._paused_until) <= self._now()
        return self.task is None and rested and not (self._per_minute and self._last_minute)

    def spend(self) -> None:
        """Count one that has gone out.

        Counted when its answer is there: Telegram counts when it arrives, which is no later, so two that
        travel at different speeds never come closer than the budget.
        """
        self._spent_until = max(self._spent_until, self._now()) + self._interval_s
        if self._per_minute is not None:
            self._last_minute.append(self._now())

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, newcomer: Waiting) -> None:
        """Take a place in the queue, or an earlier edit's of the same message."""
        earlier = self._edit_of(newcomer.post.message_id)
        if earlier is None:
            newcomer.since = self._now()
            later = next(
                (at for at, each in enumerate(self._waiting) if each.post.rank > newcomer.post.rank), None
            )
            self._waiting.insert(len(self._waiting) if later is None else later, newcomer)
            return
        if not newcomer.post.is_older_than(earlier.post):
            earlier.post = newcomer.post
        earlier.patience_s = max(earlier.patience_s, newcomer.patience_s)
        earlier.tries = max(earlier.tries, newcomer.tries)
        earlier.asked_by += newcomer.asked_by

    def take(self) -> Waiting | None:
        """Return the next one that is still wanted."""
        while self._waiting:
            first = self._overdue() or self._waiting[0]
            self._waiting.remove(first)
            if first.post.message_id is not None and self._is_overtaken(first.post):
                first.shown_by(first.post.message_id)
            elif first.is_wanted:
                self._answered_last = first.post.rank == 0
                return first
        return None

    def tell(self, post: Post, message_id: int) -> None:
        """Remember the last looks that events gave to messages: an answer that began before one may be older."""
        self._told.pop(message_id, None)
        if post.begun is None:
            self._told[message_id] = (self._now(), post)
            if len(self._told) > LOOKS_KEPT:
                del self._told[next(iter(self._told))]

    def _is_overtaken(self, post: Post) -> bool:
        at, told = self._told.get(post.message_id or 0, (0.0, post))
        return post.begun is not None and post.begun <= at and post.is_older_than(told)

    def put_back(self, failed: Waiting) -> None:
        """Let it go first once more, unless a later edit of the same message waits: then that one goes."""
        later = self._edit_of(failed.post.message_id)
        if later is None:
            self._waiting.appendleft(failed)
        else:
            later.asked_by += failed.asked_by

    def pause(self, seconds: float, failure: Exception | None = None) -> None:
        """Send nothing for so long; who is not that patient gets the failure now."""
        self._paused_until = max(self._paused_until, self._now() + seconds)
        if failure is None:
            return
        for waiting in [each for each in self._waiting if each.patience_s < self.pause_s]:
            self._waiting.remove(waiting)
            waiting.fail(failure)

    def clear(self, failure: Exception) -> None:
        """Tell everybody who waits that nothing will come of it."""
        while self._waiting:
            self._waiting.popleft().fail(failure)

    def _overdue(self) -> Waiting | None:
        """Return what has waited for long while answers went first, if an answer was the last to go."""
        if not self._answered_last:
            return None
        long_ago = self._now() - LONG_S
        return next((each for each in self._waiting if each.post.rank and each.since <= long_ago), None)

    def _edit_of(self, message_id: int | None) -> Waiting | None:
        if message_id is None:
            return None
        return next((each for each in self._waiting if each.post.message_id == message_id), None)
