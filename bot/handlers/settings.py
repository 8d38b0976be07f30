"""/settings: language and time zone of this chat."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.reply import reply, toast
from bot.screen import Screen
from bot.views import labels
from bot.views.settings import ask_zone_screen, settings_screen, zones_screen
from bot.words import one
from domain.people import Role


async def show_settings(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, _screen(ctx))


async def choose_language(update: Update, ctx: Ctx) -> None:
    """Speak the language a button names from now on."""
    ctx.greet(await ctx.services.people.set_language(ctx.visitor, one(ctx.words)))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await reply(update, ctx, _screen(ctx))


async def show_zones(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, zones_screen(ctx.text))


async def choose_zone(update: Update, ctx: Ctx) -> None:
    """Show times in the zone a button names from now on."""
    ctx.greet(await ctx.services.people.set_zone(ctx.visitor, one(ctx.words)))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await reply(update, ctx, zones_screen(ctx.text))


async def ask_zone(update: Update, ctx: Ctx) -> None:
    await ctx.services.dialogues.ask(ctx.visitor, questions.ZONE, {})
    await reply(update, ctx, ask_zone_screen(ctx.text))


def _screen(ctx: Ctx) -> Screen:
    may_set_group = ctx.is_group and ctx.visitor.role.may(Role.MANAGER)
    may_audit = not ctx.is_group and ctx.visitor.role.may(Role.MANAGER)
    return settings_screen(
        ctx.text,
        may_set_group=may_set_group,
        is_owner=ctx.visitor.role.may(Role.OWNER),
        may_audit=may_audit,
    )
