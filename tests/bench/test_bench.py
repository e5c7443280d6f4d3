"""The bench itself: each race's gate and table on a tiny input. Nothing here looks at a time."""

import dataclasses
import json
import math

import ifcopenshell
import ifcopenshell.util.placement
import pytest

from tests.bench import __main__ as bench
from tests.bench import built, glb, solo
from tests.bench.copies import APART_M, copies
from tests.bench.cost import Cost, Failed, Sample, Timer, child, interleaved, middle
from tests.bench.machine import machine, versions
from tests.bench.page import page, renewed
from tests.bench.race import Check, Context, Outcome, Race, Ratio, geomean, times
from tests.bench.races import (
    cityjson,
    diff,
    ingest,
    live_history,
    live_hub,
    live_load,
    live_mqtt,
    live_stream,
    reingest,
    sample,
    store_publish,
    store_query,
    tiles,
)
from tests.bench.races.ingest_peers import FRAG, XKT, folder_of
from tests.bench.registry import RACES, chosen
from tests.bench.tables import as_data, as_text, shown
from tests.bench.tile_bytes import PARTS
from tests.bim.ifc_files import new_model
from tests.support.layers import make_park, make_version


@pytest.fixture
def context(tmp_path):
    return Context(tmp_path, rounds=1, tiny=True, call=solo.inside)


def reported(race, outcome):
    """The gate is passed, and the outcome can be told in all three forms."""
    assert [check for check in outcome.checks if not check.passed] == []
    assert outcome.checks
    assert outcome.rows
    assert all(len(row) == len(outcome.columns) for row in outcome.rows)
    assert all(math.isfinite(ratio.value) and ratio.value > 0 for ratio in outcome.ratios)
    assert outcome.verdict.endswith(".")
    assert outcome.verdict in as_text(race, outcome)
    data = json.loads(json.dumps(as_data(race, outcome), allow_nan=False))
    assert (data["name"], len(data["rows"]), data["passed"]) == (race.name, len(outcome.rows), True)
    text = page([(race, outcome)], "2026-01-01", machine(), versions(), 1)
    assert all(column in text for column in outcome.columns)
    assert "2026-01-01" in text
    return data


def test_reingest_race(context, tmp_path):
    m = new_model()
    for number in range(4):
        wall = m.wall(f"Wall {number}", (4.0 * number, 0.0, 0.0))
        m.define(m.pset("Pset_WallCommon", m.single("FireRating", "IfcLabel", f"{number}")), wall)
    data = reported(reingest.RACE, reingest.race(context, {"four walls": m.write(tmp_path)}))
    (row,) = data["rows"]
    rebuilt = {name: value for name, value in zip(data["columns"], row, strict=True) if name.startswith("rebuilt")}
    assert rebuilt == {
        "rebuilt (property)": 1,
        "rebuilt (name)": 1,
        "rebuilt (place)": "read whole",  # four walls without a storey: their heights might tell it
        "rebuilt (shape)": "read whole",
        "rebuilt (colour)": "nothing to edit",
    }


def test_copies_of_a_model(tmp_path):
    m = new_model()
    (site,) = m.file.by_type("IfcSite")
    site.ObjectPlacement = m.placement()
    m.wall("Wall", (1.0, 2.0, 0.0)).ObjectPlacement.PlacementRelTo = site.ObjectPlacement
    text = copies(m.write(tmp_path).read_bytes(), 3)
    path = tmp_path / "three.ifc"
    path.write_bytes(text)
    model = ifcopenshell.open(str(path))
    walls = model.by_type("IfcWall")
    assert (len(model.by_type("IfcProject")), len(model.by_type("IfcSite")), len(walls)) == (1, 3, 3)
    assert len({one.GlobalId for one in model.by_type("IfcRoot")}) == len(model.by_type("IfcRoot"))
    places = [ifcopenshell.util.placement.get_local_placement(wall.ObjectPlacement)[0, 3] for wall in walls]
    assert places == [1.0, APART_M + 1.0, 2 * APART_M + 1.0]


@pytest.mark.parametrize(
    "race", [live_hub, live_stream, live_history, live_mqtt, live_load], ids=lambda module: module.RACE.name
)
def test_live_races(race, context):
    reported(race.RACE, race.run(context))


def test_diff_race(context):
    reported(diff.RACE, diff.run(context))


def test_store_races(context):
    published = reported(store_publish.RACE, store_publish.run(context))
    assert published["rows"][0][1] > published["rows"][2][1] == 200
    asked = reported(store_query.RACE, store_query.run(context))
    assert len(asked["rows"]) == 8


def test_city_race(context):
    data = reported(cityjson.RACE, cityjson.run(context))
    raced = [(row[0], row[2]) for row in data["rows"] if row[1] in {"ours", "orjson alone"}]
    assert raced == [("boxes", 50)] * 2 + [("mixed", 50)] * 2 + [("mixed, large", 100)] * 2


def test_ingest_and_tiles_race_on_a_small_model(context):
    model = new_model()
    for number in range(3):
        model.wall(f"W{number}", (0.0, 4.0 * number, 0.0), (5.0, 0.2, 3.0 + number))
    source = model.write(context.folder)
    models = {"small": source}
    data = reported(ingest.RACE, ingest.race(context, models))
    row = dict(zip(data["columns"], data["rows"][0], strict=True))
    assert row["meshed ours"] == row["meshed peer"] == 3
    assert row["volumes equal"] == "3 of 3"
    data = reported(tiles.RACE, tiles.race(context, models))
    row = dict(zip(data["columns"], data["rows"][0], strict=True))
    assert row["triangles ours"] == row["triangles peer"] == 36
    assert row["XKT kB"] is None
    parts = [row[f"{part} kB"] for part in PARTS]
    assert min(parts) > 0
    assert 0.8 < sum(parts) / row["kB gzip"] < 1.2
    for name in (XKT, FRAG):
        (folder_of(context, "small") / name).parent.mkdir(parents=True, exist_ok=True)
        (folder_of(context, "small") / name).write_bytes(bytes(10_000))
    beside = tiles.race(context, models)
    row = dict(zip(data["columns"], beside.rows[0], strict=True))
    assert row["geometry of XKT"] == pytest.approx(row["geometry kB"] / 10)
    assert row["all of frag"] == pytest.approx(row["kB gzip"] / 10)
    assert "everything in 0.5 of .frag: 1 of 1" in beside.verdict
    folder, _ = built.once(context, "small", source)
    tile = next((folder / "tiles").glob("*.glb"))
    tile.write_bytes(tile.read_bytes()[:-40] + bytes(40))
    with pytest.raises(Exception):  # noqa: B017 - a broken stream may fail in many ways, but must not pass
        assert glb.of_tiles(folder / "tiles").triangles == 0


def test_the_gate_of_ingest_sees_missing_surplus_and_wrong_products():
    peer = {"a": "IfcWall", "b": "IfcSlab", "p": "IfcDistributionPort"}
    ours = {"a": ("Wall", "x/hybrid"), "b": ("Slab", "x/hybrid"), "r": ("Space", "x/hybrid"), "o": ("Door", "x/occ")}
    assert ingest.same_products(ours, peer) == ([], [], 1)
    assert ingest.same_products({"a": ours["a"]}, peer)[0] == ["b"]
    assert ingest.same_products({**ours, "z": ("Door", "x/hybrid")}, peer)[1] == ["z"]
    assert ingest.wrong_volumes({"a": 1.0, "b": 2.0}, {"a": 1.0005, "b": 2.01, "c": 1.0}) == (["b"], 2)


def test_the_gate_of_tiles_sees_lost_triangles_and_surface():
    def passed(triangles, area, bodies):
        checks = tiles.same_surface("t", glb.Drawn(triangles, area), {"triangles_drawn": 12}, bodies, 6.0)
        return [check.passed for check in checks]

    assert passed(12, {0: 6.01, 1: 40.0}, {0}) == [True, True]
    assert passed(11, {0: 6.0}, {0}) == [False, True]
    assert passed(12, {0: 5.9}, {0}) == [True, False]


def test_the_gates_of_the_store_see_lost_rows_and_wrong_answers():
    whole, few = {"object": [4, 6], "relation": [3]}, {"object": [2, 1], "relation": [0]}
    assert all(check.passed for check in store_publish.same_rows(whole, whole, few, 2))
    lost = {"object": [3, 3], "relation": [3]}
    assert not store_publish.same_rows(lost, whole, few, 2)[0].passed
    assert not store_publish.same_rows(whole, whole, {**few, "object": [2, 2]}, 2)[1].passed
    assert store_query.right("item of an object", {"gid": f"made/e{7:021d}"}, 2, 5)
    assert not store_query.right("item of an object", {"gid": f"made/e{8:021d}"}, 2, 5)


def test_the_gates_of_the_live_races_see_wrong_states(context):
    answer = live_history.ours(str(context.folder / "history.duckdb"), 300)
    assert live_history.holds(answer, 300)
    assert not live_history.holds({**answer, "rows": 299}, 300)
    assert not live_history.holds({**answer, "sum": answer["sum"] + 1}, 300)
    states = {live_hub.ours(20, 10, count)["state"] for count in (100, 101)}
    assert len(states) == 2
    good = {"rows": 1000, "last": [n % 300 / 10 for n in range(500, 1000)]}
    assert live_mqtt.right(good, 1000)
    assert not live_mqtt.right({**good, "rows": 999}, 1000)
    assert not live_mqtt.right({**good, "last": good["last"][::-1]}, 1000)


def test_the_sample_race_reads_phases_and_manifests(tmp_path):
    assert sample.phase("生成样例文件 generate                              12.3 s\n") == (
        "生成样例文件 generate",
        12.3,
    )
    assert sample.phase("  20,000 objects, 900,000 triangles, 12.0 MB of tiles, 400 MB peak") is None
    park = make_park(tmp_path / "park")
    make_version(park, "a1", "v1")
    (layer,) = sample.manifests(park.folder)
    layer["stats"] |= {"seconds": 1.0, "peak_rss": 100_000_000}
    count = layer["count"]
    assert [check.passed for check in sample.enough([layer], count, 0)] == [True, False]
    assert not sample.enough([layer], count - 1, 0)[0].passed
    phases = [("a generate", 30.0, 20.0), ("b ingest and publish", 100.0, 70.0)]
    outcome = sample.outcome(phases, [layer], [Check("stand-in", passed=True)])
    reported(sample.RACE, outcome)
    assert "over budget: ingest" in outcome.verdict


def test_a_failed_gate_shows_no_figures():
    outcome = Outcome(("a",), [(1.5,)], [Check("equal", passed=False, detail="1 of 2")], [Ratio("r", 2.0)], "We win.")
    race = Race("x", "X", "How.", lambda _context: outcome)
    for text in (as_text(race, outcome), page([(race, outcome)], "2026-01-01", machine(), versions(), 1)):
        assert "1 of 2" in text
        assert "We win" not in text
    assert as_data(race, outcome)["rows"] == []
    skipped = Outcome(skipped="the files are absent")
    assert "the files are absent" in as_text(race, skipped)
    assert "the files are absent" in page([(race, skipped)], "2026-01-01", machine(), versions(), 1)


def test_a_contestant_that_fails_fails_its_race(context):
    def run(_context):
        child(["false"])

    outcome = bench.run(Race("x", "X", "", run), context)
    assert not outcome.passed
    assert "ended with 1" in outcome.checks[0].detail


def test_a_child_is_measured_without_its_parents_memory():
    ballast = bytearray(200_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    cost, text = child(["/bin/sh", "-c", "echo hello"])
    assert text == "hello\n"
    assert 0 < cost.rss < 100_000_000
    del ballast


def burn():
    """A contestant."""
    timer = Timer()
    with timer.run():
        total = sum(n * n for n in range(100_000))
    return timer.row(total=total)


def test_a_contestant_in_its_own_process_gives_cost_and_answer():
    one = solo.call(burn)
    assert one.answer == {"total": sum(n * n for n in range(100_000))}
    assert one.cost.cpu > 0
    assert one.cost.rss > 1_000_000
    with pytest.raises(Failed, match="ended with"):
        solo.call(burn, unknown=1)


def test_rounds_take_turns_and_medians_are_told():
    order = []
    costs = iter(range(100))

    def contestant(name):
        def run():
            order.append(name)
            return Sample(Cost(float(next(costs)), 10, 1.0), {})

        return run

    samples = interleaved({"a": contestant("a"), "b": contestant("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert middle(samples["a"]).cpu == 3.0


def test_races_are_chosen_by_name_or_first_part(capsys):
    names = [race.name for race in RACES]
    assert len(set(names)) == len(names)
    assert chosen([]) == list(RACES)
    assert [race.name for race in chosen(["live", "tiles"])] == [
        "tiles", "live-hub", "live-stream", "live-history", "live-mqtt", "live-load",
        "live-fanout",
    ]  # fmt: skip
    assert chosen(["nothing"]) is None
    assert bench.main(["--list"]) == 0
    assert all(name in capsys.readouterr().out for name in names[:1])
    for wrong in (["nothing"], ["--write"], ["ingest", "--write"], ["--date", "soon"]):
        with pytest.raises(SystemExit) as ended:
            bench.main(wrong)
        assert ended.value.code == 2


def test_numbers_are_told_with_three_digits():
    assert [shown(value) for value in (1234567, 1234.5, 123.4, 12.34, 0.01234, None, math.nan, "x")] == [
        "1,234,567", "1,234", "123", "12.3", "0.0123", "–", "–", "x",
    ]  # fmt: skip
    assert times(2.0) == "2 times fewer"
    assert times(0.5) == "2 times more"
    assert geomean([1.0, 4.0]) == pytest.approx(2.0)
    assert dataclasses.astuple(Ratio("r", 1.0)) == ("r", 1.0)


def test_the_page_takes_one_races_new_figures_and_keeps_the_others():
    old = (
        "# Benchmarks\n\nhead\n\n## Summary\n\n| race | measure | times better |\n|---|---|---:|\n| [T](#one) | CPU | 2 |\n"
        "| [U](#two) | CPU | 3 |\n\n## one\n\nold figures\n\n## two\n\nother figures\n"
    )
    outcome = Outcome(("file",), [(1,)], [], [Ratio("CPU", 5.0)], "better", ["a note"])
    machine_row = {"processor": "x", "cores": "2", "load": "1.0"}
    for name in ("one", "new"):
        race = Race(name, "T", "M", ingest.run)
        text = renewed(old, [(race, outcome)], "2026-11-26", machine_row, {"a": "1"})
        assert ("old figures" in text) == (name == "new")
        assert "other figures" in text
        assert text.count(f"\n## {name}\n") == 1
        assert f"| [T](#{name}) | CPU | 5 |" in text
        assert "| [U](#two) | CPU | 3 |" in text
        assert "A later run than the page's: 2026-11-26" in text
