"""Where navigation buttons lead: the handler of each place and the role it needs."""

from dataclasses import dataclass

from bot.callbacks import Place
from bot.commands import Handler, show_help
from bot.handlers import (
    alerts,
    audit,
    groups,
    home,
    limits,
    link,
    low_stock,
    orders,
    pack,
    pages,
    pause,
    prices,
    products,
    search,
    settings,
    shops,
    status,
    stock,
    team,
)
from domain.people import Role


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the least role that may reach it (None: strangers too)."""

    handler: Handler
    role: Role | None


ROUTES: dict[str, Route] = {
    Place.HOME: Route(home.show_home, Role.VIEWER),
    Place.HELP: Route(show_help, Role.VIEWER),
    Place.CANCEL: Route(home.cancel, Role.VIEWER),
    Place.ORDERS: Route(orders.turn_orders, Role.VIEWER),
    Place.ORDER: Route(orders.open_order, Role.VIEWER),
    Place.STOCK: Route(stock.turn_stock, Role.VIEWER),
    Place.VARIANT: Route(stock.open_variant, Role.VIEWER),
    Place.STOCK_TO: Route(stock.draw_up, Role.PACKER),
    Place.STOCK_SET: Route(stock.ask_count, Role.PACKER),
    Place.STOCK_DROP: Route(stock.discard, Role.PACKER),
    Place.STOCK_ALERT: Route(stock.ask_alert, Role.PACKER),
    Place.STOCK_PAST: Route(stock.show_history, Role.VIEWER),
    Place.PRODUCTS: Route(products.turn_products, Role.VIEWER),
    Place.PRODUCT: Route(products.open_product, Role.VIEWER),
    Place.PRODUCT_VARIANT: Route(products.open_variant, Role.VIEWER),
    Place.LOW_STOCK: Route(low_stock.turn_low_stock, Role.VIEWER),
    Place.SEARCH: Route(search.search_words, Role.VIEWER),
    Place.NEW_PRICE: Route(prices.ask_price, Role.PACKER),
    Place.ASK_AGAIN: Route(prices.ask_again, Role.PACKER),
    Place.PROPOSAL: Route(prices.open_proposal, Role.VIEWER),
    Place.TYPE_AMOUNT: Route(prices.ask_amount, Role.MANAGER),
    Place.UNDO: Route(prices.ask_undo, Role.MANAGER),
    Place.APPROVALS: Route(prices.show_approvals, Role.VIEWER),
    Place.SHOPS: Route(shops.show_shops, Role.VIEWER),
    Place.SHOP: Route(shops.show_shop, Role.VIEWER),
    Place.REST: Route(shops.ask_rest, Role.MANAGER),
    Place.UNLINK: Route(shops.ask_unlink, Role.OWNER),
    Place.SYNC: Route(shops.sync_shop, Role.PACKER),
    Place.LINK: Route(link.link, Role.MANAGER),
    Place.LINK_START: Route(link.start_link, Role.MANAGER),
    Place.LINK_PASTE: Route(link.ask_address, Role.MANAGER),
    Place.SETTINGS: Route(settings.show_settings, Role.VIEWER),
    Place.LANGUAGE: Route(settings.choose_language, Role.VIEWER),
    Place.ZONES: Route(settings.show_zones, Role.VIEWER),
    Place.ZONE: Route(settings.choose_zone, Role.VIEWER),
    Place.TYPE_ZONE: Route(settings.ask_zone, Role.VIEWER),
    Place.LIMITS: Route(limits.show_limits, Role.OWNER),
    Place.LIMIT: Route(limits.choose_limit, Role.OWNER),
    Place.LIMIT_TO: Route(limits.ask_limit, Role.OWNER),
    Place.AUDIT: Route(audit.show_audit, Role.MANAGER),
    Place.STATUS: Route(status.show_status, Role.VIEWER),
    Place.PAUSE: Route(pause.show_pause, Role.VIEWER),
    Place.ORDER_ALERT: Route(orders.turn_alert, Role.VIEWER),
    Place.TEAM: Route(team.show_team, Role.VIEWER),
    Place.MEMBER: Route(team.show_member, Role.VIEWER),
    Place.TAKE_OUT: Route(team.ask_take_out, Role.VIEWER),
    Place.INVITE: Route(team.choose_role, Role.MANAGER),
    Place.INVITE_AS: Route(team.invite, Role.MANAGER),
    Place.SELLER: Route(team.switch, Role.VIEWER),
    Place.GROUP: Route(groups.show_group, Role.MANAGER),
    Place.CAP: Route(groups.choose_cap, Role.MANAGER),
    Place.SHOW_SHOP: Route(groups.toggle_shop, Role.MANAGER),
    Place.ALERTS: Route(alerts.show_alerts, Role.VIEWER),
    Place.ALERT: Route(alerts.choose_loudness, Role.VIEWER),
    Place.QUIET: Route(alerts.show_quiet, Role.VIEWER),
    Place.QUIET_FROM: Route(alerts.choose_quiet, Role.VIEWER),
    Place.DAILY: Route(alerts.show_daily, Role.VIEWER),
    Place.DAILY_AT: Route(alerts.choose_daily, Role.VIEWER),
    Place.SNOOZE: Route(alerts.snooze, Role.VIEWER),
    Place.WAKE: Route(alerts.wake, Role.VIEWER),
    Place.PACK: Route(pack.show_pack, Role.VIEWER),
    Place.BATCH: Route(pack.open_batch, Role.VIEWER),
    Place.PICK_LIST: Route(pack.send_pick_list, Role.PACKER),
    Place.PROBLEMS: Route(pack.show_problems, Role.VIEWER),
    Place.HAND_OVER: Route(pack.ask_hand_over, Role.PACKER),
    Place.PULL_OUT: Route(pack.show_pull_outs, Role.VIEWER),
    Place.REFUSED: Route(pack.show_refused, Role.VIEWER),
    Place.NOTHING: Route(pages.tell_page, Role.VIEWER),
}
