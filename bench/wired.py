"""StoreSync's services over a benchmark's books, as the wiring builds them."""

from pydantic import SecretStr

from app.settings import Settings
from app.use_cases import Ground, build_services
from bench.books import MASTER_KEY, Books
from services import Services


def services_over(books: Books, ground: Ground) -> Services:
    """Build the services; whatever queue the ground has is not served."""
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr("7000000001:AA-bench-of-storesync"),
        secret_keys=SecretStr(MASTER_KEY),
        database_url=books.url,
    )
    return build_services(settings, ground)
