"""Every screen there is, by name, drawn from sample records: what the template tests go through."""

from collections.abc import Callable
from dataclasses import replace

from adapters.kit.refusals import Family
from bot.render import Renderer
from bot.screen import Screen
from bot.views import alerts, home, link, orders, price_card, prices, search, settings, shops, stock
from bot.views import help as help_views
from bot.views.errors import broke_screen, error_screen
from bot.views.strangers import strangers_screen
from domain import errors
from domain.catalogue import ListingState
from domain.changes import ChangeState
from domain.low_stock import Scarcity
from domain.orders import OrderStatus
from domain.people import Role
from domain.shops import ShopState
from services.views import Hits, LinkChoice, OrderFilter, ShownVariant
from tests.unit.bot import records as r
from tests.unit.bot.host_screens import HOST
from tests.unit.bot.screens_alerts import ALERTS
from tests.unit.bot.screens_approvals import APPROVALS
from tests.unit.bot.screens_audit import AUDIT
from tests.unit.bot.screens_bulk import BULKS
from tests.unit.bot.screens_earnings import EARNINGS
from tests.unit.bot.screens_health import HEALTH
from tests.unit.bot.screens_imports import IMPORTS
from tests.unit.bot.screens_limits import LIMITS
from tests.unit.bot.screens_locks import LOCKS
from tests.unit.bot.screens_low_stock import LOW_STOCK
from tests.unit.bot.screens_order_actions import ORDER_ACTIONS
from tests.unit.bot.screens_order_alerts import ORDER_ALERTS
from tests.unit.bot.screens_pack import PACK
from tests.unit.bot.screens_pause import PAUSE
from tests.unit.bot.screens_products import PRODUCTS
from tests.unit.bot.screens_returns import RETURNS
from tests.unit.bot.screens_reviews import REVIEWS
from tests.unit.bot.screens_shops import SHOPS
from tests.unit.bot.screens_stock import COUNTS
from tests.unit.bot.screens_team import TEAM

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
TICKETS = price_card.Tickets(TICKET, TICKET)

_TROUBLED = r.shop(trouble="platform_unavailable", trouble_since=r.at(-0.1))
_CUT_OFF = r.shop(state=ShopState.NEEDS_RELINK, trouble="token_revoked", trouble_since=r.at(-5))
_BLOCKED = r.shop(state=ShopState.BLOCKED)
_PAUSED = r.shop(state=ShopState.PAUSED)
_SILENT = r.shop(trouble="platform_unavailable")
_ALL_SHOPS = [r.shop(), _TROUBLED, _CUT_OFF, _BLOCKED, _PAUSED, _SILENT, r.shop(synced_at=None)]
_DEMO = r.shop(is_simulated=True)


def _price(*prices: object, **changes: object) -> Draw:
    proposal = r.proposal(*prices, **changes)  # type: ignore[arg-type]
    return lambda text: price_card.price_screen(proposal, TICKETS, text)


def _order(**changes: object) -> Draw:
    return lambda text: orders.order_screen(r.order_card(**changes), text)  # type: ignore[arg-type]


def _listed(state: ListingState) -> Draw:
    card = r.variant_card(ShownVariant(r.shop(), r.listed(state=state)))
    return lambda text: stock.variant_screen(card, text, may_price=True)


def _filtered(kind: OrderFilter, status: OrderStatus, count: int = 2) -> Draw:
    rows = tuple(r.order_row(f"26111{at}00AB{at}", status=status) for at in range(min(count, 8)))
    page = r.order_page(rows, filter=kind, counts={kind: count}, page=1, pages=1 + count // 9)
    return lambda text: orders.orders_screen(page, text)


def _error(kind: type[errors.StoreSyncError], code: str, **params: object) -> tuple[str, Draw]:
    return f"error {code} {params.get('who', '')}{params.get('state', '')}{params.get('action', '')}", (
        lambda text: error_screen(kind(code, **params), text, ("AB-12x",))
    )


def _platform_error(kind: type[errors.PlatformError], **params: object) -> tuple[str, Draw]:
    made = kind(platform="shopee", operation="push_prices", **params)  # type: ignore[arg-type]
    return f"error {made.code}", lambda text: error_screen(made, text)


HOME: dict[str, Draw] = {
    "home": lambda text: home.home_screen(r.home(), text, Role.OWNER),
    "home quiet": lambda text: home.home_screen(
        r.home(sold=(), orders_today=0, to_pack=0, pack_next=None, approvals=0, sold_out=0), text, Role.OWNER
    ),
    "home late": lambda text: home.home_screen(
        r.home(orders_today=1, low=1, to_pack=1, pack_next=r.at(-20), approvals=1, sold_out=1, as_of=None),
        text,
        Role.OWNER,
    ),
    "home troubled": lambda text: home.home_screen(
        r.home(shops=tuple(_ALL_SHOPS), is_demo=True, resting=("Rumah Kita",)), text, Role.OWNER
    ),
    "first run": lambda text: home.home_screen(r.home(shops=()), text, Role.OWNER),
    "first run of a packer": lambda text: home.home_screen(r.home(shops=()), text, Role.PACKER),
    "strangers": strangers_screen,
    "help": lambda text: help_views.help_screen([("orders", "Link a shop")], text, is_member=True),
    "help for strangers": lambda text: help_views.help_screen([("help", "Help")], text, is_member=False),
    **{
        f"cancelled {what}": lambda text, what=what: help_views.cancelled_screen(what, text)  # type: ignore[misc]
        for what in ("", "price", "typing", "zone", "link", "stock")
    },
    "settings": lambda text: settings.settings_screen(
        text, is_owner=True, may_set_group=True, may_audit=True
    ),
    "zones": settings.zones_screen,
    "zone to type": settings.ask_zone_screen,
    "shops": lambda text: shops.shops_screen(_ALL_SHOPS, text, Role.OWNER),
    "many shops": lambda text: shops.shops_screen([_DEMO] * 12, text, Role.OWNER),
    "no shops": lambda text: shops.shops_screen([], text, Role.OWNER),
    "shops of a viewer": lambda text: shops.shops_screen(_ALL_SHOPS, text, Role.VIEWER),
}

ORDERS: dict[str, Draw] = {
    "orders to pack": _filtered(OrderFilter.TO_PACK, OrderStatus.TO_SHIP),
    "orders unpaid": _filtered(OrderFilter.UNPAID, OrderStatus.UNPAID),
    "orders on the way": _filtered(OrderFilter.ON_THE_WAY, OrderStatus.SHIPPED),
    "orders done": _filtered(OrderFilter.DONE, OrderStatus.COMPLETED),
    "orders cancelled": _filtered(OrderFilter.CANCELLED, OrderStatus.CANCELLED),
    "all orders": _filtered(OrderFilter.ALL, OrderStatus.TO_SHIP, 1920),
    "no such orders": lambda text: orders.orders_screen(
        r.order_page((), filter=OrderFilter.UNPAID, counts={OrderFilter.ALL: 9}, is_demo=True), text
    ),
    "no orders": lambda text: orders.orders_screen(r.order_page(()), text),
    "orders of two shops": lambda text: orders.orders_screen(
        r.order_page(
            (
                r.order_row("26AAAAA", more_lines=2, ship_by=r.at(-3)),
                r.order_row("26BBBBB", shop_name="RK Official", total=None, ship_by=None),
            )
        ),
        text,
    ),
    "order": _order(),
    "order without payment": _order(status=OrderStatus.UNPAID, paid_at=None, ship_by=None),
    "order late": _order(ship_by=r.at(-2), status=OrderStatus.ARRANGED, parcels=(r.parcel(),)),
    "order cash": _order(
        is_cod=True, total=r.idr(101000), seller_note="kirim besok", status=OrderStatus.PENDING
    ),
    "order called off": _order(
        status=OrderStatus.CANCELLED, cancelled_by="buyer", cancel_reason="Need to change address"
    ),
    "order of a new state": _order(status=OrderStatus.UNKNOWN, raw_status="NEW_WORD", total=None, courier=""),
    "order not known": _order(status=OrderStatus.UNKNOWN, raw_status="", buyer_name="", buyer_city=""),
    "order long": _order(lines=(r.line(),) * 40, total=None, buyer_note=""),
    "order of eleven lines": _order(lines=(r.line(),) * 11),
    "order of a demo shop": lambda text: orders.order_screen(r.order_card(_DEMO), text, ("all", "3")),
    "order of a silent shop": lambda text: orders.order_screen(r.order_card(_TROUBLED), text),
    **{f"order {status}": _order(status=status) for status in OrderStatus},
    "orders alike": lambda text: orders.order_hits_screen(
        "AB12X", [r.order_row(), r.order_row("2511110GAB12X", shop_name="RK Official")], text
    ),
    "found": lambda text: search.hits_screen(
        Hits(
            "lampu", (r.order_row(),), (r.variant_row(), r.variant_row(2, available=0, sku="", listed=None))
        ),
        text,
    ),
    "one found": lambda text: search.hits_screen(Hits("lampu", (), (r.variant_row(),)), text),
    "nothing found": lambda text: search.hits_screen(Hits("lampu", (), ()), text),
    "new order": lambda text: alerts.new_order_screen(r.order_card(), text),
    "new order of a demo shop": lambda text: alerts.new_order_screen(
        r.order_card(_DEMO, is_cod=True, ship_by=None, courier=""), text
    ),
    "test alert": lambda text: alerts.new_order_screen(r.order_card(), text, is_test=True),
    "new long order": lambda text: alerts.new_order_screen(r.order_card(lines=(r.line(),) * 9), text),
    "new order of five lines": lambda text: alerts.new_order_screen(
        r.order_card(lines=(r.line(),) * 5), text
    ),
    "cancelled alert": lambda text: alerts.cancelled_order_screen(
        r.order_card(status=OrderStatus.CANCELLED, cancelled_by="seller", cancel_reason="out_of_stock"), text
    ),
    "cancel asked": lambda text: alerts.cancelled_order_screen(
        r.order_card(_DEMO, status=OrderStatus.CANCEL_ASKED, lines=(r.line(),) * 9), text
    ),
    "cancelled with five lines": lambda text: alerts.cancelled_order_screen(
        r.order_card(status=OrderStatus.CANCELLED, lines=(r.line(),) * 5), text
    ),
    "cut off": lambda text: alerts.cut_off_screen(_CUT_OFF, text),
    "restored": lambda text: alerts.restored_screen(r.at(-9), text),
    "blocked": lambda text: alerts.cut_off_screen(replace(_BLOCKED, synced_at=None), text),
}

STOCK: dict[str, Draw] = {
    "stock": lambda text: stock.stock_screen(
        r.variant_page(
            (
                r.variant_row(1, available=0, scarcity=Scarcity.OUT),
                r.variant_row(2, sku="", listed=None, scarcity=Scarcity.LOW),
                r.variant_row(3),
            ),
            total=484,
            sold_out=12,
            low=3,
            pages=61,
            page=2,
            is_demo=True,
        ),
        text,
    ),
    "stock of one": lambda text: stock.stock_screen(r.variant_page((r.variant_row(),), words="lampu"), text),
    "stock of some": lambda text: stock.stock_screen(
        r.variant_page((r.variant_row(1), r.variant_row(2)), words="lampu"), text
    ),
    "stock none": lambda text: stock.stock_screen(r.variant_page((), words="lampu"), text),
    "stock empty": lambda text: stock.stock_screen(r.variant_page(()), text),
    "variant": lambda text: stock.variant_screen(r.variant_card(), text, may_price=True),
    "variant with a floor": lambda text: stock.variant_screen(
        r.variant_card(variant=r.variant(floor=r.idr(24000)), is_demo=True), text, may_price=False
    ),
    "variant on sale": lambda text: stock.variant_screen(
        r.variant_card(
            ShownVariant(r.shop(), r.listed(price=r.on_sale(), available=0, reserved=2)),
            ShownVariant(_TROUBLED, r.listed(price=r.on_sale(29000, 29000))),
            ShownVariant(_CUT_OFF, r.listed(price=r.on_sale(hours=-1))),
        ),
        text,
        may_price=True,
    ),
    "variant without a SKU": lambda text: stock.variant_screen(
        r.variant_card(variant=r.variant(sku="", name="")), text, may_price=True
    ),
    "variant of no shop": lambda text: stock.variant_screen(
        replace(r.variant_card(), shown=()), text, may_price=True
    ),
    "variant in many places": lambda text: stock.variant_screen(
        r.variant_card(*[ShownVariant(r.shop(), r.listed())] * 12), text, may_price=True
    ),
    "variant in nine places": lambda text: stock.variant_screen(
        r.variant_card(*[ShownVariant(r.shop(), r.listed())] * 9), text, may_price=True
    ),
    **{f"variant {state}": _listed(state) for state in ListingState},
    "shared SKU": lambda text: stock.shared_sku_screen(
        "KBL-2M", [r.variant_row(1), r.variant_row(2, shop_name="Rumah Kita TT")], text
    ),
    "own SKU": lambda text: stock.shared_sku_screen("KBL-2M", [r.variant_row(1, listed=None)], text),
}

_REASONS = [
    "price_locked",
    "price_decimals",
    "price_range",
    "has_variants",
    "not_found",
    "below_wholesale",
    "same_price_needed",
    "ratio_cap",
    "not_editable",
    "shop_restricted",
    "not_sent",
    "price_below_floor",
    "price_floor_currency",
    "price_ratio_cap",
    "price_below_wholesale",
    "no_effect",
    "token_revoked",
    "shop_unlinked",
    "host_misconfigured",
    "platform_unavailable",
    "unsupported",
    "other",
]

PRICES: dict[str, Draw] = {
    "price asked": _price(),
    "price asked on sale": _price(r.proposed(price=r.on_sale(), note="match the market"), is_demo=True),
    "price asked without tax": _price(r.proposed(price=replace(r.on_sale(), is_taxed=False))),
    "price asked, locked": _price(r.proposed(price=r.on_sale(29000, 29000))),
    "price asked with a floor": _price(variant=r.variant(floor=r.idr(24000))),
    "price asked in many places": _price(*[r.proposed()] * 9),
    "price asked in seven places": _price(*[r.proposed()] * 7),
    "price to type": _price(r.proposed(after=r.idr(18850)), needs_typing=True, excess=r.beyond()),
    "price for others to decide": lambda text: price_card.price_screen(
        r.proposal(), price_card.Tickets(), text
    ),
    "price sending": _price(r.proposed(ChangeState.APPROVED)),
    "price sent": _price(r.proposed(ChangeState.APPLYING)),
    "price waiting for the platform": _price(
        r.proposed(ChangeState.APPROVED, not_before=r.at(0.02), reason="platform_unavailable")
    ),
    "price unknown": _price(r.proposed(ChangeState.UNKNOWN)),
    "price live": _price(r.proposed(ChangeState.APPLIED), can_be_undone=True),
    "price live for good": _price(r.proposed(ChangeState.APPLIED)),
    "price live in part": _price(
        r.proposed(ChangeState.APPLIED), r.proposed(ChangeState.FAILED, reason="price_range")
    ),
    "price conflict": _price(r.proposed(ChangeState.CONFLICT, seen_value=r.idr(27900))),
    "price conflict unseen": _price(r.proposed(ChangeState.CONFLICT)),
    "price rejected": _price(r.proposed(ChangeState.REJECTED)),
    "price ended": _price(r.proposed(ChangeState.EXPIRED)),
    "price replaced": _price(r.proposed(ChangeState.SUPERSEDED)),
    "undo sending": _price(r.proposed(ChangeState.APPLYING, undo_of="c4a9")),
    "undo unknown": _price(r.proposed(ChangeState.UNKNOWN, undo_of="c4a9")),
    "undo live": _price(
        r.proposed(ChangeState.APPLIED, undo_of="c4a9", before=r.idr(26500), after=r.idr(29000))
    ),
    **{
        f"price refused {reason}": _price(r.proposed(ChangeState.FAILED, reason=reason))
        for reason in _REASONS
    },
    "price question": lambda text: prices.ask_price_screen(
        r.variant_card(variant=r.variant(floor=r.idr(24000))), text
    ),
    "amount question": lambda text: prices.ask_typing_screen(
        r.proposal(r.proposed(after=r.idr(18850)), needs_typing=True, excess=r.beyond()), text
    ),
    "undo question": lambda text: prices.ask_undo_screen(
        r.proposal(r.proposed(ChangeState.APPLIED), can_be_undone=True), TICKET, text
    ),
    "undo question for many": lambda text: prices.ask_undo_screen(
        r.proposal(*[r.proposed(ChangeState.APPLIED)] * 9, r.proposed(before=r.idr(1)), can_be_undone=True),
        TICKET,
        text,
    ),
    "undo question for seven": lambda text: prices.ask_undo_screen(
        r.proposal(*[r.proposed(ChangeState.APPLIED)] * 7, can_be_undone=True), TICKET, text
    ),
    "approvals": lambda text: prices.approvals_screen([r.proposal(is_demo=True)] * 9, text),
    "one approval": lambda text: prices.approvals_screen([r.proposal()], text),
    "no approvals": lambda text: prices.approvals_screen([], text),
}

_CHOICES = [
    LinkChoice("ab00ab00ab00ab00", "shopee", "Shopee", "ID", is_simulated=False),
    LinkChoice("ab11ab11ab11ab11", "shopee", "Shopee", "SG", is_simulated=True),
]

LINKING: dict[str, Draw] = {
    "link impossible": link.no_choice_screen,
    "link choice": lambda text: link.choices_screen(_CHOICES, text),
    "link choice of one platform": lambda text: link.choices_screen(_CHOICES, text, is_alone=False),
    "link choice of platforms": lambda text: link.platforms_screen(_CHOICES, text),
    "link choice without a demo": lambda text: link.choices_screen(_CHOICES[:1] * 2, text),
    "link offer": lambda text: link.offer_screen(r.offer(), text, is_demo=True),
    "link address": link.paste_screen,
    "link question": lambda text: link.confirm_screen(r.linking(), TICKET, TICKET, text, is_demo=False),
    "link question of many": lambda text: link.confirm_many_screen(
        [r.linking()] * 8
        + [r.linking(refusal="link_foreign"), r.linking(refusal="shops_full", shop_name="")],
        TICKET,
        TICKET,
        text,
        is_demo=True,
    ),
    "link question of one of two": lambda text: link.confirm_many_screen(
        [r.linking(), r.linking(refusal="link_shop_unusable", shop_name="")],
        TICKET,
        TICKET,
        text,
        is_demo=False,
    ),
    "linked many": lambda text: link.linked_many_screen([_DEMO] * 8, [r.linking(refusal="shops_full")], text),
    "linked one of two": lambda text: link.linked_many_screen(
        [r.shop()], [r.linking(refusal="link_foreign")], text
    ),
    "linked": lambda text: link.linked_screen(r.progress(), text),
    "linked, all in": lambda text: link.linked_screen(r.progress(100, _DEMO), text),
    **{
        f"link failed {code}": lambda text, code=code: link.failed_screen("shopee", code, text)  # type: ignore[misc]
        for code in [
            "link_unknown",
            "link_foreign",
            "shops_full",
            "link_shop_unusable",
            "platform_unavailable",
            "host_misconfigured",
            "platform_refused",
        ]
    },
    "link refused": lambda text: link.ended_screen("Rumah Kita", text),
    "link cancelled": lambda text: link.ended_screen("", text),
}

_MONEY = {"asked": r.idr(20000), "floor": r.idr(24000), "typed": r.idr(18850)}

ERRORS: dict[str, Draw] = dict(
    [
        _error(errors.InputError, "command_unknown", command="ordrs", nearest="orders"),
        ("error no command near", lambda text: error_screen(
            errors.InputError("command_unknown", command="zzz", nearest=""), text
        )),
        _error(errors.InputError, "usage_order"),
        _error(errors.InputError, "usage_price", read="LED floor"),
        ("error no price", lambda text: error_screen(errors.InputError("usage_price", read=""), text)),
        _error(errors.NotFound, "order_unknown", words="AB-12x"),
        ("error order gone", lambda text: error_screen(errors.NotFound("order_unknown"), text)),
        _error(errors.NotFound, "sku_unknown", sku="LED-12"),
        *[_error(errors.NotFound, code) for code in ["variant_unknown", "product_unknown", "proposal_unknown", "shop_unknown", "app_unknown", "link_unknown", "button_unknown", "invite_unknown"]],
        *[_error(errors.Conflict, code) for code in ("link_foreign", "moved_on", "undo_too_late", "invite_used")],
        *[_error(errors.NotAllowed, code) for code in (
            "button_expired", "signup_closed", "invite_expired", "group_stranger", "private_only", "group_only", "alert_needed",
        )],
        *[_error(errors.Conflict, code) for code in ("last_owner", "group_taken")],
        *[_error(errors.NotFound, code) for code in ("member_unknown", "seller_unknown")],
        *[_error(errors.InputError, code) for code in (
            "address_unreadable", "address_foreign", "not_text", "language_unknown", "too_fast"
        )],
        *[_error(errors.InputError, f"price_{guard}", **_MONEY) for guard in (
            "below_floor", "floor_currency", "not_positive", "wrong_decimals", "no_change", "too_large"
        )],
        _error(errors.InputError, "amount_differs", **_MONEY),
        _error(errors.InputError, "amount_unreadable", text="dua puluh"),
        _error(errors.InputError, "zone_unknown", zone="Mars"),
        *[(f"error role {role}", lambda text, role=role: error_screen(
            errors.NotAllowed("role", needed=role), text
        )) for role in Role],
        *[_error(errors.Conflict, "decided", who=who, state=state) for who, state in (
            ("Ann", "rejected"), ("", "rejected"), ("", "expired"), ("", "superseded"),
            ("Ann", "approved"), ("", "approved"),
        )],
        *[_error(errors.Conflict, "button_used", who=who, action=action) for who, action in (
            ("", "approve"), ("Ann", "approve"), ("Ann", "reject"), ("Ann", "undo"), ("Ann", "confirm_link"),
        )],
        _platform_error(errors.PlatformUnavailable),
        _platform_error(errors.FateUnknown),
        _platform_error(errors.RateLimited, retry_after_s=3.0),
        _platform_error(errors.TokenExpired),
        _platform_error(errors.TokenRevoked),
        _platform_error(errors.RequestRejected),
        _platform_error(errors.RequestRejected, code="shop_restricted"),
        *(_platform_error(errors.RequestRejected, code=family) for family in Family),
        _platform_error(errors.HostMisconfigured),
        _platform_error(errors.UnsupportedByPlatform),
        _platform_error(errors.UnexpectedResponse),
        ("error of a new kind", lambda text: error_screen(errors.StoreSyncError("never_heard_of"), text)),
        ("broke", lambda text: broke_screen("K7Q2", text)),
    ]
)  # fmt: skip

SCREENS: dict[str, Draw] = (
    HOME
    | ORDERS
    | STOCK
    | PACK
    | PRICES
    | LINKING
    | ERRORS
    | HOST
    | TEAM
    | LOW_STOCK
    | ORDER_ALERTS
    | APPROVALS
    | COUNTS
    | LOCKS
    | PRODUCTS
    | EARNINGS
    | ALERTS
    | ORDER_ACTIONS
    | RETURNS
    | REVIEWS
    | PAUSE
    | SHOPS
    | HEALTH
    | LIMITS
    | AUDIT
    | BULKS
    | IMPORTS
)
