"""Checking a call against the table of methods, parameters, types and limits.

The official server forgives a few mistakes without a word (a limit of 1000 becomes 100, an unknown
parameter is not looked at). Those calls pass here too, and are kept as violations.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulator.telegram.errors import ApiError, violation
from simulator.telegram.records import Json

TABLE: Final[Json] = json.loads(Path(__file__).with_name("schema_table.json").read_text(encoding="utf-8"))
METHODS: Final = {name.lower(): name for name in TABLE["methods"]}

MISSING: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "action": "wrong parameter action in request",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    ("pinChatMessage", "message_id"): "message to pin not found",
    ("deleteMessage", "message_id"): "message identifier is not specified",
    ("deleteMessage", "chat_id"): "chat identifier is not specified",
}
NOT_JSON: Final = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "link_preview_options": "can't parse link preview options JSON object",
    "scope": "can't parse BotCommandScope JSON object",
    ("editMessageMedia", "media"): "can't parse input media JSON object",
}
NOT_OBJECT: Final = {
    "reply_markup": "object expected as reply markup",
    "reply_parameters": "object expected as reply parameters",
    "link_preview_options": "object expected as link preview options",
    "scope": "can't parse BotCommandScope: BotCommandScope must be an Object",
    "media": "can't parse InputMedia: expected an Object",
}
NOT_ARRAY: Final = {
    "commands": "expected an Array of BotCommand",
    "message_ids": "expected an Array of message identifiers",
    "media": "expected an Array of InputMedia",
}
# The words in front of a complaint about a field of a nested object.
INSIDE: Final = {
    "commands": "can't parse BotCommand: ",
    "scope": "can't parse BotCommandScope: ",
    "media": "can't parse InputMedia: ",
    "entities": "can't parse MessageEntity: ",
    "caption_entities": "can't parse MessageEntity: ",
}
TOO_MANY: Final = {
    "commands": "BOT_COMMANDS_TOO_MUCH",
    "message_ids": "too many message identifiers specified",
    "media": "too many messages to send as an album",
}
TRUE: Final = {"true", "yes", "1"}
FALSE: Final = {"false", "no", "0", ""}


@dataclass(slots=True)
class CheckedCall:
    """A call whose parameters have their schema types; `notes` are violations that Telegram forgives."""

    method: str
    args: Json
    notes: list[str] = field(default_factory=list)


def check(method: str, raw: Json) -> CheckedCall:
    """Check the raw parameters of a known method; raise Telegram's refusal for what breaks the schema."""
    rows = {row[0]: row for row in TABLE["methods"][method]}
    call = CheckedCall(method, {})
    call.notes += [f"unknown parameter {name}" for name in raw if name not in rows]
    for name, types, is_required, *limit in rows.values():
        value = raw.get(name)
        if value is None or (value == "" and is_required and name != "url"):
            if is_required:
                raise violation(_words(MISSING, method, name) or f'parameter "{name}" is required')
            continue
        call.args[name] = _typed(call, name, types, value)
        if limit:
            _limited(call, name, limit[0])
    return call


def _words(texts: Any, method: str, name: str) -> str | None:
    found: str | None = texts.get((method, name)) or texts.get(name)
    return found


def _typed(call: CheckedCall, name: str, types: list[str], value: Any) -> Any:
    kind = types[0]
    if kind == "Boolean":
        return _boolean(name, value)
    if types == ["Integer"]:
        return _integer(name, value)
    if kind in {"Integer", "String", "InputFile"}:
        if isinstance(value, dict | list | bool):
            raise violation(f'field "{name}" must be of type String')
        return value if isinstance(value, str) else str(value)
    return _structure(call, name, types, value)


def _boolean(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise violation(f'field "{name}" must be of type Boolean')


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool | dict | list):
        raise violation(f'field "{name}" must be a Number')
    try:
        return int(value)
    except ValueError:
        raise violation(f'field "{name}" must be a valid Number') from None


def _structure(call: CheckedCall, name: str, types: list[str], value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = json.loads(value)
        except ValueError:
            fallback = f"can't parse {name} JSON object"
            raise violation(_words(NOT_JSON, call.method, name) or fallback) from None
    if types[0].startswith("Array of "):
        if not isinstance(value, list):
            raise violation(NOT_ARRAY.get(name, "expected an Array of String"))
        for element in value:
            _check_value(call, INSIDE.get(name, ""), name, [kind[9:] for kind in types], element)
        return value
    if not isinstance(value, dict):
        raise violation(_words(NOT_OBJECT, call.method, name) or f"object expected as {name}")
    if name != "reply_markup":  # keyboards have refusals of their own
        _check_value(call, INSIDE.get(name, ""), name, types, value)
    return value


def _complaint(prefix: str, text: str) -> ApiError:
    """Telegram lowers the first letter of the whole text, not of a nested complaint."""
    return violation(prefix + text if prefix else text[0].lower() + text[1:])


def _check_value(call: CheckedCall, prefix: str, name: str, types: list[str], value: Any) -> None:
    """Check a value inside a JSON parameter against its possible types."""
    kind = types[0]
    if kind == "String":
        if not isinstance(value, str):
            is_listed = name == "allowed_updates"
            raise _complaint(
                prefix,
                "Expected an Array of String" if is_listed else f'Field "{name}" must be of type String',
            )
    elif kind == "Integer":
        _check_number(prefix, name, value, may_be_text="String" in types)
    elif kind == "Boolean":
        if not isinstance(value, bool):
            raise _complaint(prefix, f'Field "{name}" must be of type Boolean')
    elif kind.startswith("Array of "):
        if not isinstance(value, list):
            raise _complaint(prefix, f'Field "{name}" must be of type Array')
        for element in value:
            _check_value(call, prefix, name, [kind[9:]], element)
    elif kind in TABLE["types"]:
        check_object(call, prefix, _variant(types, value), value)


def _check_number(prefix: str, name: str, value: Any, *, may_be_text: bool) -> None:
    if isinstance(value, str):
        if may_be_text or value.lstrip("-").isdigit():
            return
        raise _complaint(prefix, f'Field "{name}" must be a valid Number')
    if isinstance(value, bool) or not isinstance(value, int):
        if name == "message_ids":
            raise violation("message identifier must be a Number")
        raise _complaint(prefix, f'Field "{name}" must be a Number')


def _variant(types: list[str], value: Any) -> str:
    """Choose among the types a value may have by its own `type` field."""
    names = [name for kind in types for name in _subtypes(kind)]
    if len(names) > 1 and isinstance(value, dict):
        word = str(value.get("type", "")).replace("_", "").lower()
        fitting = [name for name in names if word and name.lower().endswith(word)]
        if fitting:
            return min(fitting, key=len)  # a photo is no live photo
    return names[0]


def _subtypes(kind: str) -> list[str]:
    rows = TABLE["types"][kind]
    return rows if rows and isinstance(rows[0], str) else [kind]


def check_object(call: CheckedCall, prefix: str, kind: str, value: Any) -> None:
    """Check an object's fields against its type; unknown fields are forgiven and noted."""
    if not isinstance(value, dict):
        raise _complaint(prefix, "expected an Object" if prefix else f"{kind} must be an Object")
    rows = {row[0]: row for row in TABLE["types"][kind]}
    call.notes += [f"unknown field {name} of {kind}" for name in value if name not in rows]
    for name, types, is_required, *_ in rows.values():
        if value.get(name) is None:
            if is_required:
                raise _complaint(prefix, f'Can\'t find field "{name}"')
            continue
        _check_value(call, prefix, name, types, value[name])


def _limited(call: CheckedCall, name: str, limit: list[Any]) -> None:
    low, high, unit = limit
    value = call.args[name]
    if unit == "clamped" and not low <= value <= high:
        call.notes.append(f"{name} must be between {low} and {high}")
        call.args[name] = min(max(value, low), high)
    elif unit == "elements" and value is not None and len(value) > high:
        raise violation(TOO_MANY[name])
    elif unit == "elements" and value is not None and len(value) < low:
        call.notes.append(f"{name} must have at least {low} elements")
