"""What a view hands to whoever sends it: text and button rows, free of any Telegram client."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from telegram import InlineKeyboardMarkup

from services.photos import Photo

Style = Literal["primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """One button: exactly one of `data` (a press), `url` (a page) and `copy` (a text to copy) is set."""

    text: str
    data: str = ""
    url: str = ""
    copy: str = ""
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file made in memory; it lies nowhere but in the message that carries it."""

    name: str
    content: bytes


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: Telegram HTML and its keyboard.

    With a `subject` the message is a card and stays current: it is remembered under `subject` and
    `subject_id` with the `version` shown. With a `document` it is a new message that carries this file.
    With a `photo` it is a picture and `text` its caption: at most 1,024 characters, and no text any more.
    """

    text: str
    rows: Rows = ()
    subject: str = ""
    subject_id: str = ""
    version: int = 0
    silent: bool = False
    document: Path | Attachment | None = None
    photo: Photo | None = None


def markup(screen: Screen) -> InlineKeyboardMarkup | None:
    """Return the keyboard as the library wants it, for what it sends with files."""
    return InlineKeyboardMarkup.de_json(keys) if (keys := keyboard(screen)) else None


def keyboard(screen: Screen) -> dict[str, Any] | None:
    """Return the screen's keyboard as the Bot API's InlineKeyboardMarkup, or None when it has no buttons."""
    rows = [[_button(each) for each in row] for row in screen.rows if row]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, Any]:
    told: dict[str, Any] = {"text": button.text}
    if button.data:
        told["callback_data"] = button.data
    if button.url:
        told["url"] = button.url
    if button.copy:
        told["copy_text"] = {"text": button.copy}
    if button.style:
        told["style"] = button.style
    return told
