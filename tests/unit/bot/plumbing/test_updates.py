"""What is stored of an update, also of one that nobody can read."""

import json
from typing import Any

import pytest
from telegram import Bot

from bot.updates import UnreadableUpdate, parse_update, read_update

BOT = Bot("1:token-of-no-bot")
CHAT = {"id": 5, "type": "private"}
PERSON = {"id": 5, "is_bot": False, "first_name": "Sari"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT}


@pytest.mark.parametrize(
    ("happened", "queue"),
    [
        ({"message": {**MESSAGE, "text": "hi"}}, "chat:5"),
        ({"edited_message": {**MESSAGE, "text": "hi"}}, "chat:5"),
        ({"message": {**MESSAGE, "chat": {"id": -1001234567890}}}, "chat:-1001234567890"),
        ({"callback_query": {"id": "1", "from": {"id": 9}, "message": MESSAGE}}, "chat:5"),
        ({"callback_query": {"id": "1", "from": {"id": 9}, "inline_message_id": "x"}}, "chat:9"),
        ({"my_chat_member": {"chat": CHAT, "from": {"id": 9}}}, "chat:5"),
        ({"poll": {"id": "7"}}, "update:3"),
        ({"message": "not an object"}, "update:3"),
        ({"message": {"chat": {"id": "5"}}}, "update:3"),
        ({}, "update:3"),
    ],
)
def test_queue_is_the_chat_it_happened_in(happened: dict[str, Any], queue: str) -> None:
    stored = read_update({"update_id": 3, **happened})
    assert stored is not None
    assert (stored.update_id, stored.chat_key) == (3, queue)
    assert json.loads(stored.raw) == {"update_id": 3, **happened}


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"update_id": "7"}, {"update_id": 1.5}])
def test_what_has_no_number_is_no_update(odd: object) -> None:
    assert read_update(odd) is None


@pytest.mark.parametrize("number", [-1, 2**63, True])
def test_number_that_no_row_holds_is_no_number(number: int) -> None:
    assert read_update({"update_id": number}) is None


def test_half_an_emoji_can_be_stored() -> None:
    stored = read_update({"update_id": 1, "message": {"text": "\ud83d"}})
    assert stored is not None
    assert stored.raw.encode("utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        "not json",
        '{"message": {}}',
        '{"update_id": 1, "message": {"text": "no chat, no date"}}',
        '{"update_id": 1, "callback_query": {"id": "1"}}',
        '{"update_id": 1, "message": {"message_id": 1, "date": 1e300, "chat": {"id": 5, "type": "private"}}}',
        '{"update_id": 1, "message": "text"}',
        "[]",
        "null",
    ],
)
def test_update_that_cannot_be_read_says_so(raw: str) -> None:
    with pytest.raises(UnreadableUpdate):
        parse_update(raw, BOT)


def test_kind_that_is_newer_than_we_are_can_be_read() -> None:
    update = parse_update('{"update_id": 1, "widget_query": {"id": "7"}}', BOT)
    assert update.effective_chat is None


def test_readable_update_comes_through() -> None:
    update = parse_update(
        json.dumps({"update_id": 1, "message": {**MESSAGE, "from": PERSON, "text": "/start"}}), BOT
    )
    assert update.message is not None
    assert update.message.text == "/start"
