"""Make simulator/telegram/schema_table.json from a schema file of the Bot API.

Usage: python tools/telegram_table.py SCHEMA_FILE > simulator/telegram/schema_table.json

The table holds facts only: of each method offered by the simulator its parameters with their types,
whether they are required, and their limits, and the same of every type that those parameters use.
The schema file itself is not kept here; its digest is.
"""  # noqa: INP001 - a script that is run by its path, not a package

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

METHODS = (
    *("getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"),
    *("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendChatAction"),
    *("editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup"),
    *("deleteMessage", "deleteMessages", "answerCallbackQuery", "getFile"),
    *("setMyCommands", "getMyCommands", "deleteMyCommands"),
    *("getChat", "getChatMember", "getChatAdministrators"),
    *("pinChatMessage", "unpinChatMessage", "unpinAllChatMessages"),
    *("setMyName", "getMyName", "setMyDescription", "getMyDescription"),
    *("setMyShortDescription", "getMyShortDescription"),
)
# Limits that the schema's types do not carry; the official server clamps the first three silently.
EXTRA_LIMITS = {
    ("getUpdates", "timeout"): (0, 50, "clamped"),
    ("answerCallbackQuery", "cache_time"): (0, 2_592_000, "clamped"),
    ("getUpdates", "limit"): (1, 100, "clamped"),
    ("setWebhook", "max_connections"): (1, 100, "clamped"),
    ("setMyCommands", "commands"): (0, 100, "elements"),
    ("deleteMessages", "message_ids"): (1, 100, "elements"),
    ("sendMediaGroup", "media"): (2, 10, "elements"),
}
LIMIT = re.compile(r"\b(\d+)-(\d+) (characters|bytes)\b")


def limit_of(owner: str, field: dict[str, Any]) -> tuple[int, int, str] | None:
    extra = EXTRA_LIMITS.get((owner, field["name"]))
    if extra is not None:
        return extra
    found = LIMIT.search(field["description"])
    return (int(found[1]), int(found[2]), found[3]) if found else None


def rows(owner: str, fields: list[dict[str, Any]]) -> list[list[Any]]:
    """Return [name, types, required, limit?] for each field."""
    table = []
    for field in fields:
        limit = limit_of(owner, field)
        table.append(
            [field["name"], field["types"], int(field["required"]), *([list(limit)] if limit else [])]
        )
    return table


def types_used(schema: dict[str, Any]) -> list[str]:
    """Return the names of all types that the offered methods take, directly or nested."""
    waiting = [
        kind
        for name in METHODS
        for field in schema["methods"][name].get("fields", [])
        for kind in field["types"]
    ]
    used: set[str] = set()
    while waiting:
        kind = waiting.pop().replace("Array of ", "")
        entry = schema["types"].get(kind)
        if entry is None or kind in used:
            continue
        used.add(kind)
        waiting += entry.get("subtypes", [])
        waiting += [nested for field in entry.get("fields", []) for nested in field["types"]]
    return sorted(used - {"InputFile"})


def write_table(schema_path: Path) -> str:
    raw = schema_path.read_bytes()
    schema = json.loads(raw)
    lines = [
        f' "bot_api": {json.dumps(schema["version"].removeprefix("Bot API "))},',
        f' "schema_sha256": "{hashlib.sha256(raw).hexdigest()}",',
        ' "methods": {',
        ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(rows(name, schema['methods'][name].get('fields', [])))}"
            for name in METHODS
        ),
        " },",
        ' "types": {',
        ",\n".join(
            f"  {json.dumps(name)}: "
            + json.dumps(
                schema["types"][name].get("subtypes") or rows(name, schema["types"][name].get("fields", []))
            )
            for name in types_used(schema)
        ),
        " }",
    ]
    return "{\n" + "\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(write_table(Path(sys.argv[1])))
