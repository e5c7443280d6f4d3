"""The report of a layer's order: what is to mend first, every element as a person knows it, printable."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scenes.reports import order_report, render_order_html, render_order_pdf
from scenes.reports.order import SHOWN
from scenes.reports.typeset import FONTS
from tests.support.layers import make_park, make_version
from twin.errors import NotFound
from twin.finding import Finding, Severity
from twin.graph.layerfile import MANIFEST, version_folder

FINDINGS = [
    Finding("ifc-unnamed", Severity.NOTICE, "没有名称", "no name", ids=("s0-w0",)),
    Finding("ifc-text-repaired", Severity.MAJOR, "已还原", "restored", ids=("s0-r0",), repaired=True),
    Finding(
        "ifc-duplicate", Severity.MAJOR, "<b>重合</b>", "copies", ids=("s1-w0", "t1", "gone"), fix_zh="删除", fix_en="Delete",
        value=70.0, limit=0.0, data={"notes": {"s1-w0": "s1-w1"}},
    ),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    park = make_park(tmp_path / "park")
    made = make_version(park, "a1", "v1")
    place = version_folder(park, "a1", "v1")
    rows = [finding.as_dict() for finding in FINDINGS]
    del rows[0]["repaired"]  # as an earlier version wrote it
    (place / MANIFEST).write_text(replace(made, findings=rows).to_json(), encoding="utf-8")
    return place


def test_what_is_to_mend_comes_first_and_the_worst_of_it_before_the_rest(folder):
    report = order_report(folder, "2026-11-26T00:00:00Z")
    assert [(item["code"], item["repaired"]) for item in report.items] == [
        ("ifc-duplicate", False), ("ifc-unnamed", False), ("ifc-text-repaired", True),
    ]  # fmt: skip
    assert report.counts() == {
        "open": {"critical": 0, "major": 1, "minor": 0, "notice": 1},
        "repaired": {"critical": 0, "major": 1, "minor": 0, "notice": 0},
    }


def test_elements_carry_name_type_storey_and_note(folder):
    first = order_report(folder, "").items[0]
    assert first["count"] == 70
    wall, kind, gone = first["elements"]
    assert wall == {
        "id": "s1-w0",
        "gid": "a1/s1-w0",
        "name": "Wall 200",
        "type": "Wall",
        "storey": "2F",
        "note": "s1-w1",
    }
    assert (kind["gid"], kind["type"]) == ("a1/t1", "type")
    assert (gone["gid"], gone["name"]) == (None, None)
    json.dumps(first)


def test_the_page_holds_every_row_and_escapes_what_the_model_says(folder):
    page = render_order_html(order_report(folder, "2026-11-26T00:00:00Z"))
    for text in (
        "需作者处理",
        "已自动修复",
        "ifc-duplicate",
        "Wall 200",
        "2F",
        "→ s1-w1",
        "删除",
        "Delete",
        f"+{70 - SHOWN}",
    ):
        assert text in page
    assert "<b>重合" not in page
    assert "&lt;b&gt;重合" in page
    assert "<script" not in page
    assert "http" not in page


def test_the_pdf_has_the_same_rows(folder):
    import pypdfium2

    if not any(FONTS.glob("*.ttf")):
        pytest.skip("the report fonts are not set up")
    document = pypdfium2.PdfDocument(render_order_pdf(order_report(folder, "2026-11-26T00:00:00Z")))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for word in ("模型规整报告", "ifc-duplicate", "Wall 200", "ifc-text-repaired"):
        assert word in text


def test_a_version_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotFound):
        order_report(tmp_path, "")
