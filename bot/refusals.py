"""What Telegram's refusals mean for the chat they came from (`errors` of the Bot API, by their words)."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from domain.chats import ChatState

_FORBIDDEN = {
    "blocked by the user": ChatState.BLOCKED,
    "can't initiate conversation": ChatState.BLOCKED,
}
"""Both end when the person presses Start; anything else forbidden means that we are out for good."""

_BAD_REQUEST = {
    "chat not found": ChatState.INVALID,
    "not enough rights to send": ChatState.READ_ONLY,
}


def state_after(refusal: TelegramError) -> ChatState | None:
    """Return what the refusal makes of the chat, or None when it says nothing about the chat."""
    words = str(refusal).lower()
    if isinstance(refusal, Forbidden):
        return next((state for said, state in _FORBIDDEN.items() if said in words), ChatState.REMOVED)
    if isinstance(refusal, ChatMigrated):
        return ChatState.INVALID
    if isinstance(refusal, BadRequest):
        return next((state for said, state in _BAD_REQUEST.items() if said in words), None)
    return None
