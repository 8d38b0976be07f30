"""How fast we call: a bucket for each shop and one for each app, filled at the rates the app's row names."""

from aiolimiter import AsyncLimiter

from domain.shops import PlatformApp


class Budgets:
    """Makes a call wait until its shop and its app have a request to spare."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str, float], AsyncLimiter] = {}

    async def take(self, app: PlatformApp, shop: str) -> None:
        """Wait for one request. The shop's bucket comes first, so that a busy shop holds up no other."""
        if shop:
            await self._bucket(app.id, shop, app.budget.per_shop).acquire()
        await self._bucket(app.id, "", app.budget.per_app).acquire()

    def _bucket(self, app: str, shop: str, per_second: float) -> AsyncLimiter:
        key = (app, shop, per_second)
        if key not in self._buckets:
            burst = max(1.0, per_second)
            self._buckets[key] = AsyncLimiter(burst, burst / per_second)
        return self._buckets[key]
