"""Ramps, themes and tokens: one file, and the style sheet and the stage say the same."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from scenes.picture.looks import looks, ramp_colours, ramp_table, rgb, theme, token
from twin.errors import Invalid, NotFound

WEB = Path(__file__).parents[3] / "web" / "src"


def test_the_tokens_are_those_of_the_style_sheet():
    css = (WEB / "styles" / "tokens.css").read_text(encoding="utf-8")
    for name, colour in looks()["tokens"].items():
        assert re.search(rf"{name}: (#\w+);", css)[1] == colour


def test_the_looks_are_those_of_the_stage():
    source = (WEB / "viewer" / "looks.ts").read_text(encoding="utf-8")
    for name, values in looks()["looks"].items():
        body = re.search(rf"\b{name}: \{{(.*?)\}}", source, re.DOTALL)[1]
        told = {
            key: f"#{value[2:]}" if value.startswith("0x") else float(value)
            for key, value in re.findall(r"(\w+): (0x\w+|[\d.]+),", body)
        }
        assert told == values


def test_the_sun_is_the_drawings():
    from scenes.picture.light import SHADE_MIN, SUN, SUN_COLOUR

    sun = (WEB / "viewer" / "sun.ts").read_text(encoding="utf-8")
    vector = re.search(r"new Vector3\(([\d., ]+)\)\.normalize", sun)[1]
    assert pytest.approx(SUN) == np.array(eval(vector)) / np.linalg.norm(eval(vector))  # noqa: S307
    assert str(list(SUN_COLOUR)) in sun.replace("[1, ", "[1.0, ")
    assert f"SHADE_MIN = {SHADE_MIN}" in (WEB / "viewer" / "patch-material.ts").read_text(encoding="utf-8")


def test_ramps_are_as_the_web_computes_them():
    """The same golden values stand in web/src/tools/ramps.test.ts."""
    assert [tuple(ramp_table("viridis")[step].tolist()) for step in (0, 100, 128, 255)] == [
        (0x44, 0x01, 0x54), (0x2B, 0x76, 0x8E), (0x22, 0x90, 0x8B), (0xFD, 0xE7, 0x25),
    ]  # fmt: skip
    assert tuple(ramp_table("deviation")[127].tolist()) == (0xF7, 0xF7, 0xF7)


def test_values_outside_take_the_ends_and_one_value_the_middle():
    found = ramp_colours("viridis", np.array([-5.0, 0.0, 10.0, 50.0]), 0, 10)
    assert found.tolist() == [list(rgb("#440154"))] * 2 + [list(rgb("#fde725"))] * 2
    assert ramp_colours("viridis", np.array([3.0]), 3, 3).tolist() == [ramp_table("viridis")[128].tolist()]


def test_what_is_unknown_is_named():
    with pytest.raises(NotFound, match="'heat' is unknown: expected one of temperature, people"):
        theme("heat")
    with pytest.raises(NotFound, match="overview"):
        theme("overview")
    with pytest.raises(Invalid, match="expected #rrggbb"):
        rgb("red")
    assert token("--severity-stale") == (0x7A, 0x87, 0x9B)
