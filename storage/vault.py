"""Secrets at rest: each owner has a data key of its own, wrapped by the host's master key (R14).

An owner is one of our records (`shop:<id>`, `linking:<id>`, `app:<id>`). Every ciphertext is bound to
owner, field and version: moved to another row it does not open. Destroying an owner's data key
makes all its secrets unreadable at once.
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from domain.errors import ConfigurationError, NotFound
from storage.insertion import insert_new
from storage.keys import MasterKeys, SealBroken, new_key, seal, unseal
from storage.tables.shops import data_key, key_canary, secret
from storage.upsert import upsert

CANARY = b"storesync"

# Asked twice for every call of a platform, so built once.
_SEALED = (
    select(data_key.c.key_id, data_key.c.wrapped, data_key.c.version.label("key_version"), secret)
    .join_from(secret, data_key)
    .where(secret.c.owner == bindparam("of"), secret.c.field == bindparam("named"))
)


class Vault:
    """Put, get, move and destroy secrets, inside the caller's transaction."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    def put(self, conn: Connection, owner: str, field: str, value: str) -> None:
        """Keep `value`, in place of what the field held before."""
        key = self._data_key(conn, owner)
        at = (secret.c.owner == owner) & (secret.c.field == field)
        version = (conn.scalar(select(secret.c.version).where(at)) or 0) + 1
        sealed = seal(key, value.encode(), _context(owner, field, version))
        row = {"owner": owner, "field": field, "version": version, "ciphertext": sealed}
        upsert(conn, secret, [row], keys=["owner", "field"], update=["version", "ciphertext"])

    def get(self, conn: Connection, owner: str, field: str) -> str:
        """Return the value, or raise NotFound."""
        found = conn.execute(_SEALED, {"of": owner, "named": field}).one_or_none()
        if found is None:
            raise NotFound("secret_unknown", field=field)
        key = self._keys.unwrap(found.key_id, found.wrapped, _key_context(owner, found.key_version))
        return unseal(key, found.ciphertext, _context(owner, field, found.version)).decode()

    def move(self, conn: Connection, owner: str, new_owner: str) -> None:
        """Encrypt everything of `owner` anew for `new_owner` (its other fields stay), and destroy `owner`."""
        fields = conn.scalars(select(secret.c.field).where(secret.c.owner == owner)).all()
        if not fields:
            raise NotFound("secret_unknown", field="")
        for field in fields:
            self.put(conn, new_owner, field, self.get(conn, owner, field))
        self.destroy(conn, owner)

    def destroy(self, conn: Connection, owner: str) -> None:
        """Forget the owner's data key and with it every secret, also in copies of the secret rows."""
        conn.execute(delete(secret).where(secret.c.owner == owner))
        conn.execute(delete(data_key).where(data_key.c.owner == owner))

    def rotate(self, conn: Connection, limit: int) -> int:
        """Give up to `limit` owners a new data key under the first master key; return how many got one.

        Their secrets are encrypted anew with it, in the same transaction: what an old copy and an old key
        open together are old secrets only.
        """
        query = select(data_key).where(data_key.c.key_id != self._keys.first).order_by(data_key.c.owner)
        found = conn.execute(query.limit(limit).with_for_update()).all()
        for row in found:
            self._renew(conn, row)
        return len(found)

    def under(self, conn: Connection) -> dict[str, int]:
        """Count the secrets under each master key that is given or still in use."""
        query = (
            select(data_key.c.key_id, func.count().label("secrets"))
            .join_from(secret, data_key)
            .group_by(data_key.c.key_id)
        )
        return dict.fromkeys(self._keys.ids, 0) | {row.key_id: row.secrets for row in conn.execute(query)}

    def unreadable(self, conn: Connection) -> int:
        """Open every secret and count those that do not open."""
        wrong = 0
        for owner, field in conn.execute(select(secret.c.owner, secret.c.field)).all():
            try:
                self.get(conn, owner, field)
            except (SealBroken, ConfigurationError):
                wrong += 1
        return wrong

    def retire(self, conn: Connection, key_id: str) -> None:
        """Forget a master key; refused for the one that seals, and while anything is under it."""
        if key_id == self._keys.first:
            raise ConfigurationError(f"{key_id} seals what is new: put another key in front of it first")
        query = select(func.count()).select_from(data_key).where(data_key.c.key_id == key_id)
        if owners := conn.scalar(query):
            raise ConfigurationError(
                f"the secrets of {owners} owners are under {key_id}: run `storesync rotate-keys` first"
            )
        conn.execute(delete(key_canary).where(key_canary.c.key_id == key_id))

    def check_canary(self, conn: Connection) -> None:
        """Refuse to start when a key is wrong or lost; on the first start, and for a new key, write its canary."""
        known = {row.key_id: row.ciphertext for row in conn.execute(select(key_canary))}
        for key_id in self._keys.ids:
            if key_id in known and not self._opens(key_id, known[key_id]):
                raise ConfigurationError(
                    f"SECRET_KEYS: {key_id!r} is not the key of that name which this database was used with"
                )
        needed = set(conn.scalars(select(data_key.c.key_id).distinct()))
        if known and not known.keys() & set(self._keys.ids):
            needed |= known.keys()
        if lost := sorted(needed - set(self._keys.ids)):
            raise ConfigurationError(
                f"SECRET_KEYS lacks {', '.join(lost)}: put it back, and add a new key in front of it, not in its place"
            )
        for key_id in self._keys.ids:
            if key_id not in known:
                sealed = self._keys.wrap(key_id, CANARY, _canary_context(key_id))
                insert_new(conn, key_canary, {"key_id": key_id, "ciphertext": sealed})

    def _renew(self, conn: Connection, row: Row[Any]) -> None:
        old = self._keys.unwrap(row.key_id, row.wrapped, _key_context(row.owner, row.version))
        fresh, version = new_key(), row.version + 1
        wrapped = self._keys.wrap(self._keys.first, fresh, _key_context(row.owner, version))
        ours = (data_key.c.owner == row.owner) & (data_key.c.version == row.version)
        renewed = (
            update(data_key).where(ours).values(key_id=self._keys.first, wrapped=wrapped, version=version)
        )
        if conn.execute(renewed).rowcount != 1:
            return  # somebody renewed it meanwhile
        for each in conn.execute(select(secret).where(secret.c.owner == row.owner)).all():
            value = unseal(old, each.ciphertext, _context(row.owner, each.field, each.version))
            sealed = seal(fresh, value, _context(row.owner, each.field, each.version + 1))
            at = (secret.c.owner == row.owner) & (secret.c.field == each.field)
            conn.execute(update(secret).where(at).values(ciphertext=sealed, version=each.version + 1))

    def _opens(self, key_id: str, sealed: bytes) -> bool:
        try:
            return self._keys.unwrap(key_id, sealed, _canary_context(key_id)) == CANARY
        except SealBroken:
            return False

    def _data_key(self, conn: Connection, owner: str) -> bytes:
        """Return the owner's data key, made on first use; the row stays locked, so that versions do not collide."""
        query = select(data_key).where(data_key.c.owner == owner).with_for_update()
        found = conn.execute(query).one_or_none()
        if found is None:
            wrapped = self._keys.wrap(self._keys.first, new_key(), _key_context(owner, 1))
            values = {"owner": owner, "key_id": self._keys.first, "wrapped": wrapped, "version": 1}
            insert_new(conn, data_key, values)
            found = conn.execute(query).one()
        return self._keys.unwrap(found.key_id, found.wrapped, _key_context(owner, found.version))


def _context(owner: str, field: str, version: int) -> str:
    if "|" in owner or "|" in field:
        raise ValueError("| stands between owner, field and version")
    return f"{owner}|{field}|{version}"


def _key_context(owner: str, version: int) -> str:
    return f"{owner}|data key|{version}"


def _canary_context(key_id: str) -> str:
    return f"{key_id}|canary|1"
