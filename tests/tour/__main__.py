"""Walk the tour: `python -m tests.tour`. Exits non-zero when a step fails or a Bot API call was wrong."""

import asyncio
import sys

from tests.stage import Lazada, Stage, TiktokShop, open_lazada, open_stage, open_tiktok_shop
from tests.tour.alert_steps import ALERT_STEPS
from tests.tour.bulk_steps import BULK_STEPS
from tests.tour.file_steps import FILE_STEPS
from tests.tour.lock_steps import LOCK_STEPS
from tests.tour.pack_steps import PACK_STEPS
from tests.tour.pause_steps import PAUSE_STEPS
from tests.tour.platform_steps import PLATFORM_STEPS
from tests.tour.report import Report, say, say_why
from tests.tour.restore_steps import RESTORE_STEPS
from tests.tour.return_steps import RETURN_STEPS
from tests.tour.steps import ENDING, STEPS
from tests.tour.team_steps import TEAM_STEPS
from tests.tour.walk import Walk

NO_LIMITS = {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "200"}
"""As in the demo: the simulator sets no limit here, so the times are StoreSync's own."""


async def main() -> int:
    report = Report()
    violations = 0
    async with (
        open_stage() as stage,
        open_tiktok_shop(stage) as tiktok_shop,
        open_lazada(stage) as lazada,
    ):
        stage.environment |= NO_LIMITS
        try:
            walk = await begin(stage, tiktok_shop, lazada, report)
            for name, step in (
                *STEPS,
                *BULK_STEPS,
                *FILE_STEPS,
                *PAUSE_STEPS,
                *LOCK_STEPS,
                *ALERT_STEPS,
                *TEAM_STEPS,
                *PACK_STEPS,
                *RETURN_STEPS,
                *RESTORE_STEPS,
                *PLATFORM_STEPS,
                *ENDING,
            ):
                with report.step(name):
                    await step(walk)
        except Exception as error:  # noqa: BLE001 - whatever it is, the tour says so and fails
            say_why(error)
            say(stage.log_tail())
        for wrong in stage.telegram.violations:
            say(f"VIOLATION  {wrong}")
            violations += 1
    return report.end(violations)


async def begin(stage: Stage, tiktok_shop: TiktokShop, lazada: Lazada, report: Report) -> Walk:
    with report.step("StoreSync starts and answers"):
        await stage.start_bot()
        return await Walk.begin(stage, tiktok_shop, lazada, report)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
