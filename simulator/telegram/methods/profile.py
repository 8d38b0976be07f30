"""Command lists, and the bot's name and descriptions."""

import re
from typing import Final

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import violation
from simulator.telegram.profile import ScopeKey, scope_key
from simulator.telegram.records import Json

COMMAND: Final = re.compile(r"[a-z0-9_]+")
SCOPES: Final = {
    *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
    *("chat", "chat_administrators", "chat_member"),
}


def set_my_commands(engine: Engine, call: Call) -> bool:
    key = _key(engine, call)
    commands = [_checked(command) for command in call.args["commands"] or []]
    if commands:
        engine.profile.commands[key] = commands
    else:
        engine.profile.commands.pop(key, None)
    return True


def get_my_commands(engine: Engine, call: Call) -> list[Json]:
    return engine.profile.commands.get(_key(engine, call), [])


def delete_my_commands(engine: Engine, call: Call) -> bool:
    engine.profile.commands.pop(_key(engine, call), None)
    return True


def _key(engine: Engine, call: Call) -> tuple[ScopeKey, str]:
    scope = call.get("scope")
    if scope and scope["type"] not in SCOPES:
        raise violation("can't parse BotCommandScope: Unsupported type specified")
    if scope and "chat_id" in scope:
        engine.world.find_chat(str(scope["chat_id"]), "members")
    return scope_key(scope), _language(call)


def _language(call: Call) -> str:
    code: str = call.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise violation("invalid language code specified")
    return code


def _checked(command: Json) -> Json:
    name = command["command"].strip().removeprefix("/")
    description = command["description"].strip()
    if not name:
        raise violation("command must be non-empty")
    if len(name) > 32:
        raise violation("command length must not exceed 32")
    if not COMMAND.fullmatch(name):
        raise violation("BOT_COMMAND_INVALID")
    if not description:
        raise violation("command description must be non-empty")
    if len(description) > 256:
        raise violation("command description length must not exceed 256")
    return {"command": name, "description": description}


def set_my_name(engine: Engine, call: Call) -> bool:
    return _set_text(engine, call, "name", 64)


def get_my_name(engine: Engine, call: Call) -> Json:
    return {"name": engine.profile.text("name", _language(call), engine.world.bot.first_name)}


def set_my_description(engine: Engine, call: Call) -> bool:
    return _set_text(engine, call, "description", 512)


def get_my_description(engine: Engine, call: Call) -> Json:
    return {"description": engine.profile.text("description", _language(call), "")}


def set_my_short_description(engine: Engine, call: Call) -> bool:
    return _set_text(engine, call, "short_description", 120)


def get_my_short_description(engine: Engine, call: Call) -> Json:
    return {"short_description": engine.profile.text("short_description", _language(call), "")}


def _set_text(engine: Engine, call: Call, name: str, limit: int) -> bool:
    text = call.get(name, "")
    if len(text) > limit:
        words = {"name": "BOT_TITLE_INVALID", "description": "BOT_DESCRIPTION_TOO_LONG"}
        raise violation(words.get(name, "BOT_ABOUT_TOO_LONG"))
    engine.profile.texts[name, _language(call)] = text
    return True
