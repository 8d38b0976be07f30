"""Run the Dockerfile's steps without Docker, and ask the result whether it is well.

Every step is done in an empty folder that stands for the image's file system, with an empty environment;
what comes after USER runs under that id. Telegram is the simulator, in a process of its own. Ends with one
JSON line and code 0 when `/healthz` answered, the HEALTHCHECK agreed and the program stopped when asked to.

What differs from Docker: system programs are this machine's, and pip's settings are taken over, since a
machine may reach packages in its own way. Needs root, to become somebody else.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.dockerfile import Step, command_of, copied, steps_of
from scripts.strangers import ask_until_well, free_port, python_for, simulated_telegram

ROOT = Path(__file__).parents[1]
_TAKEN_OVER = re.compile(r"PIP_|SSL_CERT_|REQUESTS_CA_BUNDLE$|https?_proxy$", re.IGNORECASE)
_BUILD_LIMIT_S, _STOP_LIMIT_S = 900, 60


class Image:
    """A folder that is filled as the image's file system would be."""

    def __init__(self, folder: Path, steps: list[Step]) -> None:
        self.folder = folder
        self.steps = steps
        self.tops = {"/" + step.rest.split("/")[1] for step in steps if step.name in {"WORKDIR", "VOLUME"}}
        self.user = self.group = 0
        self.workdir = folder
        self.env = {"PATH": f"{folder}/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
        self.healthcheck: list[str] = []
        self.command: list[str] = []

    def build(self) -> None:
        """Carry out every instruction, in order."""
        for step in self.steps:
            getattr(self, f"_{step.name.lower()}")(step.rest)

    def here(self, text: str) -> str:
        """Return the text with the image's own absolute paths moved into the folder."""
        for top in self.tops:
            text = re.sub(rf"(?<![\w.]){top}(?![\w-])", f"{self.folder}{top}", text)
        return text

    def place(self, path: str) -> Path:
        """Return where a path of the image is in the folder."""
        return self.folder / path.lstrip("/") if path.startswith("/") else self.workdir / path

    def _from(self, rest: str) -> None:
        version = re.fullmatch(r"python:(\d+\.\d+)-slim", rest)
        if not version:
            raise ValueError(f"only a slim Python image can be stood in for, not {rest}")
        _run([python_for(version[1]), "-m", "venv", f"{self.folder}/usr/local"], {})

    def _env(self, rest: str) -> None:
        self.env |= {name: self.here(value) for name, value in (pair.split("=", 1) for pair in rest.split())}

    def _workdir(self, rest: str) -> None:
        self.workdir = self.place(rest)
        self.workdir.mkdir(parents=True, exist_ok=True)

    def _copy(self, rest: str) -> None:
        source, target = rest.split()
        for name in copied(ROOT, source, (ROOT / ".dockerignore").read_text("utf-8")):
            to = self.place(target) / name if source == "." else self.place(target)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to)

    def _run(self, rest: str) -> None:
        taken_over = {name: value for name, value in os.environ.items() if _TAKEN_OVER.match(name)}
        _run(["/bin/sh", "-c", self.here(rest)], taken_over | self.env, self.workdir)

    def _user(self, rest: str) -> None:
        self.user, self.group = map(int, rest.split(":"))

    def _volume(self, rest: str) -> None:
        """Nothing to do: here a volume is a folder like any other."""

    def _expose(self, rest: str) -> None:
        """Nothing to do: here a port is open when somebody listens."""

    def _healthcheck(self, rest: str) -> None:
        self.healthcheck = command_of(rest)

    def _cmd(self, rest: str) -> None:
        self.command = command_of(rest)

    def start(self, command: list[str], settings: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start a command as the image's user, with the image's environment and these settings."""
        program = shutil.which(command[0], path=self.env["PATH"]) or command[0]
        return subprocess.Popen(  # noqa: S603 - the Dockerfile's own words
            [program, *command[1:]],
            cwd=self.workdir,
            env=self.env | settings,
            user=self.user,
            group=self.group,
            extra_groups=[],
        )


def _run(command: list[str], env: dict[str, str], cwd: Path | None = None) -> None:
    subprocess.run(command, env=env, cwd=cwd, check=True, timeout=_BUILD_LIMIT_S)  # noqa: S603 - the Dockerfile's own words


def try_out(image: Image) -> dict[str, object]:
    """Start the image's command against a simulated Telegram and report how it is."""
    port = free_port()
    with simulated_telegram() as telegram:
        settings = {
            "TELEGRAM_BOT_TOKEN": telegram["token"],
            "TELEGRAM_API_URL": telegram["url"],
            "SECRET_KEYS": "k1:" + base64.b64encode(os.urandom(32)).decode(),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(port),
        }
        begun = time.monotonic()
        program = image.start(image.command, settings)
        owner = Path(f"/proc/{program.pid}").stat().st_uid
        try:
            status, answer = ask_until_well(f"http://127.0.0.1:{port}/healthz", program)
            seconds = round(time.monotonic() - begun, 2)
            healthcheck = image.start(image.healthcheck, settings).wait(_STOP_LIMIT_S)
        finally:
            program.terminate()
            ended = program.wait(_STOP_LIMIT_S)
    return {
        "healthz": status,
        "answer": answer,
        "seconds": seconds,
        "user": owner,
        "healthcheck": healthcheck,
        "ended": ended,
        "simulator_inside": any(image.folder.glob("srv/*/simulator")),
    }


def main() -> None:
    """Build, try out, print, and exit 0 when all is well."""
    if os.geteuid() != 0:
        sys.exit("run_dockerfile needs root: it becomes the Dockerfile's USER, as Docker does")
    with tempfile.TemporaryDirectory(prefix="storesync-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        image = Image(folder, steps_of((ROOT / "Dockerfile").read_text("utf-8")))
        image.build()
        report = try_out(image)
    sys.stdout.write(json.dumps(report) + "\n")
    well = report["healthz"] == 200 and report["user"] == image.user != 0
    if not well or report["healthcheck"] or report["ended"] or report["simulator_inside"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
