"""The state behind the simulator: one bot, its people and chats. In memory, reproducible from a seed."""

import random
from collections.abc import Callable
from typing import Final

from simulator.telegram.errors import ApiError, bad_request, forbidden, migrated
from simulator.telegram.files import FileStore
from simulator.telegram.records import Chat, Content, Json, Message, Press, User

FIRST_USER_ID: Final = 710_000_001
FIRST_GROUP_ID: Final = -4_200_000_001
FIRST_SUPERGROUP_ID: Final = -1_002_300_000_001
GENERAL_TOPIC: Final = 1


class World:
    def __init__(self, bot: User, *, seed: int, clock: Callable[[], float]) -> None:
        self.bot = bot
        self.clock = clock
        self.random = random.Random(seed)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files = FileStore(self.random)
        self._account_message_id = 0
        self._instances: dict[int, str] = {}

    @property
    def now(self) -> int:
        return int(self.clock())

    def new_user(self, wanted_id: int | None, first_name: str, **fields: str) -> User:
        """Make a person; their private chat exists once they have spoken or it was made."""
        user_id = wanted_id or max([FIRST_USER_ID - 1, *self.users.keys() - {self.bot.id}]) + 1
        user = User(
            user_id, first_name, fields.get("last_name"), fields.get("username"), fields.get("language_code")
        )
        self.users[user_id] = user
        return user

    def private_chat(self, user_id: int, *, is_started: bool) -> Chat:
        """Return the bot's chat with a person, made on first use."""
        chat = self.chats.get(user_id)
        if chat is None:
            chat = self.chats[user_id] = Chat(
                user_id, "private", is_started=False, members={user_id: "member"}
            )
        chat.is_started = chat.is_started or is_started
        return chat

    def new_group(self, kind: str, title: str, user_ids: list[int], wanted_id: int | None = None) -> Chat:
        first = FIRST_GROUP_ID if kind == "group" else FIRST_SUPERGROUP_ID
        chat_id = wanted_id or first - len(self.chats)
        members = {user_id: "creator" if at == 0 else "member" for at, user_id in enumerate(user_ids)}
        chat = self.chats[chat_id] = Chat(chat_id, kind, title=title, members=members)
        return chat

    def new_message_id(self, chat: Chat) -> int:
        """Private chats and basic groups count together, each supergroup by itself."""
        if chat.type == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self._account_message_id += 1
        return self._account_message_id

    def add_message(self, chat: Chat, sender: User, content: Content) -> Message:
        message = Message(self.new_message_id(chat), chat.id, self.now, sender, content)
        chat.messages[message.message_id] = message
        if sender.is_bot:
            chat.typing_until = 0.0
            chat.unread += 1
        else:
            chat.unread = 0
        return message

    def add_service(self, chat: Chat, sender: User, service: Json) -> Message:
        message = self.add_message(chat, sender, Content(kind="service"))
        message.service = service
        return message

    def chat_instance(self, chat_id: int) -> str:
        if chat_id not in self._instances:
            self._instances[chat_id] = str(self.random.randrange(1 << 59, 1 << 62))
        return self._instances[chat_id]

    def find_chat(self, chat_id: str, access: str) -> Chat:
        """Return the chat, or raise what Telegram answers; `access` is read, edit, write or members."""
        chat = self.chats.get(_number(chat_id))
        if chat is None:
            raise self._unreachable(chat_id, access)
        if chat.is_private:
            _check_private(chat, access)
        elif chat.type == "group":
            _check_group(chat, "write" if access == "members" else access)
        else:
            _check_supergroup(chat)
        return chat

    def _unreachable(self, chat_id: str, access: str) -> ApiError:
        user = self.users.get(_number(chat_id))
        if user is None:
            return bad_request("chat not found")
        if user.is_bot:
            return forbidden("the bot can't send messages to the bot")
        return (
            forbidden("bot can't initiate conversation with a user")
            if access == "write"
            else bad_request("chat not found")
        )

    def find_message(self, chat: Chat, message_id: int, purpose: str) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request(f"{purpose} not found")
        return message

    def forget_messages(self) -> None:
        self.presses.clear()
        for chat in self.chats.values():
            chat.messages.clear()
            chat.pinned.clear()
            chat.unread = 0


def _number(chat_id: str) -> int:
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else 0


def _check_private(chat: Chat, access: str) -> None:
    if access != "write":
        return
    if chat.bot_status == "kicked":
        raise forbidden("bot was blocked by the user")
    if not chat.is_started:
        raise forbidden("bot can't initiate conversation with a user")


def _check_group(chat: Chat, access: str) -> None:
    if chat.migrated_to is not None:
        if access == "write":
            raise migrated(chat.migrated_to)
        return
    if access == "read":
        return
    if chat.bot_status == "kicked":
        raise forbidden("bot was kicked from the group chat")
    if chat.bot_status == "left":
        raise forbidden("bot is not a member of the group chat")


def _check_supergroup(chat: Chat) -> None:
    if chat.bot_status == "kicked":
        raise forbidden("bot was kicked from the supergroup chat")
    if chat.bot_status == "left":
        raise forbidden("bot is not a member of the supergroup chat")
