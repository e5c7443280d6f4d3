"""Pages written by hand say what the code does, and what they point to is there."""

from __future__ import annotations

import csv
import json
import re
import shlex
import tomllib
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest

from scenes.schemes.plot import OPERATORS
from server.embedding import Embed
from server.models.live import LIVE_MESSAGES, Delta, Scope, Subscribe
from server.sta.settings import StaSettings
from tools.reference import FOLDER, ROOT
from tools.reference_cli import commands, parameters
from twin.connectors.payload import decode
from twin.connectors.registry import KINDS as CONNECTORS
from twin.connectors.registry import make_connector
from twin.geometry.frame import Frame
from twin.graph import points
from twin.graph.scene import GROUPS
from twin.park import Park, SchemeSpec
from twin.rules.rule_file import read_rules
from twin.runtime.settings import LiveSettings
from twin.state.point import read_points

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(read(name)) if kind == language]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as Git hosts make them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


def links(name: str) -> list[str]:
    found = re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", FENCE.sub("", read(name)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("name", NAMES)
def test_links_resolve(name: str) -> None:
    broken = []
    for link in links(name):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if target.suffix != ".png" and (
            not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target))
        ):
            broken.append(link)
    assert broken == []


def test_pictures_of_the_readmes_are_there() -> None:
    shown = {link for name in ("README.md", "README.zh-CN.md") for link in links(name) if link.endswith(".png")}
    assert shown
    assert [link for link in sorted(shown) if not (ROOT / link).is_file()] == []


def test_pages_are_reached() -> None:
    """Every page under docs is linked from another one; decisions by their folder."""
    reached = {((ROOT / name).parent / link.partition("#")[0]).resolve() for name in NAMES for link in links(name)}
    left = [name for name in NAMES if name.startswith("docs/") and "/decisions/" not in name]
    assert [name for name in left if (ROOT / name).resolve() not in reached and name != "docs/README.md"] == []


@pytest.mark.parametrize("name", NAMES)
def test_shell_commands_exist(name: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    known = dict(commands())
    for line in "".join(blocks(name, "sh")).splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] == "make":
            assert set(words[1:]) <= targets, line
            continue
        assert words[0] in {".venv/bin/parktwin", "parktwin"}, line
        command = next((one for one in known if words[1 : 1 + len(one.split())] == one.split()), None)
        assert command, line
        options = {option for row in parameters(known[command]) for option in row[0].split(", ")}
        assert {word for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("name", NAMES)
def test_named_modules_targets_and_files_exist(name: str) -> None:
    text = read(name)
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert find_spec(module), module
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)`", text)) <= targets
    for path in re.findall(r"`((?:twin|bim|gis|scenes|server|web/src|tests|tools)/[\w./-]+\.\w+)`", text):
        if name != "CHANGELOG.md":
            assert (ROOT / path).exists(), path


def test_every_make_target_is_told() -> None:
    told = "".join(read(name) for name in NAMES)
    targets = re.findall(r"^([a-z][\w-]+):", read("Makefile"), re.MULTILINE)
    assert targets
    assert [target for target in targets if f"make {target}" not in told and target != "clean"] == []


def test_park_toml_example_is_taken(tmp_path: Path) -> None:
    (example,) = blocks("docs/reference/park-toml.md", "toml")
    (tmp_path / "park.toml").write_text(example, encoding="utf-8")
    park = Park.load(tmp_path)
    live = LiveSettings.of(park)
    assert park.frame is not None
    assert park.schemes[0].hides
    assert park.tables["plot"]["limits"].keys() == OPERATORS.keys()
    assert live.connectors
    assert live.period_s
    assert Embed.of(park).origins
    for entry in live.connectors:
        make_connector({"url": live.broker_url, **entry}, [], lambda _readings: None)


def test_park_toml_page_names_every_key() -> None:
    page = read("docs/reference/park-toml.md")
    sections = dict(re.findall(r"^## \[+([\w.]+)\]+\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    keys = {head: set(re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)) for head, body in sections.items()}
    assert keys["origin"] == {item.name for item in fields(Frame)}
    assert keys["schemes"] == {item.name for item in fields(SchemeSpec)}
    assert keys["embed"] == {item.name for item in fields(Embed)}
    assert keys["sta"] == {item.name for item in fields(StaSettings)}
    assert all(f"`{group}`" in sections["layers.NAME"] for group in GROUPS)
    assert all(f"`{name}`" in sections["plot"] for name in OPERATORS)
    assert all(f"`{kind}`" in sections["connectors"] for kind in CONNECTORS)
    used = set()
    for package in ("twin", "scenes", "server", "gis", "bim"):
        for path in (ROOT / package).rglob("*.py"):
            used |= set(re.findall(r"tables(?:\.get\(|\[)\"(\w+)\"", path.read_text(encoding="utf-8")))
    assert used
    assert used <= {head.split(".")[0] for head in sections} | {"layers"}
    example = tomllib.loads(blocks("docs/reference/park-toml.md", "toml")[0])
    for head, table in example.items():
        rows = table if isinstance(table, list) else [table]
        name = "layers.NAME" if head == "layers" else head
        rows = list(table.values()) if head == "layers" else rows
        assert set().union(*(row.keys() for row in rows)) <= keys[name], head


def test_points_page(tmp_path: Path) -> None:
    page = read("docs/reference/points-csv.md")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(points.COLUMNS)
    (example,) = blocks("docs/reference/points-csv.md", "csv")
    assert next(csv.reader(example.splitlines())) == list(points.COLUMNS)
    (tmp_path / "points.csv").write_text(example, encoding="utf-8")
    assert read_points(tmp_path / "points.csv")[0].source.startswith("mqtt:")


def test_alarm_rules_example_is_taken(tmp_path: Path) -> None:
    (example,) = blocks("docs/reference/alarm-rules.md", "yaml")
    (tmp_path / "alarms.yaml").write_text(example, encoding="utf-8")
    assert len(read_rules(tmp_path / "alarms.yaml")) == 3


def test_live_page_names_every_message_and_member() -> None:
    page = read("docs/reference/live.md")
    tables: dict[str, str] = {}
    for name, row in re.findall(r"^\| `([\w-]+)` \| (.+) \|$", page, re.MULTILINE):
        tables[name] = tables.get(name, "") + row  # `replay` is asked for and told
    for message in LIVE_MESSAGES:
        (kind,) = message.model_fields["type"].annotation.__args__
        members = {field.alias or name for name, field in message.model_fields.items()} - {"type"}
        row = tables["snapshot"] if kind == "delta" else tables[kind]
        assert [member for member in members if f"`{member}`" not in row] == [], kind
    assert [name for name in Scope.model_fields if f"`{name}`" not in page] == []
    subscribe, delta = (json.loads(body) for body in blocks("docs/reference/live.md", "json"))
    Subscribe.model_validate(subscribe)
    Delta.model_validate(delta)


def test_widget_attributes_commands_and_events() -> None:
    guide, reference = read("docs/guides/widget.md"), read("docs/reference/widget.md")
    source = read("web/src/embed/element.ts")
    listed = re.search(r"const ATTRIBUTES = \[(.*?)\]", source)
    assert listed
    shown = set(re.findall(r"^\| `([\w-]+)` \|", guide, re.MULTILINE))
    assert set(re.findall(r"'([\w-]+)'", listed[1])) | {"from-query"} <= shown
    checks = re.search(r"const CHECKS: .*?= \{\n(.*?)^\}", read("web/src/embed/messages.ts"), re.MULTILINE | re.DOTALL)
    events = re.search(r"const EVENTS = \[(.*?)\]", read("web/src/embed/messages.ts"))
    assert checks
    assert events
    named = {*re.findall(r"^  (\w+):", checks[1], re.MULTILINE), *re.findall(r"'(\w+)'", events[1])}
    assert len(named) > 18
    assert [name for name in named if f"| `{name}` |" not in reference] == []
    properties = set(re.findall(r"--park-viewer-[\w-]+", read("web/src/embed/style.ts")))
    assert [name for name in properties if f"`{name}`" not in guide] == []


def test_payload_example_is_read() -> None:
    (example,) = blocks("docs/guides/integrators.md", "json")
    reading = decode(example.encode())
    assert (reading.value, reading.quality, reading.simulated) == (21.5, 0, False)
    assert decode(b'{"v": 1, "sim": true}').simulated


@pytest.mark.parametrize("name", ["docs/guides/planners.md", "docs/guides/planners.zh-CN.md"])
def test_plot_examples(name: str) -> None:
    (example,) = blocks(name, "toml")
    assert tomllib.loads(example)["plot"]["limits"].keys() == OPERATORS.keys()


def test_languages_stand_side_by_side() -> None:
    for chinese in (ROOT / "docs" / "guides").glob("*.zh-CN.md"):
        english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
        assert chinese.name in english.read_text(encoding="utf-8")
        assert english.name in chinese.read_text(encoding="utf-8")
        heads = [
            re.findall(r"^(#+) ", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
            for page in (chinese, english)
        ]
        assert heads[0] == heads[1], chinese.name


def test_reference_folder_holds_no_stray_page() -> None:
    by_hand = {"connectors.md", "devices.md", "live.md", "park-toml.md", "points-csv.md", "sensorthings.md"}
    from tools.reference import PAGES as GENERATED

    assert {path.name for path in FOLDER.iterdir()} == {*GENERATED, "openapi.json", *by_hand}


def test_tests_of_the_viewers_tools_exist() -> None:
    named = re.findall(r"`((?:browser|web)/test_\w+\.py)::(test_\w+)`", read("docs/guides/viewer-tests.md"))
    assert len(named) > 40
    assert [f"{file}::{test}" for file, test in named if f"def {test}(" not in read(f"tests/{file}")] == []
