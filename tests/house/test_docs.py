"""What our pages say of the tree is so: targets, files, the quality table."""

import re
from pathlib import Path

import pytest

from domain.exports import LAYOUTS
from domain.imports import PRICE, READ
from tests.house.tree import ROOMS, ROOT, here, project_files, text_of

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "ADDING_PLATFORMS.md",
    "docs/architecture.md",
    "docs/exports.md",
    "docs/platforms.md",
    "docs/promises.md",
    "docs/runbook.md",
)
FIRST_DECISIONS = (
    "0001-layers",
    "0002-seller-as-owner",
    "0003-inbox-outbox-changes",
    "0004-two-databases",
    "0005-transport",
    "0006-secrets",
    "0007-translations",
)
RULES = (
    "credentials tried before saving",
    "reconnect checks the same shop",
    "revoked token tells the seller",
    "webhooks registered and removed",
    "poll fallback",
    "unknown statuses kept",
    "limits respected",
    "sample payloads dated",
    "requests held to the documents",
    "every error has a sentence",
    "unknown fate never repeated",
    "lost pushes recalled",
    "planted faults noticed",
    "facts marked",
    "live check documented",
)


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def targets() -> dict[str, str]:
    """Return target -> help line of the Makefile; a target for people always has one."""
    makefile = page("Makefile")
    told = dict(re.findall(r"^([a-z]+):.*## (.+)$", makefile, re.MULTILINE))
    assert set(told) == set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE))
    return told


@pytest.mark.parametrize("name", PAGES)
def test_make_targets_named_exist(name: str) -> None:
    named = set(re.findall(r"`make ([a-z]+)", page(name))) | set(
        re.findall(r"^make ([a-z]+)", page(name), re.MULTILINE)
    )
    assert named <= set(targets())


def test_readme_and_contributing_name_the_main_targets() -> None:
    named = set(re.findall(r"make ([a-z]+)", page("README.md") + page("CONTRIBUTING.md")))
    assert named >= {"demo", "tour", "test", "check", "prove", "bench"}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page(name))
    gone = [link for link in links if not ((ROOT / name).parent / link).exists()]
    assert not gone


def test_files_named_exist() -> None:
    """A page named in code or text is one the reader can open."""
    named = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.md)\b")
    gone = [
        f"{here(path)}: {name}"
        for path in project_files()
        if path.suffix in {".py", ".md", ".toml", ".yml", ".j2"}
        for name in named.findall(text_of(path) or "")
        if not _exists(name, path)
    ]
    assert not gone


def _exists(name: str, named_in: Path) -> bool:
    places = (ROOT, ROOT / "docs", named_in.parent)
    return any((place / name).exists() for place in places)


@pytest.mark.parametrize("name", FIRST_DECISIONS)
def test_decision_has_its_four_parts(name: str) -> None:
    text = page(f"docs/adr/{name}.md")
    assert re.match(rf"# {name[:4]}\. ", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
    ]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_rules_cited_in_code_are_written_down() -> None:
    written = set(re.findall(r"\b([RPM]\d+)\b", page("docs/promises.md")))
    cited = re.compile(r"`promises\.md` ((?:[RPM]\d+(?:, )?)+)|\((R\d+)\)")
    found = {
        rule
        for path in project_files()
        if path.suffix == ".py" and here(path).split("/")[0] in ROOMS
        for group in cited.findall(text_of(path) or "")
        for rule in re.findall(r"[RPM]\d+", " ".join(group))
    }
    assert len(found) > 5
    assert found <= written


def quality() -> dict[str, dict[str, str]]:
    """Return rule -> platform -> cell of the table in docs/platforms.md."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\|.*\|$", page("docs/platforms.md"), re.MULTILINE)
    ]
    head, _, *body = rows
    return {row[0].lower(): dict(zip(head[1:], row[1:], strict=True)) for row in body}


def platforms() -> set[str]:
    folders = {path.parent.name for path in (ROOT / "adapters").glob("*/__init__.py")} - {"kit"}
    assert folders
    return folders


@pytest.mark.parametrize("rule", RULES)
def test_each_platform_answers_each_quality_rule(rule: str) -> None:
    cells = quality()[rule]
    assert set(cells) == platforms()
    for cell in cells.values():
        kind, _, why = cell.partition(":")
        assert kind in {"done", "todo", "exempt"}
        if kind == "exempt":
            assert len(why.split()) > 2
        if kind == "done":
            evidence = re.findall(r"`([^`]+)`", why)
            assert evidence
            assert [name for name in evidence if not (ROOT / name).exists()] == []


def test_quality_table_has_no_other_rule() -> None:
    assert set(quality()) == set(RULES)


def facts(platform: str) -> list[list[str]]:
    """Return fact, mark and evidence of each row of a platform's page."""
    rows = re.findall(r"^\| (.+) \|$", page(f"docs/platforms/{platform}.md"), re.MULTILINE)
    cells = [row.split(" | ") for row in rows]
    return [row for row in cells if row[0] != "Fact" and not set(row[0]) <= {"-"}]


@pytest.mark.parametrize("platform", sorted(platforms()))
def test_facts_of_a_platform_are_marked_and_held_by_a_test(platform: str) -> None:
    rows = facts(platform)
    assert len(rows) > 10
    for _, mark, evidence in rows:
        assert mark in {"confirmed", "unconfirmed"}
        assert [name for name in re.findall(r"`([^`]+)`", evidence) if (ROOT / name).exists()]
    assert {mark for _, mark, _ in rows} == {"confirmed", "unconfirmed"}


def test_changelog_is_kept() -> None:
    versions = re.findall(r"^## \[(.+?)\](.*)$", page("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == ("Unreleased", "")
    assert all(re.fullmatch(r" - \d{4}-\d\d-\d\d", date) for _, date in versions[1:])
    kinds = set(re.findall(r"^### (.+)$", page("CHANGELOG.md"), re.MULTILINE))
    assert kinds
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_ci_checks_and_tests() -> None:
    assert re.findall(r"^make (\w+)$", page(".ci/run"), re.MULTILINE) == ["check", "test"]


def test_hooks_before_a_commit_fetch_nothing() -> None:
    assert set(re.findall(r"repo: (.+)", page(".pre-commit-config.yaml"))) == {"local"}


def test_columns_of_files_are_documented_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", page("docs/exports.md"), re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}
    assert told == {what: [each.name for each in columns] for what, columns in LAYOUTS.items()}


def test_columns_of_price_lists_are_documented() -> None:
    section = page("docs/exports.md").partition("## Prices in")[2]
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == {PRICE, *READ}
