"""Use cases, one file per noun. `Services` is what the faces are given."""

from dataclasses import dataclass

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
from services.linking import LinkingService
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
from services.photos import PhotoService
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


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case, ready to be called."""

    activity: ActivityService
    alerts: AlertService
    applying: ApplyService
    apps: AppService
    audit: AuditService
    authorisations: AuthorisationService
    bulk_applying: BulkApplyService
    bulks: BulkService
    buttons: ButtonService
    cards: CardService
    costs: CostService
    counts: CountService
    dialogues: DialogueService
    exports: ExportService
    feedback: FeedbackService
    groups: GroupService
    health: HealthService
    hints: HintService
    holidays: HolidayService
    home: HomeService
    host: HostService
    imports: ImportService
    inbound: InboundService
    limits: LimitService
    labels: LabelService
    linking: LinkingService
    lost_pushes: LostPushService
    listing_applying: ListingApplyService
    listing_edits: ListingEditService
    locks: LockService
    low_stock: LowStockService
    metrics: MetricsService
    order_actions: OrderActionService
    offers: OfferService
    order_alerts: OrderAlertService
    order_sending: OrderSendService
    orders: OrderService
    outbox: OutboxService
    pausing: PauseService
    packing: PackingService
    people: PeopleService
    photos: PhotoService
    placing: PlacingService
    prices: PriceService
    products: ProductService
    retention: RetentionService
    return_actions: ReturnActionService
    return_reading: ReturnReadService
    return_sending: ReturnSendService
    returned_goods: ReturnedGoodsService
    returns: ReturnService
    review_sending: ReviewSendService
    reviews: ReviewService
    schedules: ScheduleService
    search: SearchService
    sellers: SellerService
    settlements: SettlementService
    shipping: ShippingService
    shops: ShopService
    showcase: ShowcaseService
    status: StatusService
    stock: StockService
    stock_pushes: StockPushService
    sync: SyncService
    team: TeamService
    tokens: TokenService
    wakeups: Wakeups
