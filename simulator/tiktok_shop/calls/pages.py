"""Pages behind opaque tokens. A token is good for the filters it came with and no others."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from simulator.tiktok_shop import errors
from simulator.tiktok_shop.calls.endpoint import Call

T = TypeVar("T")
Key = tuple[int, str]


def page(
    call: Call,
    found: Sequence[T],
    key: Callable[[T], Key],
    *,
    sizes: range,
    usual: int | None = None,
    is_descending: bool = False,
    wrong_size: errors.ApiError | None = None,
) -> tuple[list[T], str]:
    """Return one page and the token of the next, empty after the last.

    A token remembers the last row it showed, so that rows that move meanwhile neither vanish nor come twice.
    """
    size = call.number("page_size", usual)
    if size is None:
        raise wrong_size or errors.missing("query.page_size")
    if size not in sizes:
        raise wrong_size or errors.invalid("query.page_size")
    ordered = sorted(found, key=key, reverse=is_descending)
    mark = _digest(call)
    if token := call.query.get("page_token"):
        after = _read(token, mark)
        ordered = [each for each in ordered if (key(each) < after if is_descending else key(each) > after)]
    shown = ordered[:size]
    more = len(ordered) > size
    return shown, _write(key(shown[-1]), mark) if more else ""


def order_of(call: Call, fields: Sequence[str], usual: str, usual_order: str) -> tuple[str, bool]:
    """Return by which field to sort, and whether downwards."""
    by = call.query.get("sort_field", usual)
    direction = call.query.get("sort_order", usual_order)
    if by not in fields:
        raise errors.invalid("query.sort_field")
    if direction not in {"ASC", "DESC"}:
        raise errors.invalid("query.sort_order")
    return by, direction == "DESC"


def _digest(call: Call) -> str:
    asked: dict[str, Any] = {
        name: value
        for name, value in call.query.items()
        if name not in {"sign", "timestamp", "page_token", "app_key", "access_token"}
    }
    content = json.dumps([asked, call.body], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:12]


def _write(last: Key, mark: str) -> str:
    return base64.b64encode(json.dumps([*last, mark]).encode()).decode()


def _read(token: str, mark: str) -> Key:
    try:
        moment, name, of = json.loads(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError):
        raise errors.invalid("query.page_token") from None
    if of != mark:
        raise errors.invalid("query.page_token")
    return int(moment), str(name)
