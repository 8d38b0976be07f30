"""How much may be said in a minute (`promises.md` R19): who says more is told once, then not answered for its rest."""

from collections import OrderedDict
from datetime import datetime
from enum import Enum, auto

PER_USER = 20
PER_CHAT = 60
_REMEMBERED = 20_000
"""Persons and chats counted at the same time; whoever was silent longest is forgotten first."""


class Verdict(Enum):
    ANSWER = auto()
    TELL = auto()
    IGNORE = auto()


class Quotas:
    """Counts by the minute in which Telegram took the words in, so that what waited for us is not held against anybody."""

    def __init__(self, factor: float = 1.0) -> None:
        self._per_user = PER_USER * factor
        self._per_chat = PER_CHAT * factor
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def judge(self, user_id: str, chat_id: int, said_at: datetime) -> Verdict:
        """Count one thing said, and tell what to do with it."""
        minute = int(said_at.timestamp()) // 60
        by_user = self._count(f"user:{user_id}", minute)
        if by_user > self._per_user:
            return _beyond(by_user, self._per_user)
        in_chat = self._count(f"chat:{chat_id}", minute)
        return _beyond(in_chat, self._per_chat) if in_chat > self._per_chat else Verdict.ANSWER

    def _count(self, key: str, minute: int) -> int:
        counted_in, count = self._counts.pop(key, (minute, 0))
        count = count + 1 if counted_in == minute else 1
        self._counts[key] = (minute, count)
        if len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return count


def _beyond(count: int, limit: float) -> Verdict:
    """The first beyond the limit is told; the ones after it would only be told the same."""
    return Verdict.TELL if count - 1 <= limit else Verdict.IGNORE
