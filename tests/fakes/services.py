"""The services as the bot sees them, in memory: small, and true to what the real ones refuse."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from domain.changes import ChangeState
from domain.chats import Card, Chat, Dialogue, View, Visitor
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.health import ShopHealth
from domain.holidays import ShopHoliday, Wish
from domain.money import Money
from domain.people import Role
from domain.shops import Shop, ShopState
from domain.tickets import Action
from services import Services, return_actions, returned_goods
from services.order_actions import ASKS
from services.people import LANGUAGES, ChatRef, UserRef
from services.views import (
    Hits,
    Home,
    Onlooker,
    OrderCard,
    OrderFilter,
    OrderPage,
    OrderRow,
    Pressed,
    PressResult,
    Progress,
    Proposal,
    ShopDetails,
    VariantCard,
    VariantPage,
    VariantRow,
)
from tests.fakes.alerts import Alerts, Schedules
from tests.fakes.answers import ReviewsOfSeller
from tests.fakes.audit import Audits
from tests.fakes.bulks import ACTS, Bulks
from tests.fakes.costs import Costs
from tests.fakes.exports import Exports
from tests.fakes.health import Healths
from tests.fakes.imports import Imports
from tests.fakes.limits import LimitsOfSeller
from tests.fakes.linking import Linkings
from tests.fakes.locks import Locks
from tests.fakes.low_stock import LowStock
from tests.fakes.order_actions import OrderActions
from tests.fakes.order_alerts import OrderAlerts
from tests.fakes.packing import Labels, Offers, Packings
from tests.fakes.pausing import Pausing
from tests.fakes.placing import Placing
from tests.fakes.products import ListingEdits, Photos, Products
from tests.fakes.returning import ReturnActions, ReturnedGoods, Returns
from tests.fakes.stock import Counts
from tests.fakes.team import Groups, Teams
from tests.unit.bot import records as r

OF_ORDERS = set(ASKS)
OF_LOCKS = {Action.CALL_OFF_PRICE, Action.CALL_OFF_STOCK}
OF_RETURNS = set(return_actions.ASKS)
OF_GOODS = set(returned_goods.SORTS)
OF_HOLIDAYS = {Action.BEGIN_HOLIDAY: Wish.ON, Action.END_HOLIDAY: Wish.OFF}
OF_SHOPS = {Action.PAUSE_SHOP, Action.RESUME_SHOP, Action.UNLINK_SHOP, *OF_HOLIDAYS}
OF_SWITCHES = {Action.PAUSE_WRITES, Action.RESUME_WRITES, Action.SET_LIMIT}
OF_OTHERS = ACTS | OF_LOCKS | OF_SHOPS | OF_ORDERS | OF_RETURNS | OF_GOODS | OF_SWITCHES


@dataclass
class People:
    """Strangers come in with the one invite there is."""

    invite: str = "good-invite"
    visitor: Visitor = field(default_factory=r.visitor)

    async def admit(self, bot_id: str, chat: ChatRef, user: UserRef, token: str, language: str) -> Visitor:
        if not token:
            raise NotAllowed("signup_closed")
        if token != self.invite:
            raise NotFound("invite_unknown")
        self.invite = ""
        return r.visitor(language=language)

    async def set_language(self, visitor: Visitor, language: str) -> Visitor:
        if language not in LANGUAGES:
            raise InputError("language_unknown", language=language)
        return replace(visitor, view=replace(visitor.view, language=language))

    async def set_zone(self, visitor: Visitor, zone: str) -> Visitor:
        if "/" not in zone:
            raise InputError("zone_unknown", zone=zone)
        return replace(visitor, view=replace(visitor.view, zone=zone))


@dataclass
class Homes:
    home: Home = field(default_factory=r.home)

    async def today(self, visitor: Visitor) -> Home:
        return self.home


@dataclass
class Orders:
    """Knows some cards, and answers every page with the same rows."""

    cards: dict[str, OrderCard] = field(default_factory=dict)
    pages: int = 1
    asked: list[tuple[OrderFilter, int, datetime | None]] = field(default_factory=list)

    async def page(
        self, visitor: Visitor, wanted: OrderFilter, page: int = 1, until: datetime | None = None
    ) -> OrderPage:
        self.asked.append((wanted, page, until))
        rows = tuple(
            r.order_row(card.order.snapshot.external_id, order_id=key) for key, card in self.cards.items()
        )
        return r.order_page(rows, filter=wanted, page=page, pages=self.pages, until=until or r.NOW)

    async def card(self, visitor: Visitor, order_id: str) -> OrderCard:
        return await self.card_for(visitor.seller_id, order_id)

    async def card_for(self, seller_id: str, order_id: str) -> OrderCard:
        if order_id not in self.cards or seller_id != r.SELLER:
            raise NotFound("order_unknown")
        return self.cards[order_id]


@dataclass
class Stocks:
    variants: dict[str, VariantCard] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def page(self, visitor: Visitor, words: str, page: int = 1) -> VariantPage:
        self.asked.append((words, page))
        return r.variant_page(tuple(self.rows()), words=words, page=page)

    async def card(self, visitor: Visitor, variant_id: str) -> VariantCard:
        if variant_id not in self.variants:
            raise NotFound("variant_unknown")
        return self.variants[variant_id]

    async def by_sku(self, visitor: Visitor, sku: str) -> list[VariantRow]:
        return [row for row in self.rows() if row.sku.lower() == sku.lower()]

    def rows(self) -> list[VariantRow]:
        return [r.variant_row(variant_id=key, sku=card.variant.sku) for key, card in self.variants.items()]


@dataclass
class Prices:
    """Keeps proposals; what is asked twice with one source key is made once."""

    stock: Stocks
    proposals: dict[str, Proposal] = field(default_factory=dict)
    by_source: dict[str, str] = field(default_factory=dict)
    looks: Onlooker = field(default_factory=lambda: Onlooker(Role.OWNER, "4711"))

    async def propose(
        self, visitor: Visitor, variant_id: str, amount: Decimal, source_key: str, note: str = ""
    ) -> Proposal:
        if source_key not in self.by_source:
            card = await self.stock.card(visitor, variant_id)
            after = Money(amount, "IDR")
            if card.variant.floor and after < card.variant.floor:
                raise InputError("price_below_floor", asked=after, floor=card.variant.floor)
            proposal_id = f"{len(self.proposals):016x}"
            one = r.proposed(after=after, proposal_id=proposal_id)
            far = abs(one.change.percent) > 30
            made = r.proposal(
                one,
                id=proposal_id,
                variant=card.variant,
                needs_typing=far,
                excess=r.beyond() if far else None,
            )
            self.proposals[proposal_id] = made
            self.by_source[source_key] = proposal_id
        return self.proposals[self.by_source[source_key]]

    async def set_floor(self, visitor: Visitor, variant_id: str, amount: Decimal | None) -> VariantCard:
        if not visitor.role.may(Role.MANAGER):
            raise NotAllowed("role", needed=Role.MANAGER)
        card = await self.stock.card(visitor, variant_id)
        floor = None if amount is None else Money(amount, "IDR")
        self.stock.variants[variant_id] = replace(card, variant=replace(card.variant, floor=floor))
        return self.stock.variants[variant_id]

    async def type_amount(self, visitor: Visitor, proposal_id: str, amount: Decimal) -> Proposal:
        proposal = await self.proposal(visitor, proposal_id)
        asked = proposal.prices[0].change.after
        if proposal.prices[0].change.state is not ChangeState.PENDING:
            raise Conflict("decided", who="Ann", state=proposal.prices[0].change.state)
        if amount != asked.amount:
            raise InputError("amount_differs", asked=asked, typed=Money(amount, asked.currency))
        return self.move(proposal_id, ChangeState.APPROVED)

    async def proposal(self, visitor: Visitor, proposal_id: str) -> Proposal:
        return await self.proposal_of(visitor.seller_id, proposal_id)

    async def proposal_of(self, seller_id: str, proposal_id: str) -> Proposal:
        if proposal_id not in self.proposals or seller_id != r.SELLER:
            raise NotFound("proposal_unknown")
        return self.proposals[proposal_id]

    async def onlooker(self, view: View, chat: Chat) -> Onlooker:
        return self.looks

    async def waiting(self, visitor: Visitor) -> list[Proposal]:
        states = {key: each.prices[0].change.state for key, each in self.proposals.items()}
        return [self.proposals[key] for key, state in states.items() if state is ChangeState.PENDING]

    def move(self, proposal_id: str, state: ChangeState) -> Proposal:
        """Let all changes of a proposal be in another state."""
        old = self.proposals[proposal_id]
        after = old.prices[0].change.after
        one = r.proposed(state, after=after, version=old.prices[0].change.version + 1)
        live = state is ChangeState.APPLIED
        moved = replace(
            old,
            prices=(one,),
            version=old.version + 1,
            needs_typing=False,
            excess=None,
            can_be_undone=live,
            decided_by_name="Ann",
        )
        self.proposals[proposal_id] = moved
        return moved


@dataclass
class Authorisations:
    shops: "Shops"
    is_renewed: bool = False

    async def still(self, seller_id: str, shop_id: str, at: datetime) -> Shop | None:
        """Say that the link ends as it was read, unless it was renewed meanwhile."""
        return None if self.is_renewed else self.shops.shops[0]


@dataclass
class Shops:
    shops: list[Shop] = field(default_factory=lambda: [r.shop()])
    percent: int = 0
    synced: list[str] = field(default_factory=list)
    health: ShopHealth | None = None
    holiday: ShopHoliday | None = None
    coming: list[ShopHoliday] = field(default_factory=list)
    """What the next readings find, one after the other."""

    async def list_shops(self, visitor: Visitor) -> list[Shop]:
        return self.shops

    async def list_all(self, visitor: Visitor) -> list[Shop]:
        return self.shops

    async def details(self, visitor: Visitor, shop_id: str) -> ShopDetails:
        shop = next((each for each in self.shops if each.id == shop_id), None)
        if shop is None:
            raise NotFound("shop_unknown")
        self.holiday = self.coming.pop(0) if self.coming else self.holiday
        return ShopDetails(
            shop,
            0,
            0,
            0,
            0,
            0,
            None,
            is_rated=self.health is not None,
            health=self.health,
            holiday=self.holiday,
        )

    async def sync_now(self, visitor: Visitor, shop_id: str) -> Shop:
        shop = (await self.details(visitor, shop_id)).shop
        self.synced.append(shop_id)
        return shop

    def press(self, action: Action, shop_id: str) -> PressResult:
        """Do what the button says of a shop."""
        if action in OF_HOLIDAYS and self.holiday:
            self.holiday = replace(self.holiday, wish=OF_HOLIDAYS[action], version=self.holiday.version + 1)
            return PressResult.HOLIDAY_ASKED
        result, state = {
            Action.PAUSE_SHOP: (PressResult.SHOP_PAUSED, ShopState.PAUSED),
            Action.RESUME_SHOP: (PressResult.SHOP_RESUMED, ShopState.LINKED),
            Action.UNLINK_SHOP: (PressResult.SHOP_UNLINKED, ShopState.UNLINKED),
        }[action]
        moved = [replace(each, state=state) if each.id == shop_id else each for each in self.shops]
        self.shops = [each for each in moved if each.state is not ShopState.UNLINKED]
        return result

    async def progress(self, shop_id: str) -> Progress:
        return r.progress(self.percent, next(each for each in self.shops if each.id == shop_id))


@dataclass
class Buttons:
    """Tickets by their data; each is spent by the first press."""

    prices: Prices
    pausing: Pausing
    shops: Shops
    limits: LimitsOfSeller
    edits: ListingEdits = field(default_factory=ListingEdits)
    order_actions: OrderActions = field(default_factory=OrderActions)
    return_actions: ReturnActions = field(default_factory=ReturnActions)
    returned_goods: ReturnedGoods = field(default_factory=ReturnedGoods)
    reviews: ReviewsOfSeller = field(default_factory=ReviewsOfSeller)
    bulks: Bulks = field(default_factory=Bulks)
    issued: dict[str, tuple[Action, str]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    async def token(
        self, view_id: str, action: Action, object_id: str, version: int, min_role: Role, ttl: object
    ) -> str:
        data = f"c1:{action}.{object_id}.{version}"[:25].ljust(25, "A")
        self.issued[data] = (action, object_id)
        return data

    async def press(self, visitor: Visitor, data: str, message_id: int) -> Pressed:
        if data not in self.issued:
            raise NotFound("button_unknown")
        action, object_id = self.issued[data]
        if data in self.spent:
            raise Conflict("button_used", who="Ann", action=action)
        if action is Action.APPROVE and self.prices.proposals[object_id].needs_typing:
            return Pressed(PressResult.NEEDS_TYPING, object_id)
        self.spent.add(data)
        if action in {Action.APPROVE, Action.CONFIRM_EDIT, Action.SEND_ANSWER}:
            return self._agreed(action, object_id)
        if action is Action.REJECT:
            self.prices.move(object_id, ChangeState.REJECTED)
            return Pressed(PressResult.REJECTED, object_id)
        if action is Action.UNDO:
            back = r.proposed(ChangeState.APPROVED, undo_of="c4a9", before=r.idr(26500), after=r.idr(29000))
            self.prices.proposals["back"] = r.proposal(back, id="back")
            return Pressed(PressResult.UNDONE, "back")
        if action in OF_OTHERS:
            return self._elsewhere(action, object_id)
        confirmed = action is Action.CONFIRM_LINK
        return Pressed(PressResult.LINK_CONFIRMED if confirmed else PressResult.LINK_REFUSED, object_id)

    def _elsewhere(self, action: Action, object_id: str) -> Pressed:
        if action in OF_GOODS:
            return Pressed(*self.returned_goods.press(action, object_id))
        if action in OF_RETURNS:
            return Pressed(*self.return_actions.press(action, object_id))
        if action in OF_LOCKS:
            return Pressed(self._called_off(action, object_id), object_id)
        return Pressed(self._result(action, object_id), object_id)

    def _result(self, action: Action, object_id: str) -> PressResult:
        if action in ACTS:
            return self.bulks.press(action)
        if action is Action.SET_LIMIT:
            return self.limits.press(object_id)
        if action in OF_ORDERS:
            return self.order_actions.press(action, object_id)
        return self.shops.press(action, object_id) if action in OF_SHOPS else self.pausing.switch(action)

    def _called_off(self, action: Action, object_id: str) -> PressResult:
        if action is Action.CALL_OFF_STOCK:
            return PressResult.STOCK_CALLED_OFF
        self.prices.move(object_id, ChangeState.REJECTED)
        return PressResult.PRICE_CALLED_OFF

    def _agreed(self, action: Action, object_id: str) -> Pressed:
        if action is Action.CONFIRM_EDIT:
            self.edits.confirm(object_id)
            return Pressed(PressResult.EDIT_CONFIRMED, object_id)
        if action is Action.SEND_ANSWER:
            return Pressed(*self.reviews.press(object_id))
        self.prices.move(object_id, ChangeState.APPROVED)
        return Pressed(PressResult.APPROVED, object_id)


@dataclass
class Dialogues:
    open_one: Dialogue | None = None

    async def ask(self, visitor: Visitor, flow: str, draft: dict[str, str], minutes: int = 15) -> None:
        self.open_one = Dialogue(visitor.view.id, visitor.member.user_id, flow, draft, r.at(minutes / 60))

    async def current(self, visitor: Visitor) -> Dialogue | None:
        return self.open_one

    async def end(self, visitor: Visitor) -> Dialogue | None:
        ended, self.open_one = self.open_one, None
        return ended


@dataclass
class Cards:
    kept: dict[tuple[str, int], Card] = field(default_factory=dict)

    async def remember(
        self, seller_id: str, view_id: str, message_id: int, *, subject: str, subject_id: str, version: int
    ) -> None:
        card = Card(f"card{message_id}", view_id, message_id, "text", subject, subject_id, version)
        self.kept[view_id, message_id] = card

    async def forget(self, seller_id: str, view_id: str, message_id: int) -> None:
        self.kept.pop((view_id, message_id), None)

    async def of(self, seller_id: str, subject: str, subject_id: str) -> list[Card]:
        return [
            card for card in self.kept.values() if (card.subject, card.subject_id) == (subject, subject_id)
        ]

    def show(self, view: View, message_id: int, subject: str, subject_id: str, version: int) -> None:
        """Let a message show a subject."""
        card = Card(f"card{message_id}", view.id, message_id, "text", subject, subject_id, version)
        self.kept[view.id, message_id] = card


@dataclass
class Searches:
    orders: Orders
    stock: Stocks

    async def find(self, visitor: Visitor, words: str) -> Hits:
        orders = [
            r.order_row(card.order.snapshot.external_id, order_id=key)
            for key, card in self.orders.cards.items()
            if card.order.snapshot.external_id.lower().endswith(words.lower())
        ]
        variants = [row for row in self.stock.rows() if words.lower() in (row.sku.lower(), row.title.lower())]
        return Hits(words, tuple(orders), tuple(variants))

    async def find_orders(self, visitor: Visitor, words: str) -> tuple[OrderRow, ...]:
        buyers = {key: card.order.snapshot for key, card in self.orders.cards.items()}
        named = [
            r.order_row(seen.external_id, order_id=key)
            for key, seen in buyers.items()
            if words.lower() in seen.buyer_name.lower()
        ]
        return (await self.find(visitor, words)).orders or tuple(named)


class FakeServices:
    """All of them, over one small world."""

    def __init__(self) -> None:
        self.people = People()
        self.order_actions = OrderActions()
        self.order_alerts = OrderAlerts()
        self.pausing = Pausing()
        self.low_stock = LowStock()
        self.locks = Locks()
        self.alerts = Alerts()
        self.schedules = Schedules()
        self.team = Teams()
        self.groups = Groups()
        self.home = Homes()
        self.orders = Orders()
        self.stock = Stocks()
        self.costs = Costs(self.stock.variants)
        self.counts = Counts()
        self.products = Products()
        self.photos = Photos()
        self.packing = Packings()
        self.labels = Labels()
        self.offers = Offers()
        self.prices = Prices(self.stock)
        self.linking = Linkings()
        self.shops = Shops()
        self.authorisations = Authorisations(self.shops)
        self.health = Healths()
        self.limits = LimitsOfSeller()
        self.audit = Audits()
        self.exports = Exports()
        self.imports = Imports()
        self.listing_edits = ListingEdits()
        self.returns = Returns()
        self.return_actions = ReturnActions()
        self.bulks = Bulks()
        self.buttons = Buttons(
            self.prices,
            self.pausing,
            self.shops,
            self.limits,
            self.listing_edits,
            self.order_actions,
            self.return_actions,
            bulks=self.bulks,
        )
        self.reviews = self.buttons.reviews
        self.returned_goods = self.buttons.returned_goods
        self.placing = Placing(self.counts)
        self.dialogues = Dialogues()
        self.cards = Cards()
        self.search = Searches(self.orders, self.stock)

    @property
    def as_services(self) -> Services:
        return cast("Services", self)
