"""What came in: every call with its outcome, without its secrets."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any

SECRET_NAMES = frozenset(
    {"access_token", "refresh_token", "sign", "code", "resend_code", "auth_code", "app_secret", "shop_cipher"}
)
KEPT_CALLS = 20_000


@dataclass(slots=True)
class CallRecord:
    id: int
    at: float
    method: str
    path: str
    params: dict[str, Any]
    body: Any
    shop_id: str
    error: str = ""
    message: str = ""
    http_status: int = 0
    fault: str = ""
    took_ms: float = 0.0
    done: Any = None
    """What was answered to a write that had its effect, whether or not the answer arrived."""


class Journal:
    def __init__(self) -> None:
        self._records: deque[CallRecord] = deque(maxlen=KEPT_CALLS)
        self._next_id = 1

    def open(self, at: float, method: str, path: str, params: Iterable[tuple[str, str]]) -> CallRecord:
        shown: dict[str, Any] = {}
        for name, value in params:
            shown[name] = _grouped(shown.get(name), value)
        record = CallRecord(
            self._next_id, at, method, path, without_secrets(shown), None, str(shown.get("shop_id", ""))
        )
        self._next_id += 1
        self._records.append(record)
        return record

    def since(self, after: int) -> list[dict[str, Any]]:
        newer = takewhile(lambda record: record.id > after, reversed(self._records))
        return [asdict(record) for record in reversed(list(newer))]


def _grouped(before: Any, value: str) -> Any:
    """Keep a repeated key as a list."""
    if before is None:
        return value
    return [*before, value] if isinstance(before, list) else [before, value]


def without_secrets(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "***" if name in SECRET_NAMES else value for name, value in fields.items()}
