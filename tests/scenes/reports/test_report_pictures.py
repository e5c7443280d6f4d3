"""Which findings of a report get a picture, and that the printed report shows it."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from scenes.reports import order_pictures, order_report, pictures, render_order_html, render_order_pdf
from scenes.reports.pictures import MOST, MOST_TRIANGLES, WHOLE, Pictures, Subject
from scenes.reports.typeset import COLOURS, FONTS
from tests.support.layers import make_park, make_version
from twin.errors import Unavailable
from twin.finding import Finding, Severity
from twin.graph.layerfile import MANIFEST, version_folder

WALL = "a1/s0-w0"


@pytest.fixture
def park(tmp_path):
    return make_park(tmp_path / "park")


@pytest.fixture
def version(park):
    return make_version(park, "a1", "v1")


@pytest.fixture
def asked(monkeypatch):
    """Marks that were drawn: a picture for each."""
    seen = []

    def draw(_folder, _layer, wanted, **_):
        for marks in wanted:
            seen.append(marks)
            yield marks.key, jpeg()

    monkeypatch.setattr(pictures, "marked", draw)
    return seen


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (96, 54), "#d9363e").save(out, "JPEG")
    return out.getvalue()


def subjects(count, severity="minor"):
    return [Subject(f"f{n}", severity, (f"a1/{n}",)) for n in range(count)]


def test_the_first_findings_and_the_whole_are_drawn(tmp_path, version, asked):
    found = pictures.pictures(tmp_path, version, subjects(MOST + 3))
    assert list(found.jpeg) == [WHOLE, *(f"f{n}" for n in range(MOST))]
    assert asked[0].whole
    assert len(asked[0].colours) == MOST + 3
    assert not any(marks.whole for marks in asked[1:])


def test_an_object_of_two_findings_has_the_colour_of_the_worse(tmp_path, version, asked):
    both = [Subject("a", "critical", (WALL,)), Subject("b", "notice", (WALL, "a1/x"))]
    pictures.pictures(tmp_path, version, both)
    assert asked[0].colours == {WALL: COLOURS["critical"], "a1/x": COLOURS["notice"]}


def test_findings_without_elements_need_no_picture(tmp_path, version, asked):
    assert pictures.pictures(tmp_path, version, [Subject("a", "major", ())]) == Pictures()
    assert not asked


def test_a_model_too_large_and_a_machine_that_cannot_draw_are_said(tmp_path, version, asked, monkeypatch):
    large = replace(version, stats={**version.stats, "triangles": MOST_TRIANGLES + 1})
    assert "4,000,001" in pictures.pictures(tmp_path, large, subjects(1)).lacking[1]

    def refuse(*_args, **_options):
        raise Unavailable("install libegl1", code="no-renderer")
        yield

    monkeypatch.setattr(pictures, "marked", refuse)
    found = pictures.pictures(tmp_path, version, subjects(1))
    assert not found.jpeg
    assert found.lacking == ("无法绘图：install libegl1", "No pictures: install libegl1")


def test_no_picture_is_begun_after_the_time_is_up(tmp_path, version, asked, monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", -1.0)
    assert list(pictures.pictures(tmp_path, version, subjects(3)).jpeg) == [WHOLE]


@pytest.fixture
def report(park, version):
    findings = [
        Finding("ifc-unnamed", Severity.NOTICE, "没有名称", "no name", ids=("s0-w0",)),
        Finding("ifc-text-repaired", Severity.MAJOR, "已还原", "restored", ids=("s0-r0",), repaired=True),
    ]
    folder = version_folder(park, "a1", "v1")
    rows = [finding.as_dict() for finding in findings]
    (folder / MANIFEST).write_text(replace(version, findings=rows).to_json(), encoding="utf-8")
    return folder, order_report(folder, "2026-11-27T00:00:00Z")


def test_the_page_holds_the_pictures_of_what_is_to_mend(report, asked):
    folder, told = report
    shown = order_pictures(folder, told)
    assert [marks.key for marks in asked] == [WHOLE, "ifc-unnamed-1"]  # what was repaired needs none
    page = render_order_html(told, shown)
    assert page.count("data:image/jpeg;base64,") == 2
    assert "data:image" not in render_order_html(told)


def test_the_pdf_holds_them_too(report, asked):
    if not any(FONTS.glob("*.ttf")):
        pytest.skip("the report fonts are not set up")
    folder, told = report
    document = pypdfium2.PdfDocument(render_order_pdf(told, order_pictures(folder, told)))
    images = [found for page in document for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    assert len(images) == 2


def test_why_there_is_no_picture_is_printed(report):
    _, told = report
    assert "No pictures: broken" in render_order_html(told, Pictures(lacking=("无法绘图：坏", "No pictures: broken")))
