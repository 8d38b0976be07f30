"""What the simulator remembers: people, chats, messages, files."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


@dataclass(slots=True)
class StoredFile:
    """A file as one bot knows it; `unique_id` is the same for the same bytes, `file_id` never repeats."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Content:
    """What an edit can replace: text or caption with entities, media, keyboard."""

    text: str = ""
    entities: list[Json] = field(default_factory=list)
    kind: str = "text"  # text, photo, document, service
    file: StoredFile | None = None
    keyboard: Json | None = None
    options: Json = field(default_factory=dict)  # link preview, spoiler, caption above: echoed back as given


@dataclass(slots=True)
class Message:
    message_id: int
    chat_id: int
    date: int
    sender: User
    content: Content
    edit_date: int | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    protected: bool = False
    is_anonymous: bool = False
    service: Json | None = None
    media_group_id: str | None = None
    had_reply_keyboard: bool = False


@dataclass(slots=True)
class Topic:
    thread_id: int
    name: str
    is_closed: bool = False


@dataclass(slots=True)
class Chat:
    """`bot_status` is the bot's membership: member, administrator, left, kicked (blocked, if private)."""

    id: int
    type: str
    title: str | None = None
    is_forum: bool = False
    bot_status: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    is_started: bool = True
    migrated_to: int | None = None
    typing_until: float = 0.0
    last_message_id: int = 0
    unread: int = 0

    @property
    def is_private(self) -> bool:
        return self.type == "private"


@dataclass(slots=True)
class Press:
    """A button press that waits for its answer."""

    query_id: str
    chat_id: int
    message_id: int
    user_id: int
    pressed_at: float
    text: str | None = None
    show_alert: bool = False
    url: str | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)
