"""Telegram's words, and what they make of a chat."""

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError, TimedOut

from bot.refusals import state_after
from bot.request import SlowDown
from domain.chats import ChatState


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), ChatState.BLOCKED),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), ChatState.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), ChatState.REMOVED),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), ChatState.REMOVED),
        (Forbidden("Forbidden: bot is not a member of the group chat"), ChatState.REMOVED),
        (Forbidden("Forbidden: the group chat was deleted"), ChatState.REMOVED),
        (BadRequest("Bad Request: chat not found"), ChatState.INVALID),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), ChatState.READ_ONLY),
        (ChatMigrated(-1001234567890), ChatState.INVALID),
        (BadRequest("Bad Request: message is too long"), None),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), None),
        (TimedOut(), None),
        (NetworkError("Internal Server Error: restart"), None),
        (SlowDown(3), None),
    ],
)
def test_refusal_changes_the_chat_as_it_must(refusal: TelegramError, state: ChatState | None) -> None:
    assert state_after(refusal) is state
