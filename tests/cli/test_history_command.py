"""`parktwin history` on a park that no server has open."""

import json

import pyarrow.parquet as pq
import pytest

from server.cli.app import run
from tests.support.layers import make_park, make_version
from twin.graph import GraphStore

HOUR = 3_600_000


@pytest.fixture
def park(tmp_path):
    made = make_park(tmp_path / "park")
    (made.folder / "points.csv").write_text(
        "point_id,gid,device,kind,unit,min,max,role,name,address\n"
        "e1,a1/s0-r0,,energy,kWh,,,measure,Meter,mqtt:park/e1\nt1,a1/s0-r0,,temperature,°C,-20,60,measure,Room,mqtt:park/t1\n",
        encoding="utf-8",
    )
    make_version(made, "a1", "v1")
    graph = GraphStore(made)
    graph.publish("a1", "v1", group="building")
    graph.load_points()
    graph.close()
    return made.folder


def told(capsys, *arguments: str) -> dict:
    assert run(["history", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_import_sum_look_back_and_export(park, tmp_path, capsys):
    rows = "\n".join(f"2026-03-0{1 + n // 24} {n % 24:02}:00,{n / 1000},{20 + n % 3}" for n in range(49))
    file = tmp_path / "years.csv"
    file.write_text(f"time,Load [MWh],t1\n{rows}\n2026-03-09 00:00,x,\n", encoding="utf-8")
    mapped = ("--column", "Load [MWh]=e1", "--unit", "MWh")
    done = told(capsys, "import", str(park), str(file), *mapped)
    assert (done["added"], done["bad"]) == (49, 1)
    assert done["bad_rows"] == [{"line": 51, "reason": "value x is no finite number"}]
    assert told(capsys, "import", str(park), str(file), *mapped)["repeated"] == 49
    sums = told(capsys, "totals", str(park), "energy", "--from", "2026-03-01", "--to", "2026-03-03", "--gid", "a1/s0")
    assert sums["value"] == pytest.approx([24, 24])
    assert sums["timezone"] == "Asia/Shanghai"
    then = told(capsys, "as-of", str(park), "--at", "2026-03-01T05:30")
    assert dict(zip(then["point_id"], then["value"], strict=True))["e1"] == 5
    target = tmp_path / "out.parquet"
    wrote = told(
        capsys, "export", str(park), str(target), "--point", "e1", "--from", "2026-03-01", "--to", "2026-03-02"
    )
    assert (wrote["points"], pq.read_metadata(target).num_rows) == (1, 24)
    assert told(capsys, "compact", str(park)) == {"sealed": 0, "summarised": 0}
    assert run(["history", "totals", str(park), "energy", "--from", "2026-03-01", "--to", "2026-03-03"]) == 0
    assert "1 of 1 points used" in capsys.readouterr().out


def test_what_is_wrong_is_named(park, tmp_path, capsys):
    file = tmp_path / "a.csv"
    file.write_text("time,e1\n1,2\n", encoding="utf-8")
    for arguments, words in (
        (("import", str(park), str(file), "--unit", "°C"), "cannot be converted to 'kWh'"),
        (("import", str(park), str(file), "--column", "e1"), "TITLE=POINT"),
        (("as-of", str(park), "--at", "noon"), "'noon' is no instant"),
        (("totals", str(park), "energy", "--function", "median"), "'median' is unknown"),
        (("export", str(park), str(file)), "exists already"),
    ):
        assert run(["history", *arguments]) in {3, 5}
        assert words in capsys.readouterr().err
