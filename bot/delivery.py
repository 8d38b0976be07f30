"""What an event becomes in a chat: one message to send, or to edit."""

from dataclasses import dataclass
from typing import Literal

from bot.screen import Screen


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to send, or to edit where `message_id` says."""

    screen: Screen
    mode: Literal["send", "edit"] = "send"
    message_id: int | None = None
    silent: bool = False
