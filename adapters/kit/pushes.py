"""Prices and stock on their way to a platform: listing by listing, in turn, each with its result."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from adapters.kit.batches import batches
from adapters.kit.refusals import PriceRefusal
from domain.errors import FateUnknown, PlatformError, UnexpectedResponse
from domain.platform import Outcome, PricePush, PushResult, StockPush

P = TypeVar("P", PricePush, StockPush)


async def push_in_turn(
    pushes: Sequence[P], most: int, push: Callable[[Sequence[P]], Awaitable[list[PushResult]]]
) -> list[PushResult]:
    """Push what is of one listing together, at most so many, one group after the other.

    After an answer that stays open, or none, nothing more is sent.
    """
    groups = batches(pushes, lambda each: each.listing_external_id, most)
    results: list[PushResult] = []
    for sent, group in enumerate(groups, start=1):
        try:
            results += await push(group)
        except (FateUnknown, UnexpectedResponse):
            results += [result_of(each, Outcome.UNKNOWN) for each in group]
            return results + _not_sent(groups[sent:])
        except PlatformError:
            if not results:
                raise
            return results + _not_sent(groups[sent - 1 :])
    return results


def result_of(push: PricePush | StockPush, outcome: Outcome, reason: str = "") -> PushResult:
    return PushResult(push.listing_external_id, push.variant_external_id, outcome, reason)


def _not_sent(groups: Sequence[Sequence[PricePush | StockPush]]) -> list[PushResult]:
    return [
        result_of(push, Outcome.REJECTED, PriceRefusal.NOT_SENT.value) for group in groups for push in group
    ]
