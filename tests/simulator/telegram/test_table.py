"""The table of methods and parameters, and the tool that makes it from a schema file."""

import hashlib
import json
from pathlib import Path

from simulator.telegram.methods import METHODS
from simulator.telegram.schema import TABLE
from tools import telegram_table

SCHEMA_10_0 = "8334035424888fd99befa621190d5918045363d6407378a30581bcd8681eeec7"


def test_table_is_of_bot_api_10_0() -> None:
    assert (TABLE["bot_api"], TABLE["schema_sha256"]) == ("10.0", SCHEMA_10_0)


def test_every_method_has_rows_and_every_row_a_method() -> None:
    assert set(METHODS) == set(TABLE["methods"]) == set(telegram_table.METHODS)


def test_table_knows_what_is_required() -> None:
    required = {row[0] for row in TABLE["methods"]["sendMessage"] if row[2]}
    assert required == {"chat_id", "text"}
    assert ["callback_data", ["String"], 0, [1, 64, "bytes"]] in TABLE["types"]["InlineKeyboardButton"]


def test_tool_keeps_facts_and_no_prose(tmp_path: Path) -> None:
    field = {
        "name": "note",
        "types": ["Array of Leaf"],
        "required": True,
        "description": "Prose, 1-9 characters",
    }
    leaf = {"name": "x", "types": ["String"], "required": False, "description": "More prose"}
    schema = {
        "version": "Bot API 99.1",
        "methods": {name: {"fields": [field]} for name in telegram_table.METHODS},
        "types": {"Leaf": {"fields": [leaf]}, "Unused": {"fields": [leaf]}},
    }
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    written = telegram_table.write_table(path)
    made = json.loads(written)
    assert made["bot_api"] == "99.1"
    assert made["schema_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made["methods"]["getMe"] == [["note", ["Array of Leaf"], 1, [1, 9, "characters"]]]
    assert made["types"] == {"Leaf": [["x", ["String"], 0]]}
    assert "rose" not in written
