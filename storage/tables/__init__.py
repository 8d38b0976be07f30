"""The schema, one module per noun. Repositories use these tables; migrations create them."""

from storage.tables import catalogue, changes, chats, orders, people, shops, transit
from storage.tables.metadata import metadata

__all__ = ["catalogue", "changes", "chats", "metadata", "orders", "people", "shops", "transit"]
