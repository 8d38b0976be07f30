"""Groups: connected by whoever runs a seller, and set up in place."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply, toast
from bot.views import labels
from bot.views.groups import connected_screen, group_screen
from bot.words import one, role_of
from domain.people import Role


async def connect(update: Update, ctx: Ctx) -> None:
    """Show the seller of whoever says /start in this group, or say what is shown already."""
    is_new_place = ctx.is_stranger or ctx.visitor.view.thread_id != ctx.chat.thread_id
    if ctx.is_stranger or (is_new_place and ctx.visitor.member.role.may(Role.MANAGER)):
        ctx.greet(await ctx.services.groups.connect(ctx.bot_id, ctx.chat, ctx.user))
    team = await ctx.services.team.team(ctx.visitor)
    may_change = ctx.visitor.role.may(Role.MANAGER)
    await reply(update, ctx, connected_screen(team.seller, ctx.username, ctx.text, may_change=may_change))


async def show_group(update: Update, ctx: Ctx) -> None:
    shops = await ctx.services.shops.list_all(ctx.visitor)
    await reply(update, ctx, group_screen(ctx.visitor.view, shops, ctx.text))


async def choose_cap(update: Update, ctx: Ctx) -> None:
    """Allow in this group at most what a button names."""
    ctx.greet(await ctx.services.groups.set_cap(ctx.visitor, role_of(ctx.words)))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await show_group(update, ctx)


async def toggle_shop(update: Update, ctx: Ctx) -> None:
    """Hide a shop in this group, or show it."""
    ctx.greet(await ctx.services.groups.toggle_shop(ctx.visitor, one(ctx.words)))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SAVED))
    await show_group(update, ctx)
