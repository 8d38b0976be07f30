"""The screens of a price list that was sent in: what cannot be taken, nothing to change, and every refusal."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bot.render import Renderer
from bot.screen import Screen
from bot.views.errors import error_screen
from bot.views.imports import problems, problems_screen, same_screen
from domain.bulk import BulkState, SentFile, Skip
from domain.errors import InputError
from domain.imports import BadRow, Flaw, SentRow
from services.imports import Intake
from tests.unit.bot import records as r
from tests.unit.bot import screens_bulk as b

Draw = Callable[[Renderer], Screen]
ROWS = Path("rows")
WHY = (*Flaw, *Skip)
LIMITS = {"rows": 20_000, "columns": 50, "letters": 5_000}


def row(number: int = 17, **changes: object) -> SentRow:
    made = SentRow(
        number=number,
        is_hidden=False,
        shop="Rumah Kita",
        platform="shopee",
        listing_id="900001",
        variant_id="1001",
        sku="ชุดเครื่องนอน-6FT-W-2026",
        currency="IDR",
        price=Decimal(129000),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def intake(**changes: object) -> Intake:
    """Return a list of which two rows cannot be taken, and the draft of the others."""
    bad = (BadRow(row(17), Flaw.UNREADABLE), BadRow(row(203, sku=""), Skip.BELOW_FLOOR))
    file = SentFile("prices.xlsx", "ab" * 32, 120, 1, len(bad))
    made = Intake(file, bad, replace(b.draft(), bulk=b.of_file(BulkState.DRAFT), skipped=()), ROWS)
    return replace(made, **changes)  # type: ignore[arg-type]


def _many() -> Intake:
    bad = tuple(BadRow(row(2 + at), why) for at, why in enumerate(WHY))
    return intake(
        file=SentFile("Harga <b>November</b> toko.xlsx", "ab" * 32, 1, 0, len(bad)), bad=bad, card=None
    )


def _checked(of: Intake) -> Draw:
    return lambda text: problems_screen(of, ROWS, text)


def _every_reason(text: Renderer) -> Screen:
    return Screen(" · ".join(problems(_many(), text).values()).replace("&", "&amp;"))


def _error(code: str, **params: object) -> Draw:
    return lambda text: error_screen(InputError(code, **params), text)


IMPORTS: dict[str, Draw] = {
    "file with bad rows": _checked(intake()),
    "file of bad rows alone": _checked(_many()),
    "file with nothing new": lambda text: same_screen(intake(bad=(), card=None), text),
    "file, every reason": _every_reason,
    "error file large": _error("file_large", most=5),
    "error file heavy": _error("file_heavy", **LIMITS),
    "error file changes": _error("file_changes", most=1000),
    "error too many imports": _error("too_many_imports", most=10, again=r.at(3)),
    **{
        f"error {code}": _error(code, **LIMITS)
        for code in (
            "file_kind", "file_locked", "file_macros", "file_broken", "file_letters", "file_columns",
            "file_other", "file_empty", "file_gone",
        )
    },
}  # fmt: skip
