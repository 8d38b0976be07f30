"""Builds every use case from what all of them stand on."""

from dataclasses import dataclass, field

from app.logs import redacted
from app.settings import Settings
from app.version import VERSION
from domain.clock import Clock
from domain.meters import Meters
from domain.platform import Platform
from domain.queue import Queue
from services import Services
from services.activity import ActivityService
from services.alerts import AlertService
from services.applying import ApplyService
from services.apps import AppService
from services.audit import AuditService
from services.authorisations import AuthorisationService
from services.bulk_applying import BulkApplyService
from services.bulks import BulkService
from services.buttons import ButtonService
from services.cards import CardService
from services.costs import CostService
from services.counts import CountService
from services.dialogues import DialogueService
from services.exports import ExportService
from services.feedback import FeedbackService
from services.groups import GroupService
from services.health import HealthService
from services.hints import HintService
from services.holidays import HolidayService
from services.home import HomeService
from services.host import HostService
from services.imports import ImportService
from services.inbound import InboundService
from services.labels import LabelService
from services.limits import LimitService
from services.linking import Addresses, LinkingService
from services.listing_applying import ListingApplyService
from services.listing_edits import ListingEditService
from services.locks import LockService
from services.lost_pushes import LostPushService
from services.low_stock import LowStockService
from services.metrics import MetricsService
from services.offers import OfferService
from services.order_actions import OrderActionService
from services.order_alerts import OrderAlertService
from services.order_sending import OrderSendService
from services.orders import OrderService
from services.outbox import OutboxService
from services.packing import PackingService
from services.pausing import PauseService
from services.people import PeopleService
from services.photos import FetchPhoto, PhotoService, no_photo
from services.placing import PlacingService
from services.prices import PriceService
from services.products import ProductService
from services.retention import RetentionService
from services.return_actions import ReturnActionService
from services.return_reading import ReturnReadService
from services.return_sending import ReturnSendService
from services.returned_goods import ReturnedGoodsService
from services.returns import ReturnService
from services.review_sending import ReviewSendService
from services.reviews import ReviewService
from services.schedules import ScheduleService
from services.search import SearchService
from services.sellers import SellerService
from services.settlements import SettlementService
from services.shipping import ShippingService
from services.shops import ShopService
from services.showcase import ShowcaseService
from services.status import StatusService
from services.stock import StockService
from services.stock_pushes import StockPushService
from services.sync import SyncService
from services.team import TeamService
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Database
from storage.keys import MasterKeys
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Ground:
    """What every use case stands on."""

    database: Database
    vault: Vault
    keys: MasterKeys
    platforms: dict[str, Platform]
    clock: Clock
    queue: Queue
    meters: Meters = field(default_factory=Meters)
    fetch_photo: FetchPhoto = no_photo


@dataclass(frozen=True, slots=True)
class _Core:
    """What others are built with."""

    wakeups: Wakeups
    apps: AppService
    bulks: BulkService
    counts: CountService
    edits: ListingEditService
    health: HealthService
    holidays: HolidayService
    order_actions: OrderActionService
    host: HostService
    linking: LinkingService
    offers: OfferService
    orders: OrderService
    pausing: PauseService
    prices: PriceService
    return_actions: ReturnActionService
    return_reading: ReturnReadService
    returned_goods: ReturnedGoodsService
    returns: ReturnService
    reviews: ReviewService
    sync: SyncService
    tokens: TokenService


def build_services(settings: Settings, ground: Ground) -> Services:
    core, db, clock, platforms = _core(settings, ground), ground.database, ground.clock, ground.platforms
    apps, wakeups, tokens, inbound = core.apps, core.wakeups, core.tokens, _inbound(ground, core)
    meters = ground.meters
    return Services(
        activity=ActivityService(db, clock, meters), alerts=AlertService(db, clock),
        applying=ApplyService(db, clock, tokens=tokens, platforms=platforms, wakeups=wakeups),
        apps=apps, audit=AuditService(db), authorisations=_authorisations(ground, core),
        bulk_applying=BulkApplyService(db, clock, tokens=tokens, platforms=platforms, wakeups=wakeups), bulks=core.bulks,
        buttons=_buttons(ground, core),
        cards=CardService(db, clock), costs=CostService(db, clock),
        counts=core.counts, dialogues=DialogueService(db, clock),
        exports=ExportService(db, clock), imports=ImportService(db, clock, platforms),
        feedback=FeedbackService(db, clock, core.host, redacted),
        groups=GroupService(db, clock), health=core.health, holidays=core.holidays,
        hints=_hints(ground, core), home=HomeService(db, clock), host=core.host,
        inbound=inbound, limits=LimitService(db),
        labels=LabelService(db, clock, tokens=tokens, platforms=platforms, wakeups=wakeups),
        linking=core.linking,
        lost_pushes=LostPushService(clock, apps, platforms, inbound, meters),
        listing_applying=ListingApplyService(db, clock, tokens=tokens, wakeups=wakeups),
        listing_edits=core.edits,
        locks=LockService(db),
        low_stock=LowStockService(db, clock, wakeups),
        metrics=MetricsService(db, clock, meters),
        order_actions=core.order_actions, order_sending=_order_sending(ground, core),
        offers=core.offers, order_alerts=OrderAlertService(db, clock), orders=core.orders,
        outbox=OutboxService(db, clock, wakeups, meters), packing=PackingService(db, clock),
        pausing=core.pausing,
        people=PeopleService(db, clock, signup=settings.signup),
        photos=PhotoService(db, clock, apps, ground.fetch_photo),
        prices=core.prices,
        return_actions=core.return_actions, return_reading=core.return_reading, return_sending=_return_sending(ground, core), returned_goods=core.returned_goods, returns=core.returns, placing=PlacingService(db, clock, tokens=tokens, platforms=platforms),
        products=ProductService(db, clock, platforms),
        retention=RetentionService(db, clock),
        review_sending=ReviewSendService(db, clock, tokens=tokens, wakeups=wakeups),
        reviews=core.reviews, schedules=ScheduleService(db, clock),
        search=SearchService(db, clock), sellers=SellerService(db, clock),
        settlements=SettlementService(db, clock, tokens=tokens, platforms=platforms),
        shipping=_shipping(ground, core),
        shops=ShopService(db, clock, ground.queue, platforms),
        showcase=ShowcaseService(db, clock, tokens=tokens, platforms=platforms, wakeups=wakeups),
        status=StatusService(db, clock, VERSION), stock=StockService(db),
        stock_pushes=_stock_pushes(ground, core),
        sync=core.sync,
        team=TeamService(db, clock, signup=settings.signup),
        tokens=tokens, wakeups=wakeups,
    )  # fmt: skip


def _buttons(ground: Ground, core: _Core) -> ButtonService:
    return ButtonService(
        ground.database,
        ground.clock,
        key=ground.keys.derive("button tickets"),
        prices=core.prices,
        bulks=core.bulks,
        linking=core.linking,
        counts=core.counts,
        pausing=core.pausing,
        edits=core.edits,
        order_actions=core.order_actions,
        return_actions=core.return_actions,
        returned_goods=core.returned_goods,
        reviews=core.reviews,
        holidays=core.holidays,
        wakeups=core.wakeups,
    )


def _authorisations(ground: Ground, core: _Core) -> AuthorisationService:
    return AuthorisationService(
        ground.database,
        ground.clock,
        apps=core.apps,
        sync=core.sync,
        platforms=ground.platforms,
        wakeups=core.wakeups,
    )


def _hints(ground: Ground, core: _Core) -> HintService:
    return HintService(
        ground.database,
        ground.clock,
        apps=core.apps,
        sync=core.sync,
        health=core.health,
        returns=core.return_reading,
        platforms=ground.platforms,
        meters=ground.meters,
    )


def _inbound(ground: Ground, core: _Core) -> InboundService:
    return InboundService(
        ground.database,
        ground.clock,
        apps=core.apps,
        platforms=ground.platforms,
        queue=ground.queue,
        wakeups=core.wakeups,
        meters=ground.meters,
    )


def _stock_pushes(ground: Ground, core: _Core) -> StockPushService:
    return StockPushService(
        ground.database,
        ground.clock,
        tokens=core.tokens,
        sync=core.sync,
        platforms=ground.platforms,
        wakeups=core.wakeups,
    )


def _order_sending(ground: Ground, core: _Core) -> OrderSendService:
    return OrderSendService(
        ground.database,
        ground.clock,
        tokens=core.tokens,
        sync=core.sync,
        platforms=ground.platforms,
        wakeups=core.wakeups,
    )


def _return_sending(ground: Ground, core: _Core) -> ReturnSendService:
    return ReturnSendService(
        ground.database,
        ground.clock,
        tokens=core.tokens,
        reading=core.return_reading,
        platforms=ground.platforms,
        wakeups=core.wakeups,
    )


def _shipping(ground: Ground, core: _Core) -> ShippingService:
    return ShippingService(
        ground.database,
        ground.clock,
        tokens=core.tokens,
        offers=core.offers,
        sync=core.sync,
        platforms=ground.platforms,
        queue=ground.queue,
        wakeups=core.wakeups,
    )


def _linking(settings: Settings, ground: Ground, apps: AppService, wakeups: Wakeups) -> LinkingService:
    return LinkingService(
        ground.database,
        ground.clock,
        vault=ground.vault,
        apps=apps,
        platforms=ground.platforms,
        addresses=Addresses(settings.public_url, settings.oauth_redirect_url),
        queue=ground.queue,
        wakeups=wakeups,
    )


def _core(settings: Settings, ground: Ground) -> _Core:
    db, clock, queue, platforms = ground.database, ground.clock, ground.queue, ground.platforms
    wakeups, meters = Wakeups(), ground.meters
    apps = AppService(db, clock, ground.vault)
    orders = OrderService(db, clock, wakeups, meters)
    tokens = TokenService(
        db, clock, vault=ground.vault, apps=apps, platforms=platforms, wakeups=wakeups, meters=meters
    )
    returns = ReturnService(db, clock, wakeups, meters)
    counts = CountService(db, clock, queue=queue, platforms=platforms, wakeups=wakeups)
    return _Core(
        wakeups=wakeups,
        apps=apps,
        bulks=BulkService(db, clock, queue=queue, platforms=platforms, wakeups=wakeups),
        counts=counts,
        holidays=HolidayService(db, clock, tokens=tokens, platforms=platforms, queue=queue, wakeups=wakeups),
        health=HealthService(db, clock, tokens=tokens, platforms=platforms, wakeups=wakeups),
        host=HostService(db, clock, meters, VERSION),
        linking=_linking(settings, ground, apps, wakeups),
        offers=OfferService(db, clock, tokens=tokens, platforms=platforms),
        orders=orders,
        order_actions=OrderActionService(
            db, clock, tokens=tokens, platforms=platforms, queue=queue, wakeups=wakeups
        ),
        edits=ListingEditService(db, clock, queue=queue, platforms=platforms, wakeups=wakeups),
        pausing=PauseService(db, clock, queue=queue, wakeups=wakeups),
        prices=PriceService(db, clock, queue=queue, platforms=platforms, wakeups=wakeups),
        return_actions=ReturnActionService(
            db, clock, tokens=tokens, platforms=platforms, queue=queue, wakeups=wakeups
        ),
        return_reading=ReturnReadService(db, clock, tokens=tokens, returns=returns, platforms=platforms),
        returned_goods=ReturnedGoodsService(db, clock, counts),
        returns=returns,
        reviews=ReviewService(db, clock, queue=queue, platforms=platforms, wakeups=wakeups),
        sync=SyncService(
            db, clock, tokens=tokens, orders=orders, platforms=platforms, wakeups=wakeups, meters=meters
        ),
        tokens=tokens,
    )
