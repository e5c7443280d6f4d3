"""CSV and Parquet hold what the graph holds, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from scenes.export import cells, tables
from scenes.export.request import ExportRequest, Format, file_stem, format_of
from tests.scenes.export.conftest import WHEN
from tests.support.export_models import HOSTILE
from twin.errors import Invalid, Unavailable
from twin.graph.selection import Selection


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    return head, rows


def plain(cell):
    """A cell as it was before it was made safe."""
    return cell.removeprefix("'")


def text(value):
    return "" if value is None else str(value)


def test_objects_as_csv(run, graph):
    done = run("csv", Selection(layer="a1"))
    assert done.path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, rows = read_csv(done.path)
    known = graph.db.rows("SELECT * FROM object WHERE layer = 'a1' ORDER BY ordinal")
    assert head == [*known[0], "storey_name", "building_name"]
    assert done.figures == {"rows": len(known)} == {"rows": done.objects}
    for name in ("gid", "name", "type", "tag", "storey", "parent"):
        place = head.index(name)
        assert [plain(row[place]) for row in rows] == [text(item[name]) for item in known], name
    for name in ("min_x", "max_z", "elevation"):
        place = head.index(name)
        assert [float(row[place]) if row[place] else None for row in rows] == [item[name] for item in known], name


def test_no_cell_is_a_formula_and_numbers_stay_numbers(run):
    _, rows = read_csv(run("csv", Selection(layer="a1", type="Wall")).path)
    names = {row[7] for row in rows}
    assert {"'=1+1", "'+cmd|' /C calc'!A0", "'@SUM(A1)", "-5"} <= names
    assert HOSTILE[4] in names
    properties = read_csv(run("csv", Selection(layer="a1", type="Wall"), table="properties").path)[1]
    every = [cell for row in (*rows, *properties) for cell in row]
    risky = [cell for cell in every if cell[:1] in set("=+-@\t\r＝＋－＠")]
    assert risky
    assert all(cell.lstrip("+-").replace(".", "").isdigit() for cell in risky)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("=1", "'=1"), ("-5", "-5"), ("+1.5e-3", "+1.5e-3"), ("-5 °C", "'-5 °C"), ("\tx", "'\tx"), ("＝1", "'＝1"),
     ("a=1", "a=1"), ("", ""), ("-", "'-"), ("-1,5", "-1,5")],
)  # fmt: skip
def test_the_rule_for_cells_is_the_same_in_sql_and_in_python(given, shown):
    assert cells.safe(given) == shown
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {cells.safe_sql('x')} FROM (SELECT ? AS x)", [given]).fetchone() == (shown,)


def test_titles_in_chinese(run):
    head, _ = read_csv(run("csv", table="properties", language="zh").path)
    assert head == ["对象编号", "属性集", "名称", "值", "数值 (SI)", "单位", "来源"]
    head, _ = read_csv(run("csv", language="zh").path)
    assert not any(title.isascii() and title != "IFC 类" for title in head)


@pytest.mark.parametrize("table", ["properties", "quantities"])
def test_long_tables_are_those_of_the_graph(run, graph, table):
    done = run("parquet", Selection(type="Wall"), table=table)
    name = {"properties": "property", "quantities": "quantity"}[table]
    expected = graph.db.rows(
        f"SELECT p.* EXCLUDE (layer) FROM {name} p JOIN object o USING (gid) WHERE o.type = 'Wall'"
    )
    found = pq.read_table(done.path).to_pylist()
    key = lambda row: tuple(str(value) for value in row.values())  # noqa: E731
    assert sorted(found, key=key) == sorted(expected, key=key)
    assert found
    assert done.figures["rows"] == len(found)


def test_relations_and_concepts(run, graph):
    relations = pq.read_table(run("parquet", Selection(layer="a1", type="Wall"), table="relations").path).to_pylist()
    types = [row for row in relations if row["kind"] == "typed_by"]
    assert len(types) == len(HOSTILE)
    assert {row["target_name"] for row in types} == {"W200"}
    concepts = pq.read_table(run("parquet", Selection(layer="a1", type="Wall"), table="concepts").path).to_pylist()
    assert {"W200", "砖", "外墙"} <= {row["name"] for row in concepts}
    assert {row["gid"] for row in concepts} <= {row["gid"] for row in graph.db.rows("SELECT gid FROM concept")}


def test_parquet_is_typed_and_says_where_it_is_from(run, park):
    schema = pq.read_schema(run("parquet", Selection(layer="a1")).path)
    assert str(schema.field("min_x").type) == "double"
    assert str(schema.field("ordinal").type) == "int32"
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert (told["parktwin.park"], told["parktwin.made_at"], told["parktwin.table"]) == (park.id, WHEN, "objects")
    assert set(json.loads(told["parktwin.layers"])) == {"a1"}
    assert json.loads(told["parktwin.origin"])["longitude"] == park.frame.longitude


def test_wide_has_a_row_per_object_and_typed_columns(run):
    done = run("parquet", Selection(layer="a1", type="Wall"), table="wide")
    table = pq.read_table(done.path)
    assert table.num_rows == done.objects == len(HOSTILE)
    rows = {row["name"]: row for row in table.to_pylist()}
    assert rows[HOSTILE[2]]["=Set.n"] == 3.0
    assert rows[HOSTILE[0]]["=Set.Mark"] == "=1+1"
    assert rows[HOSTILE[0]]["Pset_WallCommon.IsExternal"] == "true"
    thermal = next(name for name in rows[HOSTILE[0]] if name.startswith("Pset_WallCommon.ThermalTransmittance"))
    assert rows[HOSTILE[0]][thermal] == 0.35
    assert rows[HOSTILE[0]]["Qto_WallBaseQuantities.Length [m]"] == 5.0
    assert rows[HOSTILE[1]]["Measured.Volume [m3]"] == pytest.approx(5 * 0.2 * 3)
    assert done.figures["columns_left_out"] == 0
    head, cells_ = read_csv(run("csv", Selection(layer="a1", type="Wall"), table="wide").path)
    assert "'=Set.Mark" in head
    assert len(cells_) == len(HOSTILE)


def test_wide_is_bounded(run, monkeypatch):
    monkeypatch.setattr(tables, "MAX_WIDE_COLUMNS", 3)
    done = run("parquet", Selection(layer="a1"), table="wide")
    assert done.figures["columns"] == 3
    assert done.figures["columns_left_out"] > 3
    columns = pq.read_schema(done.path).names
    assert any(name.startswith("Measured.") for name in columns[-3:])  # the fullest ones stay


def test_wide_of_a_gis_object(run):
    assert run("csv", Selection(gids=("houses/n0",)), table="wide").figures["rows"] == 1


def test_names_of_columns_that_differ_only_in_case_are_told_apart():
    taken = set()
    assert [tables._unused(name, taken) for name in ("a.B", "A.b", "a.b")] == ["a.B", "A.b~2", "a.b~3"]


def test_an_archive_holds_all_tables_and_is_the_same_again(run):
    first, second = (run("csv", Selection(layer="b1"), archive=True).path.read_bytes() for _ in range(2))
    assert first == second
    done = run("csv", Selection(layer="b1"), archive=True)
    with zipfile.ZipFile(done.path) as archive:
        names = [f"{name}.csv" for name in ("objects", "properties", "quantities", "relations", "concepts", "wide")]
        assert archive.namelist() == names
        assert archive.testzip() is None
    assert done.figures["objects"] == done.objects


def test_limits_and_wrong_wishes(run):
    with pytest.raises(Unavailable, match="more than the limit of 0 MB") as caught:
        run("csv", max_bytes=100)
    assert caught.value.code == "export-too-large"
    with pytest.raises(Invalid, match="Table 'colours' is unknown"):
        ExportRequest(Selection(), Format.CSV, table="colours")
    assert format_of(Path("a.ZIP"), "csv") == (Format.CSV, True)
    assert format_of(Path("a.zip"), None) == (Format.IFC, True)
    with pytest.raises(Invalid, match=r"expected \.ifc, .glb, .csv, .parquet, .zip"):
        format_of(Path("a.dwg"), None)
    with pytest.raises(Invalid, match="contradict each other"):
        format_of(Path("a.csv"), "ifc")
    assert file_stem('a/b\\c:*?"<>|\n x') == "a_b_c_x"
    assert file_stem("..") == "export"


def test_a_request_crosses_the_process_border():
    request = ExportRequest(Selection(gids=("a/b",), q="门"), Format.GLB, compact=True, made_at=WHEN)
    assert ExportRequest.from_dict(json.loads(json.dumps(request.as_dict()))) == request
