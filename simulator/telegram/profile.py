"""The bot's command lists, name and descriptions, by scope and language."""

from dataclasses import dataclass, field

from simulator.telegram.records import Chat, Json

ScopeKey = tuple[str, ...]
ADMINS = {"creator", "administrator"}


def scope_key(scope: Json | None) -> ScopeKey:
    """Return the identity of a BotCommandScope."""
    if not scope:
        return ("default",)
    return (str(scope["type"]), *(str(scope[name]) for name in ("chat_id", "user_id") if name in scope))


@dataclass(slots=True)
class Profile:
    commands: dict[tuple[ScopeKey, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def commands_for(self, chat: Chat, user_id: int, language: str) -> list[Json]:
        """Return the list a phone shows: the narrowest scope first, each by language, then without."""
        for key in _scopes_for(chat, user_id):
            for code in (language, ""):
                found = self.commands.get((key, code))
                if found is not None:
                    return found
        return []

    def text(self, name: str, language: str, fallback: str) -> str:
        return self.texts.get((name, language)) or self.texts.get((name, "")) or fallback


def _scopes_for(chat: Chat, user_id: int) -> list[ScopeKey]:
    chat_id = str(chat.id)
    if chat.is_private:
        return [("chat", chat_id), ("all_private_chats",), ("default",)]
    is_admin = chat.members.get(user_id) in ADMINS
    return [
        ("chat_member", chat_id, str(user_id)),
        *([("chat_administrators", chat_id)] if is_admin else []),
        ("chat", chat_id),
        *([("all_chat_administrators",)] if is_admin else []),
        ("all_group_chats",),
        ("default",),
    ]
