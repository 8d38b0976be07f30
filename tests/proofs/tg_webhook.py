"""P22, `tg-webhook`: nobody but Telegram posts updates, and without a secret there is no such door."""

import asyncio
import json
import secrets
import sys
import tempfile

import httpx

from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import Stage, open_stage, shared_nursery, until
from tests.stage.process import ROOT

SECRET = secrets.token_urlsafe(24)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY = 512 * 1024


async def tg_webhook(trial: Trial) -> Verdict:
    """P22: no or a wrong secret is 401 with the body unread; webhook mode without a secret does not start."""
    verdict = trial.verdict()
    nursery = shared_nursery()
    async with open_stage(orders=1, seed=trial.seed) as stage:
        stage.environment |= {
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "PUBLIC_URL": "https://127.0.0.1:8443",
        }
        await stage.start_bot(nursery, broken=trial.broken)
        for told in _wrong_secrets():
            await _refused(stage, told, verdict)
            verdict.trials += 1
        await _taken(stage, verdict)
        await _needs_secret(stage, verdict)
        verdict.trials += 2
    return verdict


def _wrong_secrets() -> list[str | None]:
    """Return no secret, and secrets that are nearly right."""
    flipped = SECRET[:-1] + ("A" if SECRET[-1] != "A" else "B")
    return [
        None,
        "",
        flipped,
        SECRET[:-1],
        SECRET + "A",
        SECRET.swapcase(),
        f" {SECRET}x",
        "ключ",
        SECRET[::-1],
    ]


async def _refused(stage: Stage, told: str | None, verdict: Verdict) -> None:
    """Announce a body and send none of it: the refusal must come all the same."""
    lines = [b"POST /telegram HTTP/1.1", b"Host: storesync.invalid", f"Content-Length: {BODY}".encode()]
    if told is not None:
        lines.append(f"{HEADER}: {told}".encode())
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    try:
        async with asyncio.timeout(5):
            status = (await reader.readline()).decode().split(" ")[1]
    except TimeoutError:
        status = "nothing"
    writer.close()
    verdict.check(status == "401", f"secret {told!r} was answered with {status}")


async def _taken(stage: Stage, verdict: Verdict) -> None:
    """With the right secret an update is stored, and answered by the bot."""
    update = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "date": 1_795_000_000,
            "chat": {"id": 77, "type": "private", "first_name": "Sari"},
            "from": {"id": 77, "is_bot": False, "first_name": "Sari"},
            "text": "/help",
        },
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {HEADER: SECRET}
        answer = await client.post(f"{stage.url}/telegram", content=json.dumps(update), headers=headers)
    verdict.check(
        answer.status_code == httpx.codes.OK, f"Telegram itself was answered with {answer.status_code}"
    )

    async def is_answered() -> bool:
        return bool(stage.telegram.engine.calls.calls(0, "sendMessage"))

    try:
        await until(is_answered, "an answer to /help", within_s=10)
    except AssertionError as silence:
        verdict.check(holds=False, otherwise=str(silence))


async def _needs_secret(stage: Stage, verdict: Verdict) -> None:
    """Started in webhook mode without a secret, StoreSync says what is missing and ends."""
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "run"),
            cwd=ROOT,
            env=stage.environment
            | {"TELEGRAM_WEBHOOK_SECRET": "", "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/x.db"},
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await asyncio.wait_for(process.communicate(), 60)
    is_refused = process.returncode == 2 and b"TELEGRAM_WEBHOOK_SECRET" in said
    verdict.check(is_refused, f"without a secret it ended with {process.returncode}: {said[-200:]!r}")
