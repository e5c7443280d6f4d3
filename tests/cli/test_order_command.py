"""`parktwin order`: a table for people, JSON for programs, a page and a PDF to hand on."""

from __future__ import annotations

import pytest

from scenes.reports.typeset import FONTS
from tests.bim.order.messy import body, tidy


@pytest.fixture
def layer(cli, park, tmp_path):
    m = tidy()
    body(m, "IfcWall", (0, 9, 0), name="Loose wall")
    m.wall("Copy")
    made = cli.json("ingest", park, m.write(tmp_path, "house.ifc"))
    return made["layer"]


def test_the_table_parts_what_is_to_mend_from_what_was_repaired(cli, park, layer):
    text = cli("order", park, layer).stdout
    to_mend, repaired = text.split("Repaired 已自动修复")
    assert "ifc-duplicate" in to_mend
    assert "ifc-storey-assigned" in repaired
    assert "Loose wall" in repaired


def test_json_and_the_report_say_the_same(cli, park, layer, tmp_path):
    page, paper = tmp_path / "order.html", tmp_path / "order.pdf"
    more = ("--pdf", paper) if any(FONTS.glob("*.ttf")) else ()
    answer = cli.json("order", park, layer, "--html", page, *more)
    found = {item["code"]: item for item in answer["findings"]}
    assert found["ifc-storey-assigned"]["repaired"] is True
    assert found["ifc-duplicate"]["repaired"] is False
    assert [element["name"] for element in found["ifc-storey-assigned"]["elements"]] == ["Loose wall"]
    assert sum(answer["counts"]["open"].values()) + sum(answer["counts"]["repaired"].values()) == len(found)
    assert all(code in page.read_text(encoding="utf-8") for code in found)
    if more:
        assert paper.read_bytes().startswith(b"%PDF")


def test_a_storey_told_from_the_height_is_in_the_published_graph(cli, park, layer):
    rows = cli.json("sql", park, "SELECT o.name, s.name, o.parent FROM object o JOIN object s ON s.gid = o.storey")[
        "rows"
    ]
    assert ["Loose wall", "1F", None] in rows


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nope",), 4, "not published"),
        (("Not A Name",), 3, ""),
        (("house", "--version", "zzz"), 4, "no built layer version"),
        (("house", "--html", "/nowhere/at/all.html"), 3, "cannot be written"),
    ],
)
def test_what_cannot_be_is_one_sentence(cli, park, layer, arguments, code, said):
    done = cli("order", park, *arguments, check=False)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
