"""Lazada: what it is and can do, and how its roles are built."""

from datetime import timedelta

import httpx

from adapters.kit.absent import AbsentReviews, AbsentStanding
from adapters.kit.client import PlatformClient
from adapters.kit.watch import AnswerWatch
from adapters.lazada import hosts, wire
from adapters.lazada.catalogue import LazadaCatalogue
from adapters.lazada.client import SLUG, LazadaClient
from adapters.lazada.fulfilment import LazadaFulfilment
from adapters.lazada.hooks import LazadaHooks
from adapters.lazada.linking import LazadaLinking
from adapters.lazada.money import LazadaSettlements
from adapters.lazada.order_actions import LazadaOrderActions
from adapters.lazada.orders import LazadaOrders
from adapters.lazada.probe import LazadaProbe
from adapters.lazada.returns import LazadaReturns
from adapters.lazada.shapes import by_operation
from domain.clock import Clock
from domain.meters import Meters
from domain.platform import Can, Platform, PlatformInfo

INFO = PlatformInfo(
    slug=SLUG,
    name="Lazada",
    short="LZ",
    regions=hosts.CURRENCIES,
    can=frozenset(
        {
            Can.LINK,
            Can.READ_LISTINGS,
            Can.READ_ORDERS,
            Can.PUSH_PRICES,
            Can.PUSH_STOCK,
            Can.PLACE_STOCK,
            Can.RECEIVE_PUSHES,
            Can.SHIP,
            Can.PRINT_LABELS,
            Can.READ_SETTLEMENTS,
            Can.CANCEL_ORDERS,
            Can.CANCEL_UNITS,
            Can.ANSWER_CANCELLATIONS,
            Can.ANSWER_RETURNS,
            Can.CHECK_GOODS,
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
    returns_per_fetch=20,
    pictures_per_proof=0,
    price_rules=hosts.PRICE_RULES,
)

defaults = hosts.defaults


def build(transport: httpx.AsyncBaseTransport, clock: Clock, meters: Meters) -> Platform:
    watch = AnswerWatch(SLUG, by_operation(), meters)
    http = PlatformClient(SLUG, transport, clock, envelope=wire.Answer, meters=meters, watch=watch)
    client = LazadaClient(http)
    return Platform(
        info=INFO,
        linking=LazadaLinking(client, clock),
        catalogue=LazadaCatalogue(client),
        orders=LazadaOrders(client),
        hooks=LazadaHooks(),
        fulfilment=LazadaFulfilment(client),
        settlements=LazadaSettlements(client),
        order_actions=LazadaOrderActions(client),
        returns=LazadaReturns(client),
        standing=AbsentStanding(),
        reviews=AbsentReviews(),
        probing=LazadaProbe(client),
    )
