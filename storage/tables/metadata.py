"""One MetaData for all tables, with names for constraints so that migrations can speak of them."""

from sqlalchemy import Column, ForeignKey, MetaData, String
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID: TypeEngine[str] = String(32)


def id_column() -> Column[str]:
    """Return a primary key holding one of our ids."""
    return Column("id", ID, primary_key=True)


def seller_column() -> Column[str]:
    """Return the column that every row of business data carries."""
    return Column("seller_id", ID, ForeignKey("seller.id"), nullable=False)
