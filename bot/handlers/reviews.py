"""/reviews: what buyers say, page by page, one review, and the question what to answer. Sending is `buttons`."""

from telegram import Update

from bot import questions
from bot.cards import review_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.reviews import ask_answer_screen, reviews_screen
from bot.words import one, review_list
from services.reviews import ReviewQuery


async def show_reviews(update: Update, ctx: Ctx) -> None:
    """Answer /reviews with those that wait for an answer."""
    page = await ctx.services.reviews.page(ctx.visitor, ReviewQuery())
    await reply(update, ctx, reviews_screen(page, ctx.text))


async def turn_reviews(update: Update, ctx: Ctx) -> None:
    """Show the page of the list that a button names."""
    query, at = review_list(ctx.words)
    await reply(
        update, ctx, reviews_screen(await ctx.services.reviews.page(ctx.visitor, query, at), ctx.text)
    )


async def open_review(update: Update, ctx: Ctx) -> None:
    """Show a review; Back leads to the list it was opened from."""
    await show_review(update, ctx, one(ctx.words), ctx.words[1:])


async def show_review(update: Update, ctx: Ctx, review_id: str, came_from: tuple[str, ...] = ()) -> None:
    """Show a review; what moved while it was on its way to the chat is shown right after."""
    card = await ctx.services.reviews.card(ctx.visitor, review_id)
    screen = await review_card(ctx.services, ctx.visitor.view, ctx.visitor.role, card, ctx.text, came_from)
    shown = await reply(update, ctx, screen)
    latest = await ctx.services.reviews.card(ctx.visitor, review_id)
    if latest.version != card.version:
        view, role = ctx.visitor.view, ctx.visitor.role
        again = await review_card(ctx.services, view, role, latest, ctx.text, came_from)
        await reply(update, ctx, again, into=shown)


async def ask_answer(update: Update, ctx: Ctx) -> None:
    """Open the question what is to be answered."""
    card = await ctx.services.reviews.card(ctx.visitor, one(ctx.words))
    await ctx.services.dialogues.ask(ctx.visitor, questions.ANSWER, {"review_id": card.review.id})
    await reply(update, ctx, ask_answer_screen(card, ctx.text))
