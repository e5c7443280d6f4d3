"""The reference is what the code says now, and holds everything that is registered."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
import yaml

from gis.kinds.catalogue import KINDS as FEATURES
from scenes.schemes.compare import INDICATORS as PLANNING
from server.settings import PREFIX, Settings
from tools import reference
from tools.reference_cli import commands, parameters
from tools.reference_data import graph_tables
from tools.reference_http import access, routes
from tools.reference_web import WEB
from twin.indicators.registry import INDICATORS as LIVE
from twin.rules.rule import AlarmRule
from twin.state.kinds import KINDS as POINTS


def text(name: str) -> str:
    return (reference.FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return reference.generate()


@pytest.mark.parametrize("name", [*reference.PAGES, "openapi.json"])
def test_the_committed_page_is_current(name: str, made: dict[str, str]) -> None:
    assert text(name) == made[name], f"docs/reference/{name} is stale: run make docs"


def test_generating_twice_gives_the_same(made: dict[str, str]) -> None:
    assert reference.generate() == made


@pytest.mark.parametrize("code", ["alarm-rules", "mapping"])
def test_sentences_that_a_file_of_entries_forms_stand_under_each_of_its_codes(code: str) -> None:
    assert f"| `{code}` | Invalid | 422 | …, line …: … stands twice in one entry; expected it once |" in text(
        "errors.md"
    )


def test_every_page_is_listed() -> None:
    listed = (reference.FOLDER.parent / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in reference.FOLDER.iterdir()}
    assert pages == set(re.findall(r"\(reference/([\w.-]+)\)", listed))


def test_commands_and_their_options() -> None:
    page = text("cli.md")
    found = dict(commands())
    assert {"demo", "ingest", "serve", "tiles check"} <= set(found)
    for name, function in found.items():
        section = re.search(rf"^## parktwin {re.escape(name)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert section, name
        for shown, *_ in parameters(function):
            assert f"`{shown}`" in section[1], (name, shown)


def test_option_names_are_those_that_are_typed() -> None:
    new = {row[0] for row in parameters(dict(commands())["new"])}
    assert {"PARK", "--crs", "--json"} <= new
    assert "--crs-name" not in new


def test_exit_codes() -> None:
    from server.cli.app import EXIT_CODES

    page = text("cli.md")
    for code in (0, 1, 2, 130, *EXIT_CODES.values()):
        assert f"\n| {code} |" in page


def test_settings() -> None:
    page = text("settings.md")
    for item in fields(Settings):
        assert f"`{PREFIX}{item.name.upper()}`" in page


def test_routes_with_what_they_ask_for() -> None:
    page = text("http.md")
    found = list(routes())
    assert len(found) > 40
    for method, path, route in found:
        asked = access(route)
        assert asked, (method, path)
        described = re.search(rf"^### {method} {re.escape(path)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
        listed = f"| {method} | `{path}` | {asked} |" in page
        assert listed or (described and asked in described[1]), (method, path)


def test_review_rules() -> None:
    page = text("rules.md")
    rows = yaml.safe_load((reference.ROOT / "bim" / "review" / "rules.yaml").read_text(encoding="utf-8"))
    assert len(rows) >= 12
    for row in rows:
        section = re.search(rf"^## {row['id']}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert section, row["id"]
        assert row["title_zh"] in section[1]
        assert not row.get("mark") or f"| mark | {row['mark']} |" in section[1]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("indicators.md", [one.name for one in (*LIVE.values(), *PLANNING)]),
        ("feature-kinds.md", [one.name for one in FEATURES]),
        ("point-kinds.md", list(POINTS)),
        ("alarm-rules.md", list(AlarmRule.model_fields)),
    ],
)
def test_registries(page: str, names: list[str]) -> None:
    shown = text(page)
    assert [name for name in names if f"| `{name}` |" not in shown] == []


def test_panels() -> None:
    page = text("panels.md")
    registry = (WEB / "panels" / "registry.ts").read_text(encoding="utf-8")
    found = re.findall(r"^  (\w+): lazy\(", registry, re.MULTILINE)
    assert len(found) >= 6
    for name in found:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert all(cell.strip() for cell in row.strip("|").split("|")), row


def test_graph_tables_and_columns() -> None:
    page = text("tables.md")
    for name, columns in graph_tables().items():
        section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert section
        assert [column for column, _ in columns if f"| `{column}` |" not in section[1]] == []


def test_codes_of_errors_and_findings() -> None:
    assert "| `park-served` | Conflict | 409 |" in text("errors.md")
    findings = text("findings.md")
    for code in ("ifc-no-georeference", "height-default", "terrain-gaps", "point-unbound"):
        assert f"| `{code}` |" in findings
    assert "| by case | … |" not in findings
