"""Setting stock at Shopee: which units lie where, what is to lie there, and what became of it. Pure."""

from collections.abc import Mapping, Sequence

from adapters.kit.holdings import Holding
from adapters.kit.refusals import StockRefusal
from adapters.shopee import wire
from adapters.shopee.errors import row_stock_refusal, stock_refusal
from adapters.shopee.mapping import NO_VARIANTS
from domain.platform import Outcome, PushResult, StockPush


def holdings(item: wire.Item, models: wire.ModelList | None) -> dict[str, Holding]:
    """Return what an item's models hold, by model."""
    if models is None:
        return {NO_VARIANTS: _holding(item.stock_info_v2)}
    return {str(each.model_id): _holding(each.stock_info_v2) for each in models.model or ()}


def refusal(push: StockPush, held: Mapping[str, Holding]) -> StockRefusal | None:
    """Return why units may not even be sent."""
    holding = held.get(push.variant_external_id)
    if holding is None:
        return StockRefusal.NOT_FOUND
    return StockRefusal.SHOWS_OTHER if holding.total != push.expected else None


def results(pushes: Sequence[StockPush], answer: wire.Wrapped[wire.StockUpdate]) -> list[PushResult]:
    """Read what became of the units of one item. A row the answer does not mention is of unknown fate."""
    rows = answer.response or wire.StockUpdate()
    refused = {
        str(row.model_id or 0): row_stock_refusal(row.failed_reason) for row in rows.failure_list or ()
    }
    done = {str(row.model_id or 0) for row in rows.success_list or ()}
    for_all = stock_refusal(answer.error, answer.message)
    found = []
    for push in pushes:
        is_done = push.variant_external_id in done
        why = refused.get(push.variant_external_id) or (None if is_done else for_all)
        outcome = Outcome.REJECTED if why else Outcome.OK if is_done else Outcome.UNKNOWN
        found.append(result(push, outcome, why))
    return found


def result(push: StockPush, outcome: Outcome, why: StockRefusal | None = None) -> PushResult:
    return PushResult(push.listing_external_id, push.variant_external_id, outcome, why.value if why else "")


def _holding(stock: wire.StockInfo | None) -> Holding:
    summary = (stock.summary_info if stock else None) or wire.StockSummary()
    places = {
        each.location_id or "": each.stock or 0 for each in (stock.seller_stock if stock else None) or ()
    }
    return Holding((summary.total_available_stock or 0) + (summary.total_reserved_stock or 0), places)
