"""Platform apps: the keys through which shops are linked. They belong to the host or to a seller."""

import json
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.shops import Budget, Environment, PlatformApp
from storage.repositories.rows import AnyRow
from storage.tables.shops import platform_app
from storage.vault import Vault


class Apps:
    def __init__(self, conn: Connection, vault: Vault) -> None:
        self._conn = conn
        self._vault = vault

    def all(self) -> list[PlatformApp]:
        query = select(platform_app).order_by(platform_app.c.platform, platform_app.c.created_at)
        return [self._app_of(row) for row in self._conn.execute(query)]

    def get(self, app_id: str) -> PlatformApp | None:
        row = self._conn.execute(select(platform_app).where(platform_app.c.id == app_id)).one_or_none()
        return self._app_of(row) if row else None

    def save(self, saved: PlatformApp, now: datetime) -> PlatformApp:
        """Insert an app, or bring the one with the same platform, environment and key up to date."""
        values = {
            "region": saved.region,
            "api_url": saved.api_url,
            "auth_url": saved.auth_url,
            "hook_url": saved.hook_url,
            "per_shop": saved.budget.per_shop,
            "per_app": saved.budget.per_app,
            "is_simulated": saved.is_simulated,
            "options": json.dumps(dict(saved.options), sort_keys=True),
        }
        known = self._conn.execute(
            select(platform_app.c.id).where(
                platform_app.c.platform == saved.platform,
                platform_app.c.environment == saved.environment,
                platform_app.c.key == saved.key,
            )
        ).scalar_one_or_none()
        app_id = known or saved.id
        if known:
            self._conn.execute(update(platform_app).where(platform_app.c.id == known).values(values))
        else:
            self._conn.execute(
                platform_app.insert().values(
                    id=app_id,
                    seller_id=saved.seller_id,
                    platform=saved.platform,
                    environment=saved.environment,
                    key=saved.key,
                    created_at=now,
                    **values,
                )
            )
        self._vault.put(self._conn, f"app:{app_id}", "secret", saved.secret)
        self._vault.put(self._conn, f"app:{app_id}", "push_keys", "\n".join(saved.push_keys))
        found = self.get(app_id)
        assert found is not None  # noqa: S101 - written above, in the same transaction
        return found

    def _app_of(self, row: AnyRow) -> PlatformApp:
        push_keys = self._vault.get(self._conn, f"app:{row.id}", "push_keys")
        return PlatformApp(
            id=row.id,
            platform=row.platform,
            environment=Environment(row.environment),
            region=row.region,
            key=row.key,
            secret=self._vault.get(self._conn, f"app:{row.id}", "secret"),
            push_keys=tuple(push_keys.split("\n")) if push_keys else (),
            api_url=row.api_url,
            auth_url=row.auth_url,
            hook_url=row.hook_url,
            budget=Budget(row.per_shop, row.per_app),
            seller_id=row.seller_id,
            is_simulated=row.is_simulated,
            options=json.loads(row.options),
        )
