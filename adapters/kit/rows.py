"""Rows of a batch, read one by one: what cannot be read is left out and logged, and the others come through."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
import structlog

R = TypeVar("R")
T = TypeVar("T")

_log = structlog.get_logger("storesync.platform")


def readable(rows: Iterable[R], read: Callable[[R], T], *, platform: str, operation: str) -> list[T]:
    """Read every row that can be read. Whoever asked by id sees what is missing, and asks again."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except (ValueError, ArithmeticError, LookupError, RecursionError) as error:
            # Only a validation error is known to name the field and never its value.
            why = str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
            _log.warning("platform.row_unreadable", platform=platform, operation=operation, why=why)
    return found
