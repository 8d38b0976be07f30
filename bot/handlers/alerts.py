"""/alerts: what this chat hears, how loudly, and when it wants quiet."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply, toast
from bot.views import labels
from bot.views.daily import DAILY_HOURS, daily_time_screen
from bot.views.hearing import QUIET_RANGES, alerts_screen, quiet_screen
from bot.words import Words, one
from domain.alerts import Alert, Loudness, Preferences
from domain.errors import NotFound


async def show_alerts(update: Update, ctx: Ctx) -> None:
    await _show(update, ctx, await ctx.services.alerts.preferences(ctx.visitor))


async def choose_loudness(update: Update, ctx: Ctx) -> None:
    """Take the loudness a button names for an alert."""
    alert, loudness = _alert(ctx.words), _loudness(ctx.words[1:])
    chosen = await ctx.services.alerts.choose(ctx.visitor, alert, loudness)
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await _show(update, ctx, chosen)


async def show_quiet(update: Update, ctx: Ctx) -> None:
    chosen = await ctx.services.alerts.preferences(ctx.visitor)
    await reply(update, ctx, quiet_screen(chosen, ctx.text))


async def choose_quiet(update: Update, ctx: Ctx) -> None:
    """Keep quiet through the hours a button names."""
    key = one(ctx.words)
    if key not in QUIET_RANGES:
        raise NotFound("button_unknown")
    chosen = await ctx.services.alerts.be_quiet(ctx.visitor, QUIET_RANGES[key])
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await reply(update, ctx, quiet_screen(chosen, ctx.text))


async def show_daily(update: Update, ctx: Ctx) -> None:
    at = await ctx.services.schedules.daily_at(ctx.visitor)
    await reply(update, ctx, daily_time_screen(at, ctx.text))


async def choose_daily(update: Update, ctx: Ctx) -> None:
    """Send the daily card at the hour a button names, or not any more."""
    key = one(ctx.words)
    if key not in DAILY_HOURS:
        raise NotFound("button_unknown")
    at = await ctx.services.schedules.set_daily(ctx.visitor, DAILY_HOURS[key])
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await reply(update, ctx, daily_time_screen(at, ctx.text))


async def snooze(update: Update, ctx: Ctx) -> None:
    """Hush an alert; the message that offered it stays as it is."""
    alert = _alert(ctx.words)
    await ctx.services.alerts.snooze(ctx.visitor, alert)
    said = labels.TOAST_SNOOZED_DAY if alert is Alert.LOW_STOCK else labels.TOAST_SNOOZED
    await toast(update, ctx, ctx.text.label(said))


async def wake(update: Update, ctx: Ctx) -> None:
    """End a snooze."""
    chosen = await ctx.services.alerts.wake(ctx.visitor, _alert(ctx.words))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await _show(update, ctx, chosen)


async def _show(update: Update, ctx: Ctx, chosen: Preferences) -> None:
    daily = await ctx.services.schedules.daily_at(ctx.visitor)
    await reply(update, ctx, alerts_screen(chosen, ctx.text, daily))


def _alert(words: Words) -> Alert:
    try:
        return Alert(one(words))
    except ValueError:
        raise NotFound("button_unknown") from None


def _loudness(words: Words) -> Loudness:
    try:
        return Loudness(one(words))
    except ValueError:
        raise NotFound("button_unknown") from None
