"""Every kind of connector has a section with its settings, and the examples work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from twin.connectors.registry import KINDS, make_connector
from twin.errors import Invalid

PAGE = (Path(__file__).parents[2] / "docs/reference/connectors.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([a-z0-9-]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
FIELD = ["opcua", "modbus", "bacnet", "hj212", "gbt26875"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_section(kind):
    assert f"{kind}:" in SECTIONS[kind]


@pytest.mark.parametrize("kind", FIELD)
def test_examples_are_taken_and_settings_named(kind):
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
