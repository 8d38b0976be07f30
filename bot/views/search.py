"""What a bare text was found to mean, when it may mean several things or nothing."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.marks import order_mark
from bot.views.orders import opener, several_shops
from bot.views.stock import variant_label
from services.views import Hits


def hits_screen(hits: Hits, text: Renderer) -> Screen:
    """Show what was found, orders first, each with a button; or what was looked for in vain."""
    if not hits.orders and not hits.variants:
        return nothing_screen(hits.words, text)
    now = text.now()
    shown = text.render(
        "search/hits.html.j2",
        hits=hits,
        total=len(hits.orders) + len(hits.variants),
        orders=[(order_mark(row.status, row.ship_by, now), row) for row in hits.orders],
        variants=hits.variants,
        with_shop=several_shops(hits.orders),
    )
    orders = [opener(row) for row in hits.orders]
    variants = [
        Button(variant_label(str(at), row), pack(Place.VARIANT, row.variant_id))
        for at, row in enumerate(hits.variants, 1)
    ]
    return Screen(shown, (*in_rows(orders), *in_rows(variants, 2), home_row(text)))


def nothing_screen(words: str, text: Renderer) -> Screen:
    shown = text.render("search/nothing.html.j2", words=words)
    help_button = leads(text, labels.HELP, Place.HELP)
    return Screen(shown, ((help_button, leads(text, labels.STOCK, Place.STOCK)), home_row(text)))
