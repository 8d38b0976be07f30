"""Who may pass: finds the visitor, and lets nobody reach a handler that takes more than he has."""

import structlog
from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from bot.context import Ctx
from bot.reply import refuse
from bot.routing import Found, Routing
from bot.views.strangers import strangers_screen
from domain.chats import ChatState
from domain.errors import NotAllowed, StoreSyncError

log = structlog.get_logger("storesync.bot.guard")


class Guard:
    """Stands before all handlers (group -1); no handler checks access itself."""

    def __init__(self, routing: Routing) -> None:
        self._routing = routing

    async def admit(self, update: Update, ctx: Ctx) -> None:
        """Greet the visitor and choose the handler, or answer and stop."""
        if ctx.chat.kind != ChatType.PRIVATE:
            raise ApplicationHandlerStop
        if update.my_chat_member:
            await _note_membership(update.my_chat_member.new_chat_member.status, ctx)
            raise ApplicationHandlerStop
        if not self._routing.is_addressed(update):
            raise ApplicationHandlerStop
        visitor = await ctx.services.people.visit(ctx.bot_id, ctx.chat, ctx.user)
        if visitor is None:
            found = self._open_to_strangers(update)
            if found is None:
                await refuse(ctx, strangers_screen(ctx.text))
                raise ApplicationHandlerStop
        else:
            ctx.greet(visitor)
            found = self._routing.find(update)
            if found.role and not visitor.role.may(found.role):
                raise NotAllowed("role", needed=found.role)
        ctx.errand.words = found.words
        ctx.errand.handler = found.handler

    def _open_to_strangers(self, update: Update) -> Found | None:
        try:
            found = self._routing.find(update)
        except StoreSyncError:
            return None
        return found if found.role is None else None


async def _note_membership(status: str, ctx: Ctx) -> None:
    """Blocking the bot and coming back reach us also when nothing is sent."""
    people = ctx.services.people
    if status == ChatMember.BANNED:
        await people.chat_gone(ctx.bot_id, ctx.chat.telegram_id, ChatState.BLOCKED)
    elif status == ChatMember.MEMBER:
        await people.chat_back(ctx.bot_id, ctx.chat.telegram_id)
    log.info("chat.membership", status=status)
