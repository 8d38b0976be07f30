"""The schema, one module per noun. Repositories use these tables; migrations create them."""

from storage.tables import (
    alerts,
    catalogue,
    changes,
    chats,
    earnings,
    health,
    host,
    low_stock,
    order_actions,
    order_alerts,
    orders,
    parcels,
    people,
    schedules,
    shops,
    stock,
    transit,
)
from storage.tables.metadata import metadata

__all__ = [
    "alerts",
    "catalogue",
    "changes",
    "chats",
    "earnings",
    "health",
    "host",
    "low_stock",
    "metadata",
    "order_actions",
    "order_alerts",
    "orders",
    "parcels",
    "people",
    "schedules",
    "shops",
    "stock",
    "transit",
]
