"""Calls that Telegram refuses, with the text of the answer.

For each method and parameter of the bot: one missing, one of a wrong type, one over its limit.

The texts are those of the official server (its sources at Bot API 10.0), of the reference where the
answer comes from behind it, and for a wrong type of a plain parameter the words it has for fields of
that type. `LENIENT` are the cases where it bends the value and goes on.
"""

from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

CHAT: Final = "<the private chat>"
TEXT: Final = "<the bot's text message>"
PHOTO: Final = "<the bot's photo message>"
QUERY: Final = "<a press that waits>"
FILE: Final = "<a known document>"
PICTURE: Final = "<a known photo>"

KEYBOARD: Final = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
VALID: Final[dict[str, Json]] = {
    "getMe": {},
    "deleteWebhook": {"drop_pending_updates": False},
    "setWebhook": {
        "url": "http://127.0.0.1:9/hook",
        "secret_token": "s3cret_-",
        "max_connections": 4,
        "allowed_updates": ["message"],
        "drop_pending_updates": True,
    },
    "getUpdates": {"offset": 0, "limit": 10, "timeout": 0, "allowed_updates": ["message", "callback_query"]},
    "sendMessage": {
        "chat_id": CHAT,
        "text": "<b>Hello</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": True,
        "reply_parameters": {"message_id": TEXT},
        "reply_markup": KEYBOARD,
        "protect_content": False,
    },
    "editMessageText": {
        "chat_id": CHAT,
        "message_id": TEXT,
        "text": "<i>Other</i>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": KEYBOARD,
    },
    "editMessageReplyMarkup": {"chat_id": CHAT, "message_id": TEXT, "reply_markup": KEYBOARD},
    "answerCallbackQuery": {"callback_query_id": QUERY, "text": "Done", "show_alert": False, "cache_time": 0},
    "setMyCommands": {
        "commands": [{"command": "orders", "description": "What to pack"}],
        "scope": {"type": "all_private_chats"},
        "language_code": "id",
    },
    "sendChatAction": {"chat_id": CHAT, "action": "typing"},
    "deleteMessage": {"chat_id": CHAT, "message_id": TEXT},
    "sendPhoto": {"chat_id": CHAT, "photo": PICTURE, "caption": "<b>x</b>", "parse_mode": "HTML"},
    "sendDocument": {
        "chat_id": CHAT,
        "document": FILE,
        "caption": "rows",
        "disable_content_type_detection": True,
    },
    "pinChatMessage": {"chat_id": CHAT, "message_id": TEXT, "disable_notification": True},
    "getFile": {"file_id": FILE},
}

NOT_BOOLEAN = 'Bad Request: field "{}" must be of type Boolean'
NOT_STRING = 'Bad Request: field "{}" must be of type String'
NOT_NUMBER = 'Bad Request: field "{}" must be a valid Number'
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NO_CHAT = "Bad Request: chat_id is empty"
UNKNOWN_CHAT = "Bad Request: chat not found"
BUTTON = "Bad Request: can't parse inline keyboard button: "
LINKS = "Bad Request: object expected as link preview options"
NO_TEXT = "Bad Request: message text is empty"
LONG_MARKUP = "Bad Request: reply markup is too long"
GONE: Final = object()
BEYOND: Final = 1 << 53


@dataclass(frozen=True)
class Refusal:
    """A valid call with one parameter made wrong in one way (`GONE`: left out)."""

    method: str
    parameter: str
    way: str
    value: Any
    text: str

    def __str__(self) -> str:
        return f"{self.method}-{self.parameter}-{self.way}"


def _rows(method: str, *rows: tuple[str, str, Any, str]) -> list[Refusal]:
    return [Refusal(method, *row) for row in rows]


def _keyboard(**button: Any) -> Json:
    return {"inline_keyboard": [[{"text": "Go"} | button]]}


def _chat(method: str, missing: str = NO_CHAT) -> list[Refusal]:
    return _rows(
        method,
        ("chat_id", "missing", GONE, missing),
        ("chat_id", "wrong type", {"id": 5}, NOT_STRING.format("chat_id")),
        ("chat_id", "wrong value", "Sari", UNKNOWN_CHAT),
        ("chat_id", "over limit", BEYOND, UNKNOWN_CHAT),
    )


def _message(method: str, missing: str, beyond: str) -> list[Refusal]:
    return _rows(
        method,
        ("message_id", "missing", GONE, missing),
        ("message_id", "wrong type", "first", NOT_NUMBER.format("message_id")),
        ("message_id", "over limit", 1 << 31, beyond),
    )


def _flag(method: str, *names: str) -> list[Refusal]:
    return [Refusal(method, name, "wrong type", "maybe", NOT_BOOLEAN.format(name)) for name in names]


def _words(method: str, *names: str) -> list[Refusal]:
    return [Refusal(method, name, "wrong type", ["x"], NOT_STRING.format(name)) for name in names]


def _text(method: str, name: str, limit: int, too_long: str) -> list[Refusal]:
    return [
        *_words(method, name, "parse_mode"),
        Refusal(method, name, "over limit", "x" * (limit + 1), too_long),
        Refusal(
            method, name, "over raw limit", "<b>" + "x" * 32768 + "</b>", "Bad Request: text is too long"
        ),
        Refusal(
            method,
            name,
            "bad markup",
            "<q>x</q>",
            'Bad Request: can\'t parse entities: Unsupported start tag "q" at byte offset 0',
        ),
        Refusal(method, "parse_mode", "wrong value", "BBCode", "Bad Request: unsupported parse_mode"),
    ]


def _markup(method: str) -> list[Refusal]:
    row = [{"text": "x", "callback_data": "x"}] * 9
    too_many = [[{"text": "x", "callback_data": "x"}]] * 101
    return _rows(
        method,
        ("reply_markup", "wrong type", [1], "Bad Request: object expected as reply markup"),
        ("reply_markup", "no JSON", "{", "Bad Request: can't parse reply keyboard markup JSON object"),
        ("reply_markup", "no rows", {"inline_keyboard": [{}]}, 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        ("reply_markup", "over limit: buttons", {"inline_keyboard": too_many}, LONG_MARKUP),
        ("reply_markup", "over limit: row", {"inline_keyboard": [row]}, LONG_MARKUP),
        ("reply_markup", "over limit: data", _keyboard(callback_data="é" * 32 + "x"), "Bad Request: BUTTON_DATA_INVALID"),
        ("reply_markup", "data empty", _keyboard(callback_data=""), "Bad Request: BUTTON_DATA_INVALID"),
        ("reply_markup", "data of wrong type", _keyboard(callback_data=7), BUTTON + 'Field "callback_data" must be of type String'),
        ("reply_markup", "text missing", {"inline_keyboard": [[{"callback_data": "x"}]]}, BUTTON + 'Can\'t find field "text"'),
        ("reply_markup", "text empty", _keyboard(text="", callback_data="x"), "Bad Request: inline keyboard button text must be non-empty"),
        ("reply_markup", "no action", _keyboard(), "Bad Request: text buttons are unallowed in the inline keyboard"),
        ("reply_markup", "bad address", _keyboard(url="http://localhost/x"), "Bad Request: inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL"),
        ("reply_markup", "web app without TLS", _keyboard(web_app={"url": "http://127.0.0.1/"}), "Bad Request: inline keyboard button Web App URL 'http://127.0.0.1/' is invalid: Only HTTPS links are allowed"),
        ("reply_markup", "over limit: copied text", _keyboard(copy_text={"text": "x" * 257}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ("reply_markup", "unknown style", _keyboard(callback_data="x", style="pink"), BUTTON + "invalid button style specified"),
    )  # fmt: skip


def _links(method: str) -> list[Refusal]:
    return _rows(
        method,
        ("link_preview_options", "wrong type", [True], LINKS),
        ("link_preview_options", "no JSON", "{", "Bad Request: can't parse link preview options JSON object"),
        (
            "link_preview_options",
            "field of wrong type",
            {"is_disabled": "no"},
            NOT_BOOLEAN.format("is_disabled"),
        ),
    )


_COMMAND = "Bad Request: can't parse BotCommand: "
_SCOPE = "Bad Request: can't parse BotCommandScope: "
_REPLY = "Bad Request: message to be replied not found"


def _command(name: Any = "orders", description: Any = "What") -> list[Json]:
    return [{"command": name, "description": description}]


REFUSALS: Final = [
    *_flag("deleteWebhook", "drop_pending_updates"),
    *_flag("setWebhook", "drop_pending_updates"),
    *_words("setWebhook", "url", "secret_token"),
    *_rows(
        "setWebhook",
        ("url", "missing", GONE, 'Bad Request: parameter "url" is required'),
        ("url", "no TLS", "http://example.com/", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        ("url", "bad port", "https://example.com:444/", "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("url", "over limit: port", "https://example.com:65536/", "Bad Request: invalid webhook URL specified"),
        ("secret_token", "over limit", "x" * 257, "Bad Request: secret token is too long"),
        ("secret_token", "wrong value", "no spaces", "Bad Request: secret token contains unallowed characters"),
        ("max_connections", "wrong type", "many", NOT_NUMBER.format("max_connections")),
        ("allowed_updates", "wrong type", {"message": True}, "Bad Request: expected an Array of String"),
        ("allowed_updates", "element of wrong type", [1], "Bad Request: expected an Array of String"),
    ),
    *_rows(
        "getUpdates",
        ("offset", "wrong type", "last", NOT_NUMBER.format("offset")),
        ("limit", "wrong type", "all", NOT_NUMBER.format("limit")),
        ("timeout", "wrong type", [1], 'Bad Request: field "timeout" must be a Number'),
        ("allowed_updates", "wrong type", "message", "Bad Request: can't parse allowed_updates JSON object"),
    ),
    *_chat("sendMessage"),
    *_text("sendMessage", "text", 4096, "Bad Request: message is too long"),
    *_markup("sendMessage"),
    *_links("sendMessage"),
    *_flag("sendMessage", "disable_notification", "protect_content"),
    *_rows(
        "sendMessage",
        ("text", "missing", GONE, NO_TEXT),
        ("text", "empty", "", NO_TEXT),
        ("text", "blank", " \n ", NO_TEXT),
        ("text", "only markup", "<b> </b>", NO_TEXT),
        ("message_thread_id", "wrong type", "General", NOT_NUMBER.format("message_thread_id")),
        ("message_thread_id", "unknown", 99, "Bad Request: message thread not found"),
        ("message_thread_id", "over limit", 1 << 31, "Bad Request: message thread not found"),
        ("reply_parameters", "wrong type", [1], "Bad Request: object expected as reply parameters"),
        ("reply_parameters", "no JSON", "{", "Bad Request: can't parse reply parameters JSON object"),
        ("reply_parameters", "missing field", {"quote": "x"}, 'Bad Request: can\'t find field "message_id"'),
        ("reply_parameters", "over limit", {"message_id": 1 << 31}, _REPLY),
    ),
    *_chat("editMessageText"),
    *_message("editMessageText", "Bad Request: message to edit not found", "Bad Request: message to edit not found"),
    *_text("editMessageText", "text", 4096, "Bad Request: message is too long"),
    *_markup("editMessageText"),
    *_links("editMessageText"),
    *_rows(
        "editMessageText",
        ("text", "missing", GONE, NO_TEXT),
        ("message_id", "of a photo", PHOTO, "Bad Request: there is no text in the message to edit"),
        ("reply_markup", "reply keyboard", {"keyboard": [["x"]]}, "Bad Request: inline keyboard expected"),
    ),
    *_chat("editMessageReplyMarkup"),
    *_message(
        "editMessageReplyMarkup",
        "Bad Request: message to edit not found",
        "Bad Request: message to edit not found",
    ),
    *_markup("editMessageReplyMarkup"),
    *_flag("answerCallbackQuery", "show_alert"),
    *_words("answerCallbackQuery", "callback_query_id", "text"),
    *_rows(
        "answerCallbackQuery",
        ("callback_query_id", "missing", GONE, TOO_OLD),
        ("callback_query_id", "unknown", "12", TOO_OLD),
        ("callback_query_id", "over limit", str(1 << 64), TOO_OLD),
        ("text", "over limit", "x" * 201, "Bad Request: MESSAGE_TOO_LONG"),
        ("cache_time", "wrong type", "soon", NOT_NUMBER.format("cache_time")),
    ),
    *_words("setMyCommands", "language_code"),
    *_rows(
        "setMyCommands",
        ("commands", "missing", GONE, 'Bad Request: parameter "commands" is required'),
        ("commands", "wrong type", {"orders": "x"}, "Bad Request: expected an Array of BotCommand"),
        ("commands", "no JSON", "[", "Bad Request: can't parse commands JSON object"),
        ("commands", "element of wrong type", ["orders"], _COMMAND + "expected an Object"),
        ("commands", "field missing", [{"command": "orders"}], _COMMAND + 'Can\'t find field "description"'),
        ("commands", "field of wrong type", _command(name=1), _COMMAND + 'Field "command" must be of type String'),
        ("commands", "over limit", _command() * 101, "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ("commands", "over limit: name", _command(name="x" * 33), "Bad Request: command length must not exceed 32"),
        ("commands", "over limit: words", _command(description="x" * 257), "Bad Request: command description length must not exceed 256"),
        ("commands", "name empty", _command(name="/"), "Bad Request: command must be non-empty"),
        ("commands", "wrong name", _command(name="Orders"), "Bad Request: BOT_COMMAND_INVALID"),
        ("scope", "wrong type", "all", "Bad Request: can't parse BotCommandScope JSON object"),
        ("scope", "no object", [1], _SCOPE + "BotCommandScope must be an Object"),
        ("scope", "unknown", {"type": "galaxy"}, _SCOPE + "Unsupported type specified"),
        ("scope", "field missing", {"type": "chat"}, _SCOPE + 'Can\'t find field "chat_id"'),
        ("scope", "over limit", {"type": "chat", "chat_id": BEYOND}, UNKNOWN_CHAT),
        ("language_code", "over limit", "ind", "Bad Request: invalid language code specified"),
    ),
    *_chat("sendChatAction"),
    *_words("sendChatAction", "action"),
    *_rows(
        "sendChatAction",
        ("action", "missing", GONE, "Bad Request: wrong parameter action in request"),
        ("action", "unknown", "juggling", "Bad Request: wrong parameter action in request"),
        ("message_thread_id", "wrong type", "General", NOT_NUMBER.format("message_thread_id")),
        ("message_thread_id", "over limit", 1 << 31, "Bad Request: message thread not found"),
    ),
    *_chat("deleteMessage", "Bad Request: chat identifier is not specified"),
    *_message(
        "deleteMessage",
        "Bad Request: message identifier is not specified",
        "Bad Request: message to delete not found",
    ),
    *_chat("sendPhoto"),
    *_text("sendPhoto", "caption", 1024, "Bad Request: message caption is too long"),
    *_markup("sendPhoto"),
    *_flag("sendPhoto", "disable_notification", "has_spoiler"),
    *_words("sendPhoto", "photo"),
    *_rows(
        "sendPhoto",
        ("photo", "missing", GONE, "Bad Request: there is no photo in the request"),
        ("photo", "unknown", "AgAC-nothing", "Bad Request: wrong file identifier/HTTP URL specified"),
        ("photo", "a document", FILE, "Bad Request: can't use file of type Document as Photo"),
        ("photo", "no such part", "attach://p", "Bad Request: there is no photo in the request"),
    ),
    *_chat("sendDocument"),
    *_text("sendDocument", "caption", 1024, "Bad Request: message caption is too long"),
    *_markup("sendDocument"),
    *_flag("sendDocument", "disable_notification", "disable_content_type_detection"),
    *_words("sendDocument", "document"),
    *_rows(
        "sendDocument",
        ("document", "missing", GONE, "Bad Request: there is no document in the request"),
        ("document", "unknown", "BQAC-nothing", "Bad Request: wrong file identifier/HTTP URL specified"),
        ("document", "a photo", PICTURE, "Bad Request: can't use file of type Photo as Document"),
        ("document", "far away", "http://192.0.2.1/x.pdf", "Bad Request: failed to get HTTP URL content"),
    ),
    *_chat("pinChatMessage"),
    *_message(
        "pinChatMessage", "Bad Request: message to pin not found", "Bad Request: message to pin not found"
    ),
    *_flag("pinChatMessage", "disable_notification"),
    *_words("getFile", "file_id"),
    *_rows(
        "getFile",
        ("file_id", "missing", GONE, "Bad Request: file_id not specified"),
        ("file_id", "over limit", "x" * 500, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ),
]  # fmt: skip

# Method, parameter, value over the limit: taken, bent to the limit, and kept as a violation.
LENIENT: Final = [
    ("getUpdates", "limit", 101),
    ("getUpdates", "limit", 0),
    ("getUpdates", "timeout", -1),
    ("setWebhook", "max_connections", 101),
    ("answerCallbackQuery", "cache_time", 2_592_001),
    ("sendMessage", "reply_to", 5),
    ("getMe", "verbose", True),
]
