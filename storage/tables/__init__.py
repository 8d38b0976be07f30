"""The schema, one module per noun. Repositories use these tables; migrations create them."""

from storage.tables import catalogue, changes, chats, host, orders, people, shops, stock, transit
from storage.tables.metadata import metadata

__all__ = [
    "catalogue",
    "changes",
    "chats",
    "host",
    "metadata",
    "orders",
    "people",
    "shops",
    "stock",
    "transit",
]
