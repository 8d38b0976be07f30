"""A clock that stands until it is moved."""

from datetime import datetime, timedelta

from tests.factories import NOW


class FakeClock:
    """Call it for the time; `advance` moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by
