from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from twin.devices import sheet
from twin.devices.sheet import read_sheet
from twin.devices.sheet_write import write_csv, write_xlsx
from twin.errors import Invalid

ROWS = [
    {
        "id": "s-1",
        "name": "温度计，一楼",
        "notes": 'a "b"\nc',
        "tags": ["x", "y"],
        "heartbeat_s": 30.0,
        "serial": "007",
    },
    {"id": "s-2", "name": "=HYPERLINK(1)", "notes": "+49 30", "maker": "-x", "model": "@y", "installed": "2024-01-31"},
]


def book(rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data, name, content):
    """The workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "write"), [("csv", write_csv), ("xlsx", write_xlsx)])
def test_what_is_written_is_read_back(kind, write):
    lines = read_sheet(write(ROWS), kind)
    assert [line.faults for line in lines] == [(), ()]
    first, second = (line.values for line in lines)
    assert first["name"] == "温度计，一楼"
    assert (first["notes"], first["tags"], first["heartbeat_s"], first["serial"]) == ('a "b"\nc', "x; y", "30", "007")
    for name in ("name", "notes", "maker", "model", "installed"):
        assert second[name] == ROWS[1][name]


def test_no_text_runs_as_a_formula_in_a_spreadsheet():
    text = write_csv(ROWS).decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in text
    assert ",'-x," in text
    made = openpyxl.load_workbook(io.BytesIO(write_xlsx(ROWS)))
    assert [cell.data_type for cell in made.worksheets[0][3] if cell.value].count("f") == 0
    assert made.worksheets[0]["B3"].value == "=HYPERLINK(1)"


def test_numbers_and_days_of_a_workbook():
    day = datetime(2024, 3, 31, 9)  # noqa: DTZ001  a workbook knows no zones
    data = book([["id", "serial", "installed", "heartbeat_s"], ["s", 12345.0, day, 2.5]])
    (line,) = read_sheet(data, "xlsx")
    assert line.values == {"id": "s", "serial": "12345", "installed": "2024-03-31", "heartbeat_s": "2.5"}


def test_a_formula_is_refused_in_its_row_and_the_others_are_read():
    lines = read_sheet(book([["id", "name"], ["s-1", "=1+1"], ["s-2", "x"], [], ["s-3", "#REF!"]]), "xlsx")
    assert [(line.number, line.faults) for line in lines[:2]] == [
        (2, ("cell B2 is a formula; expected its value",)),
        (3, ()),
    ]
    assert lines[2].number == 5
    assert "error #REF!" in lines[2].faults[0]


def test_row_numbers_are_the_files_own():
    lines = read_sheet(b'id,notes\n\ns-1,"two\nlines"\ns-2,x,y\n', "csv")
    assert [line.number for line in lines] == [4, 5]
    assert lines[1].faults == ("it has 3 columns; expected 2",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"name\nx\n", "no column id"),
        (b"id,colour\n", "unknown column 'colour'"),
        (b"id,id\n", "column 'id' twice"),
        (b"id\n\xff\n", "byte 3"),
        (b"id\n\0\n", "zero bytes"),
        (b'id\n"a\n', "no CSV"),
        (b"id" + b",x" * 64 + b"\n", "65 columns"),
    ],
)
def test_a_csv_that_cannot_be_used_is_told(data, said):
    with pytest.raises(Invalid, match=said):
        read_sheet(data, "csv")


def test_a_long_cell_is_told():
    (line,) = read_sheet(b"id,notes\ns," + b"x" * 8001 + b"\n", "csv")
    assert line.faults == ("notes has 8001 characters; expected at most 8000",)


def test_rows_are_bounded(monkeypatch):
    monkeypatch.setattr(sheet, "MAX_ROWS", 5)
    monkeypatch.setattr(sheet, "LAST_ROW", 20)
    six = [["id"], *([f"s{n}"] for n in range(6))]
    for data, kind in ((b"id\n" + b"s\n" * 6, "csv"), (book(six), "xlsx")):
        with pytest.raises(Invalid, match="more than 5 rows"):
            read_sheet(data, kind)
    far = openpyxl.Workbook()
    far.active["A1"], far.active["A1000"] = "id", "s"
    out = io.BytesIO()
    far.save(out)
    with pytest.raises(Invalid, match="beyond row 20"):
        read_sheet(out.getvalue(), "xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 1 << 20)
    bomb = changed(book([["id"]]), "xl/worksheets/sheet1.xml", b" " * (2 << 20))
    assert len(bomb) < 20_000
    with pytest.raises(Invalid, match="unpacks to"):
        read_sheet(bomb, "xlsx")
    monkeypatch.setattr(sheet, "MAX_PARTS", 3)
    with pytest.raises(Invalid, match="parts"):
        read_sheet(book([["id"]]), "xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_a_parser_sees_them(encoding):
    text = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)
    with pytest.raises(Invalid, match="document type"):
        read_sheet(changed(book([["id"]]), "xl/sharedStrings.xml", text), "xlsx")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x03\x04" + b"\0" * 100])
def test_no_workbook_at_all(data):
    with pytest.raises(Invalid, match="no XLSX"):
        read_sheet(data, "xlsx")


def test_a_broken_workbook_is_told_as_such():
    with pytest.raises(Invalid, match="cannot be read as XLSX"):
        read_sheet(changed(book([["id"]]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c"), "xlsx")


def test_a_kind_that_is_not_read():
    with pytest.raises(Invalid, match="'ods'"):
        read_sheet(b"", "ods")
