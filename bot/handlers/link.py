"""/link: which platform and region, the one button, and the address pasted by hand."""

from telegram import Update

from bot import questions
from bot.context import Ctx
from bot.reply import delete_words, reply, typing
from bot.views.link import choices_screen, no_choice_screen, offer_screen, paste_screen, platforms_screen
from domain.errors import NotFound
from services.views import LinkChoice


async def link(update: Update, ctx: Ctx) -> None:
    """Offer what can be linked, platform by platform where there are several; a single choice is taken at once."""
    every = await ctx.services.linking.choices(ctx.visitor)
    choices = [each for each in every if each.platform in ctx.words] or every
    if len(choices) == 1:
        await _offer(update, ctx, choices[0])
    elif not choices:
        await reply(update, ctx, no_choice_screen(ctx.text))
    elif len({each.platform for each in choices}) > 1:
        await reply(update, ctx, platforms_screen(choices, ctx.text))
    else:
        await reply(update, ctx, choices_screen(choices, ctx.text, is_alone=len(choices) == len(every)))


async def start_link(update: Update, ctx: Ctx) -> None:
    """Start linking with the app and region a button names; also to link a shop again."""
    app_id, region, *_ = (*ctx.words, "", "")
    choices = await ctx.services.linking.choices(ctx.visitor)
    chosen = next((each for each in choices if (each.app_id, each.region) == (app_id, region)), None)
    if chosen is None:
        raise NotFound("app_unknown")
    await _offer(update, ctx, chosen)


async def ask_address(update: Update, ctx: Ctx) -> None:
    """Ask for the address of the page that did not open, while the linking is open."""
    if await ctx.services.linking.waiting(ctx.visitor) is None:
        raise NotFound("link_unknown")
    await ctx.services.dialogues.ask(ctx.visitor, questions.ADDRESS, {})
    await reply(update, ctx, paste_screen(ctx.text))


async def take_address(update: Update, ctx: Ctx) -> None:
    """Take the pasted address; what became of it is edited into the message that asked."""
    await delete_words(update, ctx)
    await typing(update, ctx)
    await ctx.services.linking.paste(ctx.visitor, " ".join(ctx.words))
    await ctx.services.dialogues.end(ctx.visitor)


async def _offer(update: Update, ctx: Ctx, chosen: LinkChoice) -> None:
    offer = await ctx.services.linking.start(ctx.visitor, chosen.app_id, chosen.region)
    message_id = await reply(update, ctx, offer_screen(offer, ctx.text, is_demo=chosen.is_simulated))
    if message_id is not None:
        await ctx.services.linking.shown(ctx.visitor, offer.linking.id, message_id)
