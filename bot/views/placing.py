"""Stock by location: how many lie where, and the question how many lie at one of them."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from services.placing import StockedPlace
from services.views import VariantCard

PLACES_SHOWN = 8
_NAME_COLUMNS = 24


def places_screen(card: VariantCard, places: Sequence[StockedPlace], text: Renderer) -> Screen:
    """Show how many lie where; each button asks for one location."""
    shops = list(dict.fromkeys(each.shop for each in places))
    shown = places[:PLACES_SHOWN]
    said = text.render(
        "stock/places.html.j2",
        card=card,
        units=sum(each.units for each in places),
        count=len(places),
        by_shop=[(shop, [each for each in shown if each.shop == shop]) for shop in shops],
        more=len(places[PLACES_SHOWN:]),
    )
    rows = [(_button(each, text),) for each in shown]
    return Screen(said, (*rows, home_row(text, leads(text, labels.BACK, Place.VARIANT, card.variant.id))))


def ask_place_screen(card: VariantCard, at: StockedPlace, text: Renderer) -> Screen:
    """Ask how many lie at one location."""
    said = text.render("stock/ask_place.html.j2", card=card, at=at)
    return Screen(said, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def _button(at: StockedPlace, text: Renderer) -> Button:
    label = text.label(labels.SET_PLACE, name=cut(at.name, _NAME_COLUMNS).rstrip("…"))
    return Button(label, pack(Place.STOCK_PLACE, at.listing_variant_id, at.place))
