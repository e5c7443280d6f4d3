"""`parktwin picture`: a PNG, or one sentence why not."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.support.export_models import export_park


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return export_park(tmp_path_factory.mktemp("pictures")).folder


def test_a_layer_becomes_a_picture_of_the_asked_size(cli, built, tmp_path):
    target = tmp_path / "a.png"
    row = cli.json("picture", built, target, "--layer", "a1", "--camera", "iso", "--size", "320x200", "--look", "night")
    with Image.open(target) as image:
        assert image.size == (320, 200)
    assert row["objects"] > 60
    assert row["triangles"] > 1000
    again = cli("picture", built, target, "--layer", "a1", check=False)
    assert (again.returncode, "give --force" in again.stderr) == (5, True)
    said = cli("picture", built, target, "--force", "--layer", "b1", "--size", "64x64", "--theme", "noise")
    assert "0 of 0 objects have a value, newest never" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["a.jpg"], 3, "expected .png"),
        (["none/a.png"], 4, "make it first"),
        (["a.png", "--size", "big"], 3, "expected width x height"),
        (["a.png", "--colour", "a1"], 3, "expected GID=#rrggbb"),
        (["a.png", "--layer", "zz"], 4, "'zz' is not published"),
        (["a.png", "--theme", "heat"], 4, "expected one of temperature"),
        (["a.png", "--layer", "b1", "--type", "Unicorn"], 3, "No object matches"),
    ],
)
def test_what_is_wrong_is_one_sentence(cli, built, tmp_path, arguments, code, words):
    done = cli("picture", built, tmp_path / arguments[0], *arguments[1:], check=False)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert not list(tmp_path.iterdir())
