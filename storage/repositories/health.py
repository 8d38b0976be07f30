"""How one seller's shops stand with their platforms, as it was read last."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from domain.health import ShopHealth
from domain.platform import (
    Measure,
    Metric,
    PenaltyPoints,
    Punishment,
    PunishmentKind,
    Rating,
    StandingSnapshot,
    Unit,
)
from storage.repositories.words import storable
from storage.tables.health import shop_health
from storage.upsert import upsert


class Healths:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def of(self, shop_id: str) -> ShopHealth | None:
        """Return what was read last of a shop; None while it was never read."""
        query = select(shop_health).where(
            shop_health.c.seller_id == self._seller_id, shop_health.c.shop_id == shop_id
        )
        row = self._conn.execute(query).one_or_none()
        return ShopHealth(_standing_of(json.loads(row.told)), row.read_at) if row else None

    def keep(self, shop_id: str, standing: StandingSnapshot, now: datetime) -> None:
        row = {
            "shop_id": shop_id,
            "seller_id": self._seller_id,
            "read_at": now,
            "told": json.dumps(_written(standing), ensure_ascii=False),
        }
        upsert(self._conn, shop_health, [row], keys=["shop_id"], update=["read_at", "told"])


def _written(standing: StandingSnapshot) -> dict[str, Any]:
    return {
        "rating": standing.rating,
        "points": standing.points,
        "metrics": [
            {
                "measure": each.measure,
                "name": storable(each.raw_name),
                "value": _number(each.value),
                "before": _number(each.before),
                "unit": each.unit,
                "target": _number(each.target),
                "comparator": storable(each.comparator),
                "is_met": each.is_met,
            }
            for each in standing.metrics
        ],
        "penalties": [
            {"points": each.points, "given": each.given, "at": each.at.isoformat(), "kind": each.raw_kind}
            for each in standing.penalties
        ],
        "punishments": [
            {
                "kind": each.kind,
                "raw_kind": each.raw_kind,
                "starts_at": each.starts_at.isoformat(),
                "ends_at": each.ends_at.isoformat() if each.ends_at else None,
            }
            for each in standing.punishments
        ],
    }


def _standing_of(told: Mapping[str, Any]) -> StandingSnapshot:
    return StandingSnapshot(
        Rating(told["rating"]),
        tuple(_metric_of(each) for each in told["metrics"]),
        told["points"],
        tuple(
            PenaltyPoints(each["points"], each["given"], datetime.fromisoformat(each["at"]), each["kind"])
            for each in told["penalties"]
        ),
        tuple(
            Punishment(
                each["raw_kind"],
                datetime.fromisoformat(each["starts_at"]),
                datetime.fromisoformat(each["ends_at"]) if each["ends_at"] else None,
                PunishmentKind(each["kind"]),
            )
            for each in told["punishments"]
        ),
    )


def _metric_of(each: Mapping[str, Any]) -> Metric:
    return Metric(
        Measure(each["measure"]),
        each["name"],
        _decimal(each["value"]),
        _decimal(each["before"]),
        Unit(each["unit"]),
        _decimal(each["target"]),
        each["comparator"],
        each["is_met"],
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
