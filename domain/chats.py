"""Where StoreSync is seen: Telegram chats, views of a seller in them, cards that stay current."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.people import Member, Role

PRIVATE = "private"
"""The kind of a chat with one person; its number is that person's."""


class ChatState(StrEnum):
    """Whether a chat can be written to (Bot API, what each refusal means)."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    REMOVED = "removed"
    READ_ONLY = "read_only"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Chat:
    """One Telegram chat; the only row that holds Telegram's chat id, so that a migration changes one."""

    id: str
    bot_id: str
    telegram_id: int
    kind: str
    title: str
    state: ChatState


@dataclass(frozen=True, slots=True)
class View:
    """What a chat, or one topic of it, shows of one seller.

    `zone` is an IANA name, `language` a locale; without `shops` it shows all of the seller's.
    """

    id: str
    chat_id: str
    thread_id: int | None
    seller_id: str
    role_cap: Role
    language: str
    zone: str
    shops: frozenset[str] = frozenset()

    def shows(self, shop_id: str) -> bool:
        """Tell whether what happens in a shop is to be seen here."""
        return not self.shops or shop_id in self.shops


@dataclass(frozen=True, slots=True)
class Card:
    """A sent message that must stay current. `media` is "text" or "photo": the two cannot be exchanged."""

    id: str
    view_id: str
    message_id: int
    media: str
    subject: str
    subject_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person and place behind one update: what every handler and service call starts from."""

    chat: Chat
    view: View
    member: Member

    @property
    def seller_id(self) -> str:
        return self.view.seller_id

    @property
    def role(self) -> Role:
        """The member's role, capped by the view."""
        return self.member.role if self.view.role_cap.may(self.member.role) else self.view.role_cap


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A question the bot asked and the draft so far; a row, so that a restart loses nothing."""

    view_id: str
    user_id: str
    flow: str
    draft: dict[str, str]
    expires_at: datetime
