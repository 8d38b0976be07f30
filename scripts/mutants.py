"""Change the code that guards money in small ways, and tell which changes no test notices.

mutmut makes and runs the mutants ([tool.mutmut] in pyproject.toml); this adds them up for each module.
`python -m scripts.mutants [part of a name ...]` runs some of them only, or none but counts with `--count`.
"""

import json
import subprocess
import sys
from pathlib import Path

MADE = Path("mutants")
AIM_PERCENT = 85
UNNOTICED = {0, 5, 33}
"""How mutmut marks what passed the tests, and what no test comes by."""


def main(words: list[str]) -> int:
    """Run the mutants, print one line a module and the survivors; return 1 where too many are left."""
    if words != ["--count"]:
        command = [
            sys.executable,
            "-m",
            "mutmut",
            "run",
            "--max-children",
            "2",
            *(f"*{each}*" for each in words),
        ]
        subprocess.run(command, check=False)  # noqa: S603 - our own words
    is_short = False
    for meta in sorted(MADE.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        tried = {name: code for name, code in codes.items() if code is not None}
        if not tried:
            continue
        survivors = [name for name, code in tried.items() if code in UNNOTICED]
        percent = 100 * (len(tried) - len(survivors)) / len(tried)
        is_short = is_short or percent < AIM_PERCENT
        module = meta.relative_to(MADE).with_suffix("")
        sys.stdout.write(f"{module}: {percent:.1f} % of {len(tried)} killed ({len(codes)} made)\n")
        sys.stdout.writelines(f"    {name}\n" for name in survivors)
    return 1 if is_short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
