"""TikTok Shop: what it is and can do, and how its roles are built."""

from datetime import timedelta

import httpx

from adapters.kit.absent import AbsentReviews, AbsentStanding
from adapters.kit.client import PlatformClient
from adapters.kit.watch import AnswerWatch
from adapters.tiktok_shop import hosts, wire
from adapters.tiktok_shop.catalogue import TiktokShopCatalogue
from adapters.tiktok_shop.client import SLUG, TiktokShopClient
from adapters.tiktok_shop.fulfilment import TiktokShopFulfilment
from adapters.tiktok_shop.linking import TiktokShopLinking
from adapters.tiktok_shop.money import TiktokShopSettlements
from adapters.tiktok_shop.order_actions import TiktokShopOrderActions
from adapters.tiktok_shop.orders import TiktokShopOrders
from adapters.tiktok_shop.probe import TiktokShopProbe
from adapters.tiktok_shop.returns import TiktokShopReturns
from adapters.tiktok_shop.shapes import by_operation
from adapters.tiktok_shop.webhooks import TiktokShopHooks
from domain.clock import Clock
from domain.meters import Meters
from domain.platform import Can, Platform, PlatformInfo

INFO = PlatformInfo(
    slug=SLUG,
    name="TikTok Shop",
    short="TT",
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
            Can.PUSH_STOCK,
            Can.PLACE_STOCK,
            Can.RECEIVE_PUSHES,
            Can.SHIP,
            Can.CHOOSE_HANDOVER,
            Can.PRINT_LABELS,
            Can.READ_SETTLEMENTS,
            Can.CANCEL_ORDERS,
            Can.ANSWER_CANCELLATIONS,
            Can.ANSWER_RETURNS,
            Can.OFFER_PARTS,
            Can.DISPUTE_RETURNS,
            Can.WORD_DISPUTES,
        }
    ),
    poll_every=timedelta(minutes=5),
    window=timedelta(days=15),  # no limit is published; so much of a busy shop is enough at a time
    overlap=timedelta(minutes=10),
    visibility_lag=timedelta(seconds=60),
    listings_per_fetch=20,
    orders_per_fetch=50,
    returns_per_fetch=50,
    pictures_per_proof=0,
    price_rules=hosts.PRICE_RULES,
)

defaults = hosts.defaults


def build(transport: httpx.AsyncBaseTransport, clock: Clock, meters: Meters) -> Platform:
    watch = AnswerWatch(SLUG, by_operation(), meters)
    http = PlatformClient(SLUG, transport, clock, envelope=wire.Answer, meters=meters, watch=watch)
    client = TiktokShopClient(http)
    return Platform(
        info=INFO,
        linking=TiktokShopLinking(client, clock),
        catalogue=TiktokShopCatalogue(client),
        orders=TiktokShopOrders(client),
        hooks=TiktokShopHooks(),
        fulfilment=TiktokShopFulfilment(client),
        settlements=TiktokShopSettlements(client),
        order_actions=TiktokShopOrderActions(client),
        returns=TiktokShopReturns(client),
        standing=AbsentStanding(),
        reviews=AbsentReviews(),
        probing=TiktokShopProbe(client),
    )
