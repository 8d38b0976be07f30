"""Keyboards under a message: what a bot may send, and Telegram's refusals."""

import json
from dataclasses import dataclass
from typing import Any, Final

from simulator.telegram.errors import violation
from simulator.telegram.links import link_fault, linked_user
from simulator.telegram.records import Json
from simulator.telegram.schema import CheckedCall, check_object

MAX_BUTTONS: Final = 100
MAX_IN_ROW: Final = 8
MAX_BYTES: Final = 10_000
MAX_PLACEHOLDER: Final = 64
STYLES: Final = {"", "default", "primary", "success", "danger"}
PREFIX: Final = "can't parse inline keyboard button: "


@dataclass(slots=True)
class Markup:
    """An inline keyboard in wire form, or a reply keyboard, its removal, or a forced reply."""

    inline: Json | None = None
    is_reply_keyboard: bool = False


def parse_markup(call: CheckedCall, *, in_private: bool, inline_only: bool = False) -> Markup:
    """Check the call's `reply_markup`; `inline_only` for edits."""
    value = call.args.get("reply_markup")
    if not value:
        return Markup()
    if inline_only and "inline_keyboard" not in value:
        raise violation("inline keyboard expected")
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_BYTES:
        raise violation("reply markup is too long")
    if value.get("keyboard"):
        _check_reply_keyboard(call, value)
        return Markup(is_reply_keyboard=True)
    if "inline_keyboard" in value:
        return Markup(inline=_inline_keyboard(call, value, in_private=in_private))
    kind = "ReplyKeyboardRemove" if value.get("remove_keyboard") else "ForceReply"
    check_object(call, "", kind, value)
    _check_placeholder(value)
    return Markup(is_reply_keyboard=True)


def _check_reply_keyboard(call: CheckedCall, value: Json) -> None:
    for row in value["keyboard"] if isinstance(value["keyboard"], list) else [None]:
        if not isinstance(row, list):
            raise violation('field "keyboard" must be an Array of Arrays')
        for button in row:
            if not isinstance(button, str | dict):
                raise violation("can't parse keyboard button: KeyboardButton must be a String or an Object")
            if isinstance(button, dict):
                check_object(call, "can't parse keyboard button: ", "KeyboardButton", button)
    _check_placeholder(value)


def _check_placeholder(value: Json) -> None:
    if len(str(value.get("input_field_placeholder", ""))) > MAX_PLACEHOLDER:
        raise violation("INPUT_FIELD_PLACEHOLDER_INVALID")


def _inline_keyboard(call: CheckedCall, value: Json, *, in_private: bool) -> Json | None:
    rows = value["inline_keyboard"]
    if not isinstance(rows, list):
        raise violation('field "inline_keyboard" must be of type Array')
    kept: list[list[Json]] = []
    for row in rows:
        if not isinstance(row, list):
            raise violation('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        buttons = [_inline_button(call, button, in_private=in_private) for button in row]
        if len(buttons) > MAX_IN_ROW:
            raise violation("reply markup is too long")
        if buttons:
            kept.append(buttons)
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise violation("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _inline_button(call: CheckedCall, button: Any, *, in_private: bool) -> Json:
    if not isinstance(button, dict):
        raise violation(f"{PREFIX}InlineKeyboardButton must be an Object")
    if button.get("text") == "":
        raise violation("inline keyboard button text must be non-empty")
    check_object(call, PREFIX, "InlineKeyboardButton", button)
    if str(button.get("style", "")).lower() not in STYLES:
        raise violation(f"{PREFIX}invalid button style specified")
    if button.get("url"):
        _check_url(button["url"])
    elif "callback_data" in button:
        if not 1 <= len(button["callback_data"].encode("utf-8", "surrogatepass")) <= 64:
            raise violation("BUTTON_DATA_INVALID")
    elif "web_app" in button:
        _check_web_app(button["web_app"]["url"], in_private=in_private)
    elif "copy_text" in button:
        if not 1 <= len(button["copy_text"]["text"]) <= 256:
            raise violation("BUTTON_COPY_TEXT_INVALID")
    elif not _has_other_action(button):
        raise violation("text buttons are unallowed in the inline keyboard")
    return button


def _has_other_action(button: Json) -> bool:
    return any(
        name in button
        for name in (
            "switch_inline_query",
            "switch_inline_query_current_chat",
            "switch_inline_query_chosen_chat",
            "login_url",
            "callback_game",
            "pay",
        )
    )


def _check_url(url: str) -> None:
    fault = None if linked_user(url) else link_fault(url)
    if fault:
        raise violation(f"inline keyboard button URL '{url}' is invalid: {fault}")


def _check_web_app(url: str, *, in_private: bool) -> None:
    if not in_private:
        raise violation("BUTTON_TYPE_INVALID")
    fault = link_fault(url, https_only=True)
    if fault:
        raise violation(f"inline keyboard button Web App URL '{url}' is invalid: {fault}")
