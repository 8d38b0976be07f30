"""Telegram's own notices: who came, who left, who blocked us, and which id a group has now."""

import structlog
from telegram import ChatMember, ChatMemberUpdated, Message, Update

from bot.context import Ctx
from bot.lane import Post
from bot.views.groups import hello_screen
from domain.chats import ChatState

log = structlog.get_logger("storesync.bot.memberships")

_OUT = {ChatMember.LEFT, ChatMember.BANNED}
_IN = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER}


async def note_notice(update: Update, ctx: Ctx) -> bool:
    """Take in a notice; False when the update is none."""
    if update.my_chat_member:
        await _note_ourselves(update.my_chat_member, ctx)
    elif update.chat_member:
        await _note_member(update.chat_member, ctx)
    elif update.message and _is_notice(update.message):
        await _note_message(update.message, ctx)
    else:
        return False
    return True


async def _note_ourselves(change: ChatMemberUpdated, ctx: Ctx) -> None:
    """Being blocked, put out, or let in again reach us also when nothing is sent."""
    people, status = ctx.services.people, change.new_chat_member.status
    if status in _OUT:
        state = ChatState.REMOVED if ctx.is_group else ChatState.BLOCKED
        await people.chat_gone(ctx.bot_id, ctx.chat.telegram_id, state)
    elif status in _IN:
        await people.chat_back(ctx.bot_id, ctx.chat.telegram_id)
        if ctx.is_group and change.old_chat_member.status in _OUT:
            await _greet(ctx)
    log.info("chat.membership", status=status)


async def _greet(ctx: Ctx) -> None:
    """Say how a group is connected, if it is not."""
    if await ctx.services.people.visit(ctx.bot_id, ctx.chat, ctx.user) is None:
        await ctx.sender.show(Post(ctx.chat.telegram_id, hello_screen(ctx.username, ctx.text)))


async def _note_member(change: ChatMemberUpdated, ctx: Ctx) -> None:
    if change.new_chat_member.status in _OUT:
        user_id = str(change.new_chat_member.user.id)
        await ctx.services.groups.left(ctx.bot_id, ctx.chat.telegram_id, user_id)


def _is_notice(message: Message) -> bool:
    return bool(message.left_chat_member or message.migrate_to_chat_id or message.migrate_from_chat_id)


async def _note_message(message: Message, ctx: Ctx) -> None:
    groups, here = ctx.services.groups, message.chat.id
    if message.migrate_to_chat_id:
        await groups.migrate(ctx.bot_id, here, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await groups.migrate(ctx.bot_id, message.migrate_from_chat_id, here)
    elif message.left_chat_member and not message.left_chat_member.is_bot:
        await groups.left(ctx.bot_id, here, str(message.left_chat_member.id))
