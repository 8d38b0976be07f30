"""Whether what is done now may wait, and for whom it is done: said where work begins, read where calls are paced.

What nobody says anything of is urgent: an action of a person, an alert, a parcel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_MAY_WAIT: ContextVar[bool] = ContextVar("may_wait", default=False)
_SELLER: ContextVar[str] = ContextVar("seller", default="")


@contextmanager
def unhurried() -> Iterator[None]:
    """Let all calls of platforms within give way to those of persons."""
    token = _MAY_WAIT.set(True)
    try:
        yield
    finally:
        _MAY_WAIT.reset(token)


@contextmanager
def on_behalf_of(seller_id: str) -> Iterator[None]:
    """Say whose turn a call takes among those that may wait."""
    token = _SELLER.set(seller_id)
    try:
        yield
    finally:
        _SELLER.reset(token)


def may_wait() -> bool:
    return _MAY_WAIT.get()


def seller() -> str:
    return _SELLER.get()
