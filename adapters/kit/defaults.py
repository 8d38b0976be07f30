"""What a new app of a platform starts with, when its row or the settings say nothing else."""

from dataclasses import dataclass

from domain.shops import Budget


@dataclass(frozen=True, slots=True)
class AppDefaults:
    """Official addresses of an environment and region, and a careful budget."""

    api_url: str
    auth_url: str
    budget: Budget
