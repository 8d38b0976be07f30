"""What came back by a return: looked at, put on the shelf again, or left out."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from domain.people import Role
from domain.returned_goods import Goods
from domain.tickets import Action
from services.returns import SUBJECT, ReturnCard

Tickets = dict[Action, str]
LINES_SHOWN = 5


def offered(goods: Goods) -> tuple[Action, ...]:
    """Return what may be done with the goods as they are."""
    acts: list[Action] = []
    if line := goods.next:
        acts = [Action.PUT_BACK, Action.LEAVE_OUT]
        if line.left > 1:
            acts.insert(1, Action.PUT_ONE_BACK)
    return (*acts, Action.UNDO_SORTED) if goods.undo_id else tuple(acts)


def goods_screen(card: ReturnCard, goods: Goods, tickets: Tickets, version: int, text: Renderer) -> Screen:
    """Ask what is as new, line by line; each button names the whole act."""
    line = goods.next
    shown = text.render(
        "returns/goods.html.j2",
        card=card,
        line=line,
        goods=goods,
        lines=goods.lines[:LINES_SHOWN],
        more_lines=len(goods.lines[LINES_SHOWN:]),
        is_any=any(each.is_counted for each in goods.lines),
    )
    left = text.number(line.left) if line else ""
    worded = {
        Action.PUT_BACK: text.label(labels.PUT_BACK, n=left),
        Action.PUT_ONE_BACK: text.label(labels.PUT_ONE_BACK, n=text.number(1)),
        Action.LEAVE_OUT: text.label(labels.LEAVE_OUT, n=left),
        Action.UNDO_SORTED: text.label(labels.UNDO_COUNT),
    }
    rows = [
        (Button(worded[each], data, style="primary" if each is Action.PUT_BACK else None),)
        for each, data in tickets.items()
    ]
    back = leads(text, labels.BACK, Place.RETURN, card.back.id)
    return Screen(shown, (*rows, home_row(text, back)), SUBJECT, card.back.id, version)


def goods_button(card: ReturnCard, goods: Goods, role: Role, text: Renderer) -> tuple[Button, ...]:
    """Return the button that leads to the goods, for whom they are."""
    if not (role.may(Role.PACKER) and (goods.left or goods.undo_id)):
        return ()
    seen = card.back.snapshot
    label = labels.SORT_GOODS if seen.is_back else labels.GOODS_ARE_BACK
    if not goods.left:
        label = labels.GOODS_SORTED
    return (leads(text, label, Place.RETURN_GOODS, card.back.id),)


def return_back_screen(card: ReturnCard, goods: Goods, text: Renderer) -> Screen:
    """Ring: the platform says that the goods have arrived."""
    shown = text.render("returns/back.html.j2", card=card, goods=goods)
    sort = Button(text.label(labels.SORT_GOODS), pack(Place.RETURN_GOODS, card.back.id), style="primary")
    return Screen(shown, ((sort, leads(text, labels.OPEN, Place.RETURN, card.back.id)),))
