"""/team: who works for the seller, invites, roles, and which seller a private chat shows."""

from telegram import Update

from bot.cards import leave_card, member_card
from bot.context import Ctx
from bot.handlers.home import show_home
from bot.reply import reply
from bot.views.team import givable, gone_screen, invitation_screen, roles_screen, team_screen
from bot.words import one, role_of
from domain.errors import NotAllowed


async def show_team(update: Update, ctx: Ctx) -> None:
    team = await ctx.services.team.team(ctx.visitor)
    await reply(update, ctx, team_screen(team, ctx.visitor, ctx.text))


async def show_member(update: Update, ctx: Ctx) -> None:
    member = await ctx.services.team.member(ctx.visitor, one(ctx.words))
    await reply(update, ctx, await member_card(ctx.services, ctx.visitor, member, ctx.text))


async def ask_take_out(update: Update, ctx: Ctx) -> None:
    """Ask once more before somebody loses his place."""
    member = await ctx.services.team.member(ctx.visitor, one(ctx.words))
    team = await ctx.services.team.team(ctx.visitor)
    await reply(update, ctx, await leave_card(ctx.services, ctx.visitor, member, team.seller, ctx.text))


async def choose_role(update: Update, ctx: Ctx) -> None:
    _private(ctx)
    team = await ctx.services.team.team(ctx.visitor)
    await reply(update, ctx, roles_screen(team.seller, givable(ctx.visitor), ctx.text))


async def invite(update: Update, ctx: Ctx) -> None:
    """Show a fresh invite for the role a button names; never in a group, where all could take it."""
    _private(ctx)
    made = await ctx.services.team.invite(ctx.visitor, role_of(ctx.words))
    await reply(update, ctx, invitation_screen(made, ctx.username, ctx.text))


async def switch(update: Update, ctx: Ctx) -> None:
    """Show another of the person's sellers in this chat from now on."""
    ctx.greet(await ctx.services.team.switch(ctx.visitor, one(ctx.words)))
    await show_home(update, ctx)


async def after_role(update: Update, ctx: Ctx, user_id: str) -> None:
    member = await ctx.services.team.member(ctx.visitor, user_id)
    await reply(update, ctx, await member_card(ctx.services, ctx.visitor, member, ctx.text))


async def after_removal(update: Update, ctx: Ctx, user_id: str) -> None:
    await reply(update, ctx, gone_screen(ctx.text, is_self=user_id == ctx.visitor.member.user_id))


def _private(ctx: Ctx) -> None:
    if ctx.is_group:
        raise NotAllowed("private_only")
