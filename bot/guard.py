"""Who may pass: finds the visitor, and lets nobody reach a handler that takes more than he has."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Ctx
from bot.memberships import note_notice
from bot.quotas import Quotas, Verdict
from bot.reply import refuse
from bot.routing import Found, Routing
from bot.updates import is_from_person
from bot.views.strangers import outsiders_screen, strangers_screen
from domain.errors import InputError, NotAllowed, StoreSyncError


class Guard:
    """Stands before all handlers (group -1); no handler checks access itself."""

    def __init__(self, routing: Routing, quotas: Quotas) -> None:
        self._routing = routing
        self._quotas = quotas

    async def admit(self, update: Update, ctx: Ctx) -> None:
        """Greet the visitor and choose the handler, or answer and stop."""
        if await note_notice(update, ctx) or not self._is_for_us(update, ctx):
            raise ApplicationHandlerStop
        self._slow_down(update, ctx)
        visitor = await ctx.services.people.visit(ctx.bot_id, ctx.chat, ctx.user)
        if visitor is None:
            found = self._open_to_strangers(update, ctx)
            if found is None:
                await _turn_away(update, ctx)
                raise ApplicationHandlerStop
        else:
            ctx.greet(visitor)
            found = self._routing.find(update)
            if found.role and not visitor.role.may(found.role):
                raise NotAllowed("role", needed=found.role)
        if found.is_private and ctx.is_group:
            raise NotAllowed("private_only")
        ctx.errand.words = found.words
        ctx.errand.handler = found.handler

    def _is_for_us(self, update: Update, ctx: Ctx) -> bool:
        """Tell whether somebody means us: in a group most of what is said is not meant for a bot."""
        if not is_from_person(update) or not self._routing.is_addressed(update):
            return False
        return not ctx.is_group or self._routing.is_meant(update, ctx.bot_id, ctx.username)

    def _slow_down(self, update: Update, ctx: Ctx) -> None:
        """Stop what is said too fast, before it costs a look into the database; presses are not counted."""
        if update.message is None or self._routing.is_urgent(update):
            return
        verdict = self._quotas.judge(ctx.user.id, ctx.chat.telegram_id, update.message.date)
        if verdict is Verdict.TELL and not ctx.is_group:
            raise InputError("too_fast")
        if verdict is not Verdict.ANSWER:
            raise ApplicationHandlerStop

    def _open_to_strangers(self, update: Update, ctx: Ctx) -> Found | None:
        try:
            found = self._routing.find(update)
        except StoreSyncError:
            return None
        is_open = found.role is None and (found.connects or not ctx.is_group)
        return found if is_open else None


async def _turn_away(update: Update, ctx: Ctx) -> None:
    """Tell a stranger in his private chat; in a group only a press is answered, and for nobody else to see."""
    if not ctx.is_group:
        await refuse(ctx, strangers_screen(ctx.text))
    elif update.callback_query:
        await refuse(ctx, outsiders_screen(ctx.text))
