"""Sample screens of returns: the lists, the card in every state, each step, each refusal, the questions, what rings."""

from collections.abc import Callable
from dataclasses import replace

from adapters.kit.refusals import ReturnRefusal
from bot.render import Renderer
from bot.screen import Screen
from bot.views import home, orders, pause, return_actions, returned_goods, returns, shop
from bot.views.errors import error_screen
from bot.views.help import cancelled_screen
from bot.views.returned_goods import offered
from bot.views.returns import ReturnTools
from domain.actions import ActionState
from domain.earnings import Earning
from domain.errors import Conflict, InputError, NotFound
from domain.parcels import PackState
from domain.people import Role
from domain.platform import DisputeReason, EvidenceModule, SolutionOffer
from domain.return_actions import Proof, ReturnAction, ReturnActionKind
from domain.returned_goods import Goods, GoodsLine, Returned
from domain.returns import Return, ReturnLine, ReturnReason, ReturnSnapshot, ReturnState, Solution
from domain.shops import Shop
from services.photos import Photo
from services.return_actions import ReturnDoing
from services.returns import ReturnCard, ReturnFilter, ReturnPage, ReturnRow
from services.views import ShopDetails
from storage.repositories.returns import ReturnHead
from tests.unit.bot import records as r
from tests.unit.bot.screens_pack import packing

Draw = Callable[[Renderer], Screen]

RETURN = "8e8e8e8e8e8e8e8e"
DRAFT = "da07da07da07da07"
_TICKET = "c1:" + "A" * 22
_DEMO = r.shop(is_simulated=True)
_ALL = frozenset(ReturnActionKind)
_WHY_NOT = (
    *(each.value for each in ReturnRefusal), "no_effect", "token_revoked", "host_misconfigured", "platform_busy",
    "unsupported",
)  # fmt: skip
REASONS = (
    DisputeReason("51", "Item was in order when it was packed", (EvidenceModule("1", "Packing", True),)),
    DisputeReason("50", "Received item is not the one that was sold in this shop at all", ()),
    DisputeReason("52", "", ()),
)
OFFERS = (
    SolutionOffer(Solution.REFUND, r.idr(1), r.idr(58000)),
    SolutionOffer(Solution.RETURN_AND_REFUND),
)


def seen(**changes: object) -> ReturnSnapshot:
    """Return a return that waits for an answer until Friday."""
    made = ReturnSnapshot(
        external_id="2611110QAA07K9", order_external_id="2611080GAA07K", state=ReturnState.ASKED,
        raw_state="REQUESTED", solution=Solution.RETURN_AND_REFUND, reason="FUNCTIONAL_DMG",
        buyer_says="lampu mati", refund=r.idr(58000), created_at=r.at(-2), updated_at=r.at(-1),
        lines=(ReturnLine("900001", "1001", r.LAMP, "LED-12W-W", 2, r.idr(29000)),),
        photos=("https://cf.shopee.co.id/file/aa", "https://cf.shopee.co.id/file/ab"), buyer_name="s***a",
        answer_by=r.at(44), proof_by=r.at(44), proof_state="PENDING", offered=r.idr(58000),
        offered_solution=Solution.RETURN_AND_REFUND, is_buyers_offer=True, why=ReturnReason.FAULTY,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def card(of: Shop | None = None, *, has_photo: bool = True, **changes: object) -> ReturnCard:
    """Return a card; keyword arguments change the snapshot."""
    of = of or r.shop()
    packed = packing(
        state=PackState.HANDED_OVER, packed_at=r.at(-48), packed_by="4712", photo_id="AgACpack" if has_photo else ""
    )  # fmt: skip
    back = Return(RETURN, r.SELLER, of.id, seen(**changes), 1, r.at(-1))
    return ReturnCard(back, of, "AA07K", "0d0d0d0d0d0d0d0d", packed, "Budi")


def _haggled(**changes: object) -> ReturnCard:
    """Return the card of a return for which less is offered."""
    return card(offered=r.idr(40000), offered_solution=Solution.REFUND, **changes)  # type: ignore[arg-type]


def action(kind: ReturnActionKind = ReturnActionKind.ACCEPT, **changes: object) -> ReturnAction:
    made = ReturnAction(
        id=DRAFT, seller_id=r.SELLER, shop_id="a1a1a1a1a1a1a1a1", return_id=RETURN, kind=kind,
        state=ActionState.READY, version=1, requested_by="4711", requested_at=r.NOW, due_at=r.NOW,
        was=ReturnState.ASKED,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def objection(*pictures: int, **changes: object) -> ReturnAction:
    """Return the draft of a dispute with so many pictures for each proof."""
    wanted = ("Photo taken while packing", "")
    proofs = tuple(
        Proof(str(at), wanted[at % 2], at == 0, ("https://cf.shopee.co.id/file/p",) * count)
        for at, count in enumerate(pictures or (0, 0))
    )
    made = action(
        ReturnActionKind.DISPUTE, state=ActionState.DRAFT, proofs=proofs, reason_text=REASONS[0].text
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def goods(*lines: GoodsLine, undo_id: str = "") -> Goods:
    """Return what came back: two lamps that nobody looked at yet, unless told otherwise."""
    return Goods(lines or (goods_line(),), undo_id)


def goods_line(quantity: int = 2, *, is_counted: bool = True, **became: int) -> GoodsLine:
    return GoodsLine(Returned("1f1f1f1f", "9a9a9a9a", r.LAMP, quantity), is_counted, **became)


def _goods(*lines: GoodsLine, undo_id: str = "", of: Shop | None = None) -> Draw:
    made = goods(*lines, undo_id=undo_id)
    tickets = dict.fromkeys(offered(made), _TICKET)
    return lambda text: returned_goods.goods_screen(card(of), made, tickets, 3, text)


def _card_with(made: Goods, role: Role = Role.PACKER, **changes: object) -> Draw:
    shown = card(state=ReturnState.COMING_BACK, **changes)  # type: ignore[arg-type]
    return lambda text: returns.return_screen(shown, text, ReturnTools(ReturnDoing(), role, goods=made))


def row(at: int = 1, **changes: object) -> ReturnRow:
    made = ReturnHead(
        f"8e{at:014d}", f"26110{at}0GAA07{at}", "Rumah Kita", ReturnState.ASKED, "REQUESTED", r.idr(58000),
        r.at(1.5 * at), r.at(-1), r.LAMP, 2, 1,
    )  # fmt: skip
    return ReturnRow(replace(made, **changes), f"AA07{at}")  # type: ignore[arg-type]


def page(*rows: ReturnRow, **changes: object) -> ReturnPage:
    counts = {each: len(rows) for each in ReturnFilter}
    made = ReturnPage(ReturnFilter.TO_ANSWER, rows, counts, r.at(1.5), 1, 1, r.NOW, is_demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def _card(
    shown: ReturnCard | None = None,
    latest: ReturnAction | None = None,
    *,
    role: Role = Role.OWNER,
    is_held: bool = False,
    is_group: bool = False,
) -> Draw:
    doing = ReturnDoing(3, latest, frozenset() if latest and latest.is_under_way else _ALL, is_held)
    return lambda text: returns.return_screen(shown or card(), text, ReturnTools(doing, role, is_group))


def _refused(code: str, kind: ReturnActionKind = ReturnActionKind.ACCEPT) -> Draw:
    return _card(latest=action(kind, state=ActionState.REFUSED, refusal=code))


_OTHER = ReturnReason.OTHER
_WORDS = "Lampu menyala saat dikemas, <b>lihat</b> foto.\nKardusnya utuh."
_EARNING = Earning(r.idr(58000), (), r.idr(30200))

RETURNS: dict[str, Draw] = {
    "returns": lambda text: returns.returns_screen(page(row(1), row(2, due=r.at(-1)), row(9)), text),
    "returns of two shops": lambda text: returns.returns_screen(
        page(row(), row(2, shop_name="RK Official", due=None), counts={}, is_demo=True), text
    ),
    "returns many": lambda text: returns.returns_screen(page(row(1), pages=3, page=3), text),
    "returns under way": lambda text: returns.returns_screen(
        page(
            *(row(at, state=state, due=None) for at, state in enumerate(ReturnState)),
            filter=ReturnFilter.UNDER_WAY,
        ),
        text,
    ),
    "returns settled": lambda text: returns.returns_screen(
        page(filter=ReturnFilter.SETTLED, counts={ReturnFilter.TO_ANSWER: 1}), text
    ),
    "no returns": lambda text: returns.returns_screen(page(first_due=None), text),
    **{
        f"return {state}": _card(card(state=state, raw_state="NEW_WORD", answer_by=None))
        for state in ReturnState
    },
    **{f"return for {why}": _card(card(why=why, photos=("https://cf/1",))) for why in ReturnReason},
    "return of a new state": _card(card(state=ReturnState.UNKNOWN, raw_state="")),
    "return without a reason": _card(card(why=_OTHER, reason="", buyer_says="", photos=(), buyer_name="")),
    "return for a new reason": _card(card(why=_OTHER, reason="NEW_WORD")),
    "return late": _card(card(_DEMO, answer_by=r.at(-1), videos=("https://cf/v",))),
    "return with videos": _card(card(videos=("https://cf/v",) * 2, tracking_number="SPXR04412")),
    "return of many lines": _card(card(lines=seen().lines * 6)),
    "return of five lines": _card(card(lines=seen().lines * 5)),
    "return with another offer": _card(_haggled()),
    "return with our offer": _card(_haggled(is_buyers_offer=False)),
    "return decided elsewhere": _card(card(is_decided_elsewhere=True, solution=Solution.REFUND)),
    "return packed by who left": _card(replace(card(has_photo=False), packed_by="")),
    "return of an order we do not have": _card(replace(card(), packed=None, packed_by="", order_id="")),
    "return in a group": _card(is_group=True),
    "return of a packer": _card(role=Role.PACKER),
    **{
        f"return {kind} {state}": _card(latest=action(kind, state=state))
        for kind in ReturnActionKind
        for state in ActionState
    },
    "return held": _card(latest=action(), is_held=True),
    **{f"return refused {code}": _refused(code) for code in _WHY_NOT},
    "new return": lambda text: returns.new_return_screen(card(), text),
    "new return of a demo shop": lambda text: returns.new_return_screen(
        card(_DEMO, lines=seen().lines * 6), text
    ),
    "new return without a time": lambda text: returns.new_return_screen(card(answer_by=None), text),
    "buyer's offer": lambda text: returns.new_return_screen(_haggled(), text),
    "return due": lambda text: returns.return_due_screen(card(), text),
    "return due in a demo shop": lambda text: returns.return_due_screen(card(_DEMO, answer_by=r.at(3)), text),
    "return photo": lambda text: returns.photo_screen(card(), 1, Photo("", "AgAC"), text),
    "return photo from packing": lambda text: returns.photo_screen(card(_DEMO), 3, Photo("", "AgAC"), text),
    "return photo gone": lambda text: returns.photo_screen(card(photos=("x",)), 1, Photo(""), text),
    "accept": lambda text: return_actions.accept_screen(
        replace(card(), earning=_EARNING), r.idr(58000), _TICKET, text
    ),
    "accept what comes back": lambda text: return_actions.accept_screen(
        card(_DEMO, state=ReturnState.COMING_BACK), r.idr(58000), _TICKET, text
    ),
    "accept an offer": lambda text: return_actions.accept_screen(
        _haggled(), r.idr(40000), _TICKET, text, is_offer=True
    ),
    "offers": lambda text: return_actions.offers_screen(card(_DEMO), OFFERS, text),
    "no offers": lambda text: return_actions.offers_screen(card(), (), text),
    "offer how much": lambda text: return_actions.ask_amount_screen(card(), OFFERS[0], text),
    "offer at most": lambda text: return_actions.ask_amount_screen(
        card(_DEMO), replace(OFFERS[0], least=None), text
    ),
    "offer": lambda text: return_actions.offer_screen(
        card(), action(ReturnActionKind.OFFER, solution=Solution.REFUND, amount=r.idr(30000)), _TICKET, text
    ),
    "dispute why": lambda text: return_actions.reasons_screen(card(), REASONS, text),
    "dispute for nothing": lambda text: return_actions.reasons_screen(card(_DEMO), (), text),
    "dispute proof": lambda text: return_actions.proof_screen(card(), objection(), 3, text),
    "dispute proof there": lambda text: return_actions.proof_screen(card(_DEMO), objection(1, 0), 3, text),
    "dispute proof full": lambda text: return_actions.proof_screen(card(), objection(3, 0), 3, text),
    "dispute proof not needed": lambda text: return_actions.proof_screen(
        card(has_photo=False), objection(1, 0, step=1), 3, text
    ),
    "dispute address": lambda text: return_actions.ask_email_screen(card(_DEMO), text),
    "dispute": lambda text: return_actions.dispute_screen(
        card(), objection(1, 1, email="sari@shop.example"), _TICKET, text
    ),
    "dispute with one photo": lambda text: return_actions.dispute_screen(
        card(_DEMO), objection(1, email="sari@shop.example", reason_text=""), _TICKET, text
    ),
    "dispute in own words": lambda text: return_actions.dispute_screen(
        card(_DEMO), objection(own_words=_WORDS, reason_text=""), _TICKET, text
    ),
    "dispute without words": lambda text: return_actions.dispute_screen(
        card(), objection(email="sari@shop.example"), _TICKET, text, takes_words=False
    ),
    "dispute words": lambda text: return_actions.ask_words_screen(card(), objection(), text),
    "dispute other words": lambda text: return_actions.ask_words_screen(
        card(_DEMO), objection(own_words=_WORDS), text
    ),
    "dispute for a reason without proof": lambda text: return_actions.reasons_screen(
        card(), REASONS[1:], text
    ),
    "return with own words": lambda text: returns.return_screen(
        card(state=ReturnState.DISPUTED),
        text,
        ReturnTools(ReturnDoing(3, None, frozenset(), own_words=_WORDS), Role.OWNER),
    ),
    "goods": _goods(),
    "goods one": _goods(goods_line(1), of=_DEMO),
    "goods in part": _goods(goods_line(back=1), goods_line(3), undo_id="m0"),
    "goods sorted": _goods(goods_line(back=1, out=1), undo_id="m0"),
    "goods sorted long ago": _goods(goods_line(1, out=1)),
    "goods not counted": _goods(goods_line(is_counted=False)),
    "goods of many lines": _goods(*(goods_line(each) for each in range(1, 8))),
    "goods of six lines": _goods(*(goods_line(each) for each in range(1, 7))),
    "return with goods to come": _card_with(goods()),
    "return with goods back": _card_with(goods(), is_back=True),
    "return with goods sorted": _card_with(goods(goods_line(back=1, out=1), undo_id="m0")),
    "return with goods left out": _card_with(goods(goods_line(out=2), undo_id="m0")),
    "return with goods on the shelf": _card_with(goods(goods_line(back=2)), Role.VIEWER),
    "return back": lambda text: returned_goods.return_back_screen(card(is_back=True), goods(), text),
    "return back in a demo shop": lambda text: returned_goods.return_back_screen(
        card(_DEMO), goods(goods_line(), goods_line(is_counted=False)), text
    ),
    "cancelled return_words": lambda text: cancelled_screen("return_words", text),
    "error dispute_long": lambda text: error_screen(InputError("dispute_long", most=500), text),
    "home with returns": lambda text: home.home_screen(
        r.home(returns=2, returns_due=r.at(20)), text, Role.OWNER
    ),
    "home with a return": lambda text: home.home_screen(r.home(returns=1), text, Role.VIEWER),
    "order that comes back": lambda text: orders.order_screen(
        replace(r.order_card(), return_id=RETURN), text
    ),
    "paused with answers": lambda text: pause.pause_screen(r.writes(pause=r.pause(), returns=2), "", text),
    "paused with an answer": lambda text: pause.pause_screen(r.writes(pause=r.pause(), returns=1), "", text),
    "shop with answers": lambda text: shop.shop_screen(
        ShopDetails(r.shop(), 0, 0, 0, 0, 0, r.pause(), returns=2), Role.OWNER, "", text
    ),
    "shop with an answer": lambda text: shop.shop_screen(
        ShopDetails(r.shop(), 0, 0, 0, 0, 0, r.pause(), returns=1), Role.OWNER, "", text
    ),
    "cancelled return_proof": lambda text: cancelled_screen("return_proof", text),
    "error return_unknown": lambda text: error_screen(NotFound("return_unknown"), text),
    "error return_busy": lambda text: error_screen(Conflict("return_busy"), text),
    "error offer_same": lambda text: error_screen(InputError("offer_same"), text),
    "error offer_range": lambda text: error_screen(
        InputError("offer_range", least=r.idr(1), most=r.idr(58000)), text
    ),
    "error offer_range at most": lambda text: error_screen(
        InputError("offer_range", least=None, most=r.idr(58000)), text
    ),
    "error proof_full": lambda text: error_screen(InputError("proof_full", most=3), text),
    "error photo_needed": lambda text: error_screen(InputError("photo_needed"), text),
    "error photo_gone": lambda text: error_screen(InputError("photo_gone"), text),
    "error email_unreadable": lambda text: error_screen(InputError("email_unreadable"), text),
}
