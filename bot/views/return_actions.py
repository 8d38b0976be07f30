"""The questions before something is done about a return: nothing is sent before the last of them."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from bot.views.returns import TAIL_SHOWN
from domain.money import Money
from domain.platform import DisputeReason, SolutionOffer
from domain.return_actions import TEXT_LENGTH, ReturnAction
from domain.returns import Solution
from services.returns import ReturnCard

_WIDE_COLUMNS = 38
OFFERS = {Solution.REFUND: labels.OFFER_REFUND, Solution.RETURN_AND_REFUND: labels.OFFER_BOTH}


def accept_screen(
    card: ReturnCard, amount: Money, ticket: str, text: Renderer, *, is_offer: bool = False
) -> Screen:
    """Say what accepting costs; the button names the whole act."""
    seen = card.back.snapshot
    shown = text.render(
        "returns/accept.html.j2",
        card=card,
        amount=amount,
        is_offer=is_offer,
        solution=seen.offered_solution if is_offer else seen.solution,
        kept=card.earning.kept if card.earning else None,
    )
    yes = text.label(labels.YES_REFUND, amount=text.amount(amount))
    return Screen(shown, ((Button(yes, ticket, style="danger"),), _back(card, text)))


def offers_screen(card: ReturnCard, offers: Sequence[SolutionOffer], text: Renderer) -> Screen:
    """Ask what to offer the buyer instead."""
    shown = text.render("returns/offers.html.j2", card=card, is_any=bool(offers))
    rows = [
        (leads(text, OFFERS[each.solution], Place.RETURN_OFFER_OF, card.back.id, each.solution),)
        for each in offers
        if each.solution in OFFERS
    ]
    return Screen(shown, (*rows, _back(card, text)))


def ask_amount_screen(card: ReturnCard, offered: SolutionOffer, text: Renderer) -> Screen:
    """Ask how much to offer."""
    shown = text.render("returns/amount.html.j2", card=card, least=offered.least, most=offered.most)
    return Screen(shown, _leave(text))


def offer_screen(card: ReturnCard, draft: ReturnAction, ticket: str, text: Renderer) -> Screen:
    """Ask before an offer leaves; the button names it."""
    shown = text.render("returns/offer.html.j2", card=card, draft=draft)
    amount = text.amount(draft.amount) if draft.amount else ""
    yes = Button(text.label(labels.YES_OFFER, amount=amount), ticket, style="primary")
    return Screen(shown, ((yes,), _back(card, text)))


def reasons_screen(card: ReturnCard, reasons: Sequence[DisputeReason], text: Renderer) -> Screen:
    """Ask why a return is disputed: the platform's own reasons, numbered, as they are long."""
    shown = text.render(
        "returns/reasons.html.j2", card=card, reasons=reasons, is_shown=any(each.modules for each in reasons)
    )
    rows = [(_reason(at, each, card, text),) for at, each in enumerate(reasons, 1)]
    return Screen(shown, (*rows, _back(card, text)))


def proof_screen(card: ReturnCard, draft: ReturnAction, most: int, text: Renderer) -> Screen:
    """Ask for the photos of one proof; the one kept at packing is offered first."""
    proof = draft.proofs[draft.step]
    is_full = len(proof.pictures) >= most
    is_used = any(each.pictures for each in draft.proofs)
    has_packing_photo = bool(card.packing_photos) and not is_used
    shown = text.render(
        "returns/proof.html.j2",
        card=card,
        draft=draft,
        proof=proof,
        most=most,
        is_full=is_full,
        has_packing_photo=has_packing_photo,
    )
    rows: list[tuple[Button, ...]] = []
    if has_packing_photo:
        ours = text.label(labels.USE_PACKING_PHOTO)
        rows.append((Button(ours, pack(Place.RETURN_PACKED, draft.id), style="primary"),))
    if proof.pictures or not proof.is_required:
        label = labels.GO_ON if proof.pictures else labels.GO_ON_WITHOUT
        rows.append((leads(text, label, Place.RETURN_GO_ON, draft.id, draft.step + 1),))
    return Screen(shown, (*rows, _back(card, text)))


def ask_email_screen(card: ReturnCard, text: Renderer) -> Screen:
    """Ask where the platform may answer."""
    return Screen(text.render("returns/email.html.j2", card=card), _leave(text))


def ask_words_screen(card: ReturnCard, draft: ReturnAction, text: Renderer) -> Screen:
    """Ask what the seller himself has to say; Back leads to the dispute as it is."""
    shown = text.render("returns/words.html.j2", card=card, draft=draft, most=TEXT_LENGTH)
    back = leads(text, labels.BACK, Place.RETURN_GO_ON, draft.id, len(draft.proofs))
    return Screen(shown, (home_row(text, back),))


def dispute_screen(
    card: ReturnCard, draft: ReturnAction, ticket: str, text: Renderer, *, takes_words: bool = True
) -> Screen:
    """Ask before a dispute leaves; the button names it."""
    pictures = sum(len(each.pictures) for each in draft.proofs)
    shown = text.render("returns/dispute.html.j2", card=card, draft=draft, pictures=pictures)
    yes = text.label(labels.YES_DISPUTE, tail=card.tail[-TAIL_SHOWN:])
    label = labels.OTHER_WORDS if draft.own_words else labels.OWN_WORDS
    words = (leads(text, label, Place.RETURN_WORDS, draft.id),) if takes_words else ()
    return Screen(shown, (words, (Button(yes, ticket, style="danger"),), _back(card, text)))


def _reason(at: int, reason: DisputeReason, card: ReturnCard, text: Renderer) -> Button:
    number = f"{text.number(at)}. "
    label = number + cut(reason.text or reason.external_id, _WIDE_COLUMNS - columns(number))
    return Button(label, pack(Place.RETURN_DISPUTE_FOR, card.back.id, reason.external_id))


def _back(card: ReturnCard, text: Renderer) -> tuple[Button, ...]:
    return home_row(text, leads(text, labels.BACK, Place.RETURN, card.back.id))


def _leave(text: Renderer) -> Rows:
    return ((leads(text, labels.CANCEL, Place.CANCEL),),)
