"""A server's clock as we know it from the Date of its answers.

Signatures carry a time, and platforms refuse one that is minutes off: a host whose clock is wrong
would be refused everywhere (fault F6). So a server that refuses our time is believed its own, and
signatures use that. One that does not complain is not asked: proxies send Dates of their own.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from domain.clock import Clock

_HALF_A_SECOND = timedelta(seconds=0.5)
"""A Date has whole seconds."""


class ServerClock:
    """Tells the time at a server, by its origin."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: dict[str, timedelta] = {}

    def now(self, origin: str) -> datetime:
        return self._clock() + self._ahead.get(origin, timedelta())

    def learn(self, origin: str, date: str | None, asked_at: datetime) -> None:
        """Take in the Date header of an answer to a request that left at `asked_at` by our clock."""
        server_time = parse_date(date)
        if server_time is None:
            return
        halfway = asked_at + (self._clock() - asked_at) / 2
        self._ahead[origin] = server_time + _HALF_A_SECOND - halfway


def parse_date(text: str | None) -> datetime | None:
    """Read an HTTP date; what is none is None."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
