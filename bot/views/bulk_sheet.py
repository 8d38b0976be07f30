"""A bulk change as a sheet: every price with what becomes or became of it."""

import html
from functools import lru_cache

from bot.foreign import visible
from bot.render import Renderer
from bot.screen import Attachment, Screen
from bot.views import labels
from bot.views.bulk import value_of
from domain.money import Money
from services.bulk_cards import BulkCard, BulkLine

COLUMNS = (
    labels.SHEET_SHOP,
    labels.SHEET_PRODUCT,
    labels.SHEET_VARIANT,
    labels.SHEET_SKU,
    labels.SHEET_CURRENCY,
    labels.SHEET_BEFORE,
    labels.SHEET_AFTER,
    labels.SHEET_PERCENT,
    labels.SHEET_OUTCOME,
)


def bulk_rows(card: BulkCard, text: Renderer) -> list[list[str | int]]:
    """Return every price as a row, the first one with the names of the columns, what is left at the end."""

    @lru_cache
    def outcome(state: str, code: str, platform: str, skipped: str) -> str:
        said = text.render("bulk/outcome.html.j2", state=state, code=code, platform=platform, skipped=skipped)
        return html.unescape(said)

    def row(each: BulkLine) -> list[str | int]:
        code = each.change.reason if each.change else ""
        skipped = each.skip.value if each.skip else ""
        return [
            visible(each.shop.name),
            visible(each.shown.title),
            visible(each.shown.name),
            visible(each.shown.sku),
            each.before.currency,
            _number(each.before),
            _number(each.after),
            f"{each.after.percent_from(each.before):+.1f}",
            outcome(each.state.value, code, each.shop.platform, skipped),
        ]

    return [[text.label(each) for each in COLUMNS], *map(row, (*card.lines, *card.skipped))]


def bulk_file_screen(card: BulkCard, content: bytes, text: Renderer) -> Screen:
    """Send a bulk change as a sheet."""
    rows = len(card.lines) + len(card.skipped)
    shown = text.render("bulk/file.html.j2", card=card, rows=rows, value=value_of(card.bulk.recipe))
    return Screen(shown, document=Attachment("prices.xlsx", content), silent=True)


def _number(money: Money) -> str | int:
    """Return an amount as a whole number where it is one, so that a sheet can reckon with it."""
    whole = money.amount == money.amount.to_integral_value()
    return int(money.amount) if whole else str(money.amount)
