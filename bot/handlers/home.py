"""/start, Home, /help, /cancel: where everybody begins and gets back to."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from telegram import Update

from bot.context import Ctx
from bot.handlers.groups import connect
from bot.handlers.low_stock import turn_low_stock
from bot.handlers.orders import turn_alert
from bot.reply import reply
from bot.views.help import cancelled_screen, help_screen
from bot.views.home import home_screen
from bot.views.low_stock import LINK as LOW_LINK
from bot.views.order_alerts import LINK
from domain.people import Role


class Listed(Protocol):
    """As much of a command as /help shows."""

    @property
    def name(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def role(self) -> Role | None: ...


async def start(update: Update, ctx: Ctx) -> None:
    """Let somebody in by the invite behind the deep link, then show home; in a group, connect it."""
    if ctx.is_group:
        await connect(update, ctx)
        return
    token = ctx.words[0] if ctx.words else ""
    if ctx.is_stranger:
        people, hint = ctx.services.people, ctx.text.language
        ctx.greet(await people.admit(ctx.bot_id, ctx.chat, ctx.user, token, hint))
    elif token.startswith(LINK):
        ctx.errand.words = (token.removeprefix(LINK),)
        await turn_alert(update, ctx)
        return
    elif token == LOW_LINK:
        ctx.errand.words = ()
        await turn_low_stock(update, ctx)
        return
    elif token:
        ctx.greet(await ctx.services.team.join(ctx.visitor, token))
    await show_home(update, ctx)


async def show_home(update: Update, ctx: Ctx) -> None:
    home = await ctx.services.home.today(ctx.visitor)
    await reply(update, ctx, home_screen(home, ctx.text, ctx.visitor.role))


async def cancel(update: Update, ctx: Ctx) -> None:
    """Close the open question and the open linking, whichever there is."""
    asked = await ctx.services.dialogues.end(ctx.visitor)
    is_linking = await ctx.services.linking.cancel(ctx.visitor)
    what = asked.flow if asked else ""
    await reply(update, ctx, cancelled_screen("link" if is_linking else what, ctx.text))


def help_about(commands: Callable[[], Sequence[Listed]]) -> Callable[[Update, Ctx], Awaitable[None]]:
    """Return the handler of /help for a list of commands; each person sees what they may use."""

    async def show_help(update: Update, ctx: Ctx) -> None:
        role = None if ctx.is_stranger else ctx.visitor.role
        lines = [
            (each.name, each.help)
            for each in commands()
            if each.role is None or (role is not None and role.may(each.role))
        ]
        await reply(update, ctx, help_screen(lines, ctx.text, is_member=role is not None))

    return show_help
