"""Linking a shop: the choice, the one button, the question whether it is the right one, how far it has come."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.filters import platform_name
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.shops import Linking, Shop
from services.cards import IMPORT
from services.views import LinkChoice, LinkOffer, Progress

SUBJECT = "linking"
_LABEL_COLUMNS = 20
SHOPS_SHOWN, REFUSED_SHOWN = 6, 3


def no_choice_screen(text: Renderer) -> Screen:
    return Screen(text.render("link/none.html.j2"), (home_row(text),))


def platforms_screen(choices: Sequence[LinkChoice], text: Renderer) -> Screen:
    """Offer the platforms, where there are several; their regions come next."""
    demos = {
        each.platform: each.is_simulated for each in sorted(choices, key=lambda each: -each.is_simulated)
    }
    names = {each.platform: each.platform_name or platform_name(each.platform) for each in choices}
    shown = text.render("link/platforms.html.j2", with_demo=any(demos.values()))
    buttons = [
        Button(_label(name, is_demo=demos[slug]), pack(Place.LINK, slug)) for slug, name in names.items()
    ]
    return Screen(shown, (*in_rows(buttons, 2), home_row(text)))


def choices_screen(choices: Sequence[LinkChoice], text: Renderer, *, is_alone: bool = True) -> Screen:
    """Offer the regions of a platform; a simulated one says DEMO on its button."""
    shown = text.render("link/choose.html.j2", with_demo=any(each.is_simulated for each in choices))
    buttons = [
        Button(_choice_label(each), pack(Place.LINK_START, each.app_id, each.region)) for each in choices
    ]
    back = () if is_alone else (leads(text, labels.BACK, Place.LINK),)
    return Screen(shown, (*in_rows(buttons, 2), home_row(text, *back)))


def offer_screen(offer: LinkOffer, text: Renderer, *, is_demo: bool) -> Screen:
    """Show the steps and the one button that leads to the platform."""
    shown = text.render("link/offer.html.j2", offer=offer, is_demo=is_demo)
    go = Button(
        text.label(labels.OPEN_PLATFORM, platform=offer.platform_name), url=offer.url, style="primary"
    )
    rows = (
        (go,),
        (leads(text, labels.DEAD_PAGE, Place.LINK_PASTE),),
        (leads(text, labels.CANCEL, Place.CANCEL),),
    )
    return Screen(shown, rows, SUBJECT, offer.linking.id)


def paste_screen(text: Renderer) -> Screen:
    """Ask for the address of the page that did not open."""
    again = leads(text, labels.START_AGAIN, Place.LINK)
    cancel = leads(text, labels.CANCEL, Place.CANCEL)
    return Screen(text.render("link/paste.html.j2"), ((again, cancel),))


def confirm_screen(linking: Linking, yes: str, no: str, text: Renderer, *, is_demo: bool) -> Screen:
    """Ask whether the shop that came back is the right one; `yes` and `no` are tickets."""
    shown = text.render("link/confirm.html.j2", linking=linking, is_demo=is_demo)
    buttons = (
        Button(text.label(labels.LINK_YES), yes, style="success"),
        Button(text.label(labels.LINK_NO), no),
    )
    return Screen(shown, (buttons,), SUBJECT, linking.id)


def confirm_many_screen(
    together: Sequence[Linking], yes: str, no: str, text: Renderer, *, is_demo: bool
) -> Screen:
    """Ask whether the shops that one login opened are the right ones; one button links them all."""
    wanted = [each for each in together if not each.refusal]
    shown = text.render(
        "link/confirm_many.html.j2",
        wanted=wanted,
        shown=wanted[:SHOPS_SHOWN],
        more=len(wanted[SHOPS_SHOWN:]),
        refused=[each for each in together if each.refusal][:REFUSED_SHOWN],
        is_demo=is_demo,
    )
    label = (
        text.label(labels.LINK_ALL, n=text.number(len(wanted)))
        if len(wanted) > 1
        else text.label(labels.LINK_YES)
    )
    buttons = (Button(label, yes, style="success"), Button(text.label(labels.LINK_NO), no))
    return Screen(shown, (buttons,), SUBJECT, wanted[0].id)


def linked_many_screen(shops: Sequence[Shop], refused: Sequence[Linking], text: Renderer) -> Screen:
    """Show what one login brought, and what it did not."""
    shown = text.render(
        "link/linked_many.html.j2",
        shops=shops,
        shown=shops[:SHOPS_SHOWN],
        more=len(shops[SHOPS_SHOWN:]),
        refused=refused[:REFUSED_SHOWN],
        is_demo=any(shop.is_simulated for shop in shops),
    )
    return Screen(shown, (home_row(text, leads(text, labels.SHOPS, Place.SHOPS)),))


def linked_screen(progress: Progress, text: Renderer) -> Screen:
    """Show that a shop is linked and how far its first import is; the message follows the import."""
    shown = text.render("link/linked.html.j2", progress=progress, shop=progress.shop)
    orders = leads(text, labels.ORDERS, Place.ORDERS, "all")
    row = (orders, leads(text, labels.STOCK, Place.STOCK))
    return Screen(shown, (row, home_row(text)), IMPORT, progress.shop.id, progress.percent)


def failed_screen(platform: str, code: str, text: Renderer) -> Screen:
    again = leads(text, labels.START_AGAIN, Place.LINK)
    return Screen(
        text.render("link/failed.html.j2", platform=platform, code=code), ((again,), home_row(text))
    )


def ended_screen(name: str, text: Renderer) -> Screen:
    """Show that a linking ended without a shop: refused (with its name) or cancelled."""
    again = leads(text, labels.START_AGAIN, Place.LINK)
    return Screen(text.render("link/ended.html.j2", name=name), ((again,), home_row(text)))


def _choice_label(choice: LinkChoice) -> str:
    name = choice.platform_name or platform_name(choice.platform)
    return _label(f"{name} {choice.region}", is_demo=choice.is_simulated)


def _label(name: str, *, is_demo: bool) -> str:
    return cut(f"DEMO {name}" if is_demo else name, _LABEL_COLUMNS)
