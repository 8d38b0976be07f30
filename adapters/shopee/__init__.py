"""Shopee: what it is and can do, and how its roles are built."""

from datetime import timedelta

import httpx

from adapters.kit.client import PlatformClient
from adapters.kit.watch import AnswerWatch
from adapters.shopee import hosts, wire
from adapters.shopee.adapter import ShopeeCatalogue, ShopeeLinking, ShopeeOrders
from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.fulfilment import ShopeeFulfilment
from adapters.shopee.holiday import ShopeeHolidays
from adapters.shopee.listings import ShopeeListings
from adapters.shopee.logistics import ShopeeLogistics
from adapters.shopee.money import ShopeeSettlements
from adapters.shopee.order_actions import ShopeeOrderActions
from adapters.shopee.probe import ShopeeProbe
from adapters.shopee.returns import ShopeeReturns
from adapters.shopee.reviews import ShopeeReviews
from adapters.shopee.shapes import by_operation
from adapters.shopee.standing import ShopeeStanding
from adapters.shopee.webhooks import ShopeeHooks
from domain.clock import Clock
from domain.meters import Meters
from domain.platform import Can, Platform, PlatformInfo

INFO = PlatformInfo(
    slug=SLUG,
    name="Shopee",
    short="SP",
    regions=hosts.CURRENCIES,
    can=frozenset(
        {
            Can.LINK,
            Can.OPEN_MANY_SHOPS,
            Can.SPEND_REFRESH,
            Can.TELL_LOST_CONSENT,
            Can.READ_LISTINGS,
            Can.READ_ORDERS,
            Can.PUSH_PRICES,
            Can.TELL_LOCKS,
            Can.PUSH_STOCK,
            Can.PLACE_STOCK,
            Can.RECEIVE_PUSHES,
            Can.RECALL_PUSHES,
            Can.EDIT_LISTINGS,
            Can.SHIP,
            Can.CHOOSE_HANDOVER,
            Can.PRINT_LABELS,
            Can.TELL_FAILED_LABELS,
            Can.READ_SETTLEMENTS,
            Can.CANCEL_ORDERS,
            Can.CANCEL_UNITS,
            Can.ANSWER_CANCELLATIONS,
            Can.NOTE_ORDERS,
            Can.ANSWER_RETURNS,
            Can.CHECK_GOODS,
            Can.OFFER_PARTS,
            Can.HEAR_OFFERS,
            Can.DISPUTE_RETURNS,
            Can.PROVE_DISPUTES,
            Can.WORD_DISPUTES,
            Can.ASK_FOR_ADDRESS,
            Can.READ_STANDING,
            Can.READ_REVIEWS,
            Can.ANSWER_REVIEWS,
            Can.BOOST_LISTINGS,
            Can.LIST_AUTHORISATIONS,
            Can.SWITCH_HOLIDAY,
        }
    ),
    poll_every=timedelta(minutes=5),
    window=timedelta(days=15) - timedelta(minutes=1),  # 15 days are the limit, and edges are rounded outwards
    overlap=timedelta(minutes=10),
    visibility_lag=timedelta(seconds=90),
    listings_per_fetch=50,
    orders_per_fetch=50,
    boosts_at_once=5,
    price_rules=hosts.PRICE_RULES,
    numbers_told_within=timedelta(seconds=2),
)

defaults = hosts.defaults


def build(transport: httpx.AsyncBaseTransport, clock: Clock, meters: Meters) -> Platform:
    watch = AnswerWatch(SLUG, by_operation(), meters)
    http = PlatformClient(SLUG, transport, clock, envelope=wire.Answer, meters=meters, watch=watch)
    client = ShopeeClient(http)
    return Platform(
        info=INFO,
        linking=ShopeeLinking(client, clock),
        catalogue=ShopeeCatalogue(client),
        orders=ShopeeOrders(client),
        hooks=ShopeeHooks(client),
        fulfilment=ShopeeFulfilment(ShopeeLogistics(client)),
        settlements=ShopeeSettlements(client),
        order_actions=ShopeeOrderActions(client),
        returns=ShopeeReturns(client),
        standing=ShopeeStanding(client),
        reviews=ShopeeReviews(client),
        listing_writes=ShopeeListings(client),
        holidays=ShopeeHolidays(client),
        probing=ShopeeProbe(http),
    )
