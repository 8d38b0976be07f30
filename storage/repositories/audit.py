"""The audit of one seller: a chain of hashes, so that a missing or altered row is noticed."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables.people import audit, seller

GENESIS = "0" * 64


class Audit:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def add(self, *, actor: str, action: str, subject: str, facts: dict[str, str], now: datetime) -> None:
        """Append one row. `facts` hold ids and values, never a secret or a buyer's data."""
        # Rows of one seller are added in turn: two that hang on the same one would break the chain.
        mine = select(seller.c.id).where(seller.c.id == self._seller_id)
        self._conn.execute(mine.with_for_update(key_share=True))
        last = (
            select(audit.c.hash)
            .where(audit.c.seller_id == self._seller_id)
            .order_by(audit.c.seq.desc())
            .limit(1)
        )
        previous = self._conn.execute(last).scalar_one_or_none() or GENESIS
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        chained = f"{previous}\n{self._seller_id}\n{now.isoformat()}\n{actor}\n{action}\n{subject}\n{text}"
        self._conn.execute(
            audit.insert().values(
                seller_id=self._seller_id,
                at=now,
                actor=actor,
                action=action,
                subject=subject,
                facts=text,
                previous_hash=previous,
                hash=hashlib.sha256(chained.encode()).hexdigest(),
            )
        )
