"""A real installation never loads the simulator: neither the command line nor the wiring pulls it in."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

LOADED = """
import sys
import app.__main__, app.wiring, app.doctor
print(*sorted(name for name in sys.modules if name.partition(".")[0] in {"simulator", "tests"}))
"""


def test_running_does_not_import_the_simulator() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert seen.stdout.split() == []
