"""A list of prices that was sent in: what of it cannot be taken, and that nothing of it would change."""

import html
from functools import lru_cache
from pathlib import Path

from bot.render import Renderer
from bot.screen import Screen
from bot.views.keyboards import home_row
from services.import_rows import reasons
from services.imports import Intake

NAMED = 3
REASONS = 4


def problems(intake: Intake, text: Renderer) -> dict[int, str]:
    """Return the reason of each row that cannot be taken, in words, by the row's number."""

    @lru_cache
    def why(reason: str) -> str:
        return html.unescape(text.render("imports/why.html.j2", reason=reason))

    return {each.row.number: why(each.why.value) for each in intake.bad}


def problems_screen(intake: Intake, path: Path, text: Renderer) -> Screen:
    """Hand the file back with the reason beside each row that cannot be taken."""
    shown = text.render(
        "imports/checked.html.j2",
        file=intake.file,
        is_rest_drawn_up=intake.card is not None,
        first=intake.bad[:NAMED],
        reasons=reasons(intake.bad)[:REASONS],
    )
    return Screen(shown, document=path)


def same_screen(intake: Intake, text: Renderer) -> Screen:
    """Say that the shops have all of it already."""
    return Screen(text.render("imports/same.html.j2", file=intake.file), (home_row(text),))
