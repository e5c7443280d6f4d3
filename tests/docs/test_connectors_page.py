"""The page of connectors holds every kind, every setting and every field of the mapping; its examples are taken."""

from __future__ import annotations

import re
import tomllib
from inspect import getsource

import pytest

from server.live.park import KINDS as OTHERS
from tools.reference import FOLDER
from twin.connectors import conversion, http_fetch, mqtt_link, registry
from twin.connectors.mapping import MappingEntry, read_mappings
from twin.connectors.push import items_of
from twin.connectors.registry import KINDS, make_connector
from twin.errors import Invalid
from twin.state.units import UNITS

PAGE = (FOLDER / "connectors.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([\w.-]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OWN = ("http-pull", "http-push", "mqtt", "replay", "sensorthings")


def test_every_kind_has_a_section():
    assert set(KINDS) | set(OTHERS) <= set(SECTIONS)
    park_toml = (FOLDER / "park-toml.md").read_text(encoding="utf-8")
    assert [kind for kind in (*KINDS, *OTHERS) if f"`{kind}`" not in park_toml] == []


@pytest.mark.parametrize("kind", OWN)
def test_settings_are_named(kind):
    module, _, function = KINDS[kind].partition(":")
    source = getsource(getattr(registry.import_module(module), function))
    if "link_from(" in source:
        source += getsource(mqtt_link.link_from).replace('file("', 'read.text("')
    if "site_from(" in source:
        source += getsource(http_fetch.site_from)
    names = set(re.findall(r"read\.\w+\(\s*\"(\w+)\"", source)) - {"headers"}
    assert names
    told = {
        name for row in re.findall(r"^\| (`.+?`) \|", SECTIONS[kind], re.MULTILINE) for name in re.findall(r"\w+", row)
    }
    assert names - told == set()


@pytest.mark.parametrize("kind", [*OWN, *OTHERS])
def test_examples_are_taken(kind, tmp_path):
    (example,) = re.findall(r"^```toml\n(.*?)^```", SECTIONS[kind], re.MULTILINE | re.DOTALL)
    (entry,) = tomllib.loads(example)["connectors"]
    assert make_connector(entry, [], None, folder=tmp_path, others=OTHERS).kind == entry["kind"] == kind


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*OWN}))
def test_field_examples_are_taken_and_settings_named(kind):
    examples = re.findall(r"```toml\n(.*?)```", SECTIONS[kind], re.DOTALL)
    entries = [entry for example in examples for entry in tomllib.loads(example)["connectors"]]
    assert entries
    for entry in entries:
        assert make_connector(entry, [], None).kind == kind
    with pytest.raises(Invalid) as caught:
        make_connector({**entries[0], "no-such-setting": 1}, [], None)
    named = re.search(r"'no-such-setting' is unknown; expected (.*)", str(caught.value))
    for setting in named[1].split(", "):
        assert re.search(rf"^\| [^|]*`{setting}`", SECTIONS[kind], re.MULTILINE), setting


def test_the_mapping(tmp_path):
    body = SECTIONS["mappings.yaml"]
    assert re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE) == list(MappingEntry.model_fields)
    (example,) = re.findall(r"^```yaml\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
    (tmp_path / "m.yaml").write_text(example, encoding="utf-8")
    assert read_mappings(tmp_path / "m.yaml")[1].entry.values == {"open": 1, "closed": 0}
    listed = set(re.split(r"[\s,·]+", body[body.index("Units are converted") :].replace(".", " ")))
    assert [unit.name for unit in UNITS if unit.name not in listed] == []
    assert conversion.Scaling()(2.0) == 2


def test_the_body_of_a_push():
    (example,) = re.findall(r"^```json\n(.*?)^```", SECTIONS["http-push"], re.MULTILINE | re.DOTALL)
    assert [set(item) for item in items_of(example.encode())] == [{"address", "v", "t"}, {"point", "v"}]
