"""Home: today's numbers and what is due, or the first steps where no shop is linked."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import leads
from bot.views.marks import is_late, urgency
from bot.views.pause import resume_button
from domain.people import Role
from services.views import Home


def home_screen(home: Home, text: Renderer, role: Role) -> Screen:
    """Show today, or the first run while there is no shop."""
    if not home.shops:
        return first_run_screen(text, may_link=role.may(Role.MANAGER))
    shown = text.render(
        "home/today.html.j2",
        home=home,
        all_kept=bool(home.kept) and home.kept_orders == home.orders_today,
        urgency=urgency(home.pack_next, text.now()),
        is_late=is_late(home.pack_next, text.now()),
    )
    resume = ((resume_button(text),),) if home.pause and role.may(Role.MANAGER) else ()
    returns = Button(text.label(labels.RETURNS_TO_ANSWER, n=text.number(home.returns)), pack(Place.RETURNS))
    return Screen(
        shown,
        (
            *resume,
            *(((returns,),) if home.returns else ()),
            (
                _counted(text, labels.PACK, home.to_pack, Place.PACK),
                leads(text, labels.STOCK, Place.STOCK),
                _counted(text, labels.APPROVALS, home.approvals, Place.APPROVALS),
            ),
            (
                leads(text, labels.ORDERS, Place.ORDERS, "all"),
                leads(text, labels.SHOPS, Place.SHOPS),
                leads(text, labels.SETTINGS, Place.SETTINGS),
            ),
        ),
    )


def first_run_screen(text: Renderer, *, may_link: bool) -> Screen:
    link = Button(text.label(labels.LINK_A_SHOP), leads(text, "", Place.LINK).data, style="primary")
    rest = (leads(text, labels.LANGUAGE, Place.SETTINGS), leads(text, labels.HELP, Place.HELP))
    shown = text.render("home/first.html.j2", may_link=may_link)
    return Screen(shown, ((link,), rest) if may_link else (rest,))


def _counted(text: Renderer, label: str, count: int, place: Place) -> Button:
    button = leads(text, label, place)
    if not count:
        return button
    return Button(f"{button.text} {text.number(count)}", button.data, style="primary")
