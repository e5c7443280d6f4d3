"""A version that was made from an earlier one is the version that the whole build of its file makes."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from random import Random

import duckdb
import pytest

from scenes.build import ingest, ingesting, publish_version
from scenes.build.incremental.kept import MESHES
from scenes.build.supervise import run_worker
from scenes.diff.compare import compare
from scenes.sample_park import generate
from scenes.tiles.check.check import check_path
from tests.support.ifc_edits import LOCAL, SHAPED, WIDE, edited
from twin.errors import Unavailable
from twin.graph import GraphStore
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES
from twin.graph.tablefile import attach, delta_path, read_batches, read_table, table_path
from twin.park import Park
from twin.placing import Placing

IFC = Path(__file__).resolve().parents[5] / "shared" / "data" / "ifc"
SHARED = {  # file → how many of the local edits below are made at least without reading it whole
    "house-rooms/ExampleHOM.ifc": 4,
    "pcert/Building-Hvac.ifc": 5,
    "bcf-models/Architectural.ifc": 2,
    "webifc/example.ifc": 0,  # comments, and faults of syntax at no told place: always read whole
    "cjk/zh-revit2023-chs-complex.ifc": 10,
    "duplex/Ifc2x3_Duplex_Architecture.ifczip": 11,
    "samplehouse/Ifc4_SampleHouse.ifczip": 11,
}
DRAWN = {  # file → how many of the edits of shapes below are made without reading it whole, of as many as are given
    "fzk-haus/AC20-FZK-Haus.ifczip": 6,
    "duplex/Ifc2x3_Duplex_Architecture.ifczip": 3,
    "samplehouse/Ifc4_SampleHouse.ifczip": 3,
    "pcert/Building-Structural.ifc": 1,
}
TIMES = {"seconds", "cpu_seconds", "read_seconds", "peak_rss", "rebuilt", "whole"}


def new_park(folder: Path) -> Park:
    folder.mkdir(parents=True)
    (folder / "park.toml").write_text(
        '[park]\nid = "p"\nname = "P"\n[origin]\nlongitude = 114.4\nlatitude = 30.5\nheight = 20.0\n', encoding="utf-8"
    )
    return Park.load(folder)


class Twins:
    """A park in which a model grows version by version, and parks in which each version is built alone."""

    def __init__(self, folder: Path, text: bytes) -> None:
        self.folder, self.text = folder, text
        self.source = folder / "model.ifc"
        self.park = new_park(folder / "park")
        self.made = self.build(text)
        assert "rebuilt" not in self.made.stats

    def build(self, text: bytes, park: Park | None = None):
        self.source.write_bytes(text)
        self.text = text
        return ingest(park or self.park, self.source, layer="m", placing=Placing(use="local")).version

    def of(self, version, park: Park | None = None) -> Path:
        return (park or self.park).layers_folder / "m" / version.version

    def alone(self, number: int):
        park = new_park(self.folder / f"alone-{number}")
        version = self.build(self.text, park)
        assert "rebuilt" not in version.stats
        return self.of(version, park)


def told(folder: Path) -> dict:
    """What the manifest says, but for times and costs."""
    row = json.loads((folder / "layer.json").read_text(encoding="utf-8"))
    row["stats"] = {name: value for name, value in row["stats"].items() if name not in TIMES}
    return {name: value for name, value in row.items() if name != "built_at"}


def same(made: Path, whole: Path) -> None:
    """All tables row by row, all tiles byte by byte, the manifest."""
    for name in (*GRAPH_TABLES, *VERSION_TABLES):
        assert read_table(made, name).equals(read_table(whole, name)), name
    tiles = [{path.name: path.read_bytes() for path in (one / "tiles").iterdir()} for one in (made, whole)]
    assert tiles[0] == tiles[1]
    assert told(made) == told(whole)
    assert sorted(path.name for path in made.iterdir()) == sorted(path.name for path in whole.iterdir())


def difference(old: Path, new: Path) -> dict:
    """What `parktwin diff` says of two versions, but for the versions' own names and times."""
    return {name: value for name, value in compare(old, new).as_dict().items() if name not in ("old", "new")}


def edits_of(twins: Twins, edits: dict, seed: int):
    random = Random(seed)
    for number, (name, edit) in enumerate(edits.items()):
        text = edited(twins.text, edit, random)
        if text is not None:
            before, twins.made = twins.made, twins.build(text)
            yield name, before, twins.made, twins.alone(100 * seed + number)


def model_text(name: str) -> bytes:
    path = IFC / name
    if not path.exists():
        pytest.skip(f"shared data has no ifc/{name}")
    if path.suffix == ".ifc":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(one for one in archive.namelist() if one.endswith(".ifc")))


@pytest.fixture(scope="module")
def gatehouse(tmp_path_factory) -> bytes:
    """The smallest building of the sample park."""
    sample = generate(tmp_path_factory.mktemp("sample"))
    return next(source.path for source in sample.sources if source.layer == "g1").read_bytes()


def test_local_edits_of_our_own_model(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    ways = {}
    for name, before, made, whole in edits_of(twins, LOCAL, seed=1):
        same(twins.of(made), whole)
        ways[name] = made.stats.get("rebuilt")
        assert not ways[name] or ways[name]["from"] == before.version
    assert len([way for way in ways.values() if way]) >= 9, ways
    assert ways["header"]["objects"] == 0
    assert ways["many"]["objects"] >= 6


def test_wide_edits_are_read_whole(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    ways = {}
    for name, _before, made, whole in edits_of(twins, WIDE, seed=2):
        same(twins.of(made), whole)
        ways[name] = made.stats.get("whole")
    assert all(ways.values()), ways
    assert len(ways) >= 5


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_other_shapes_places_and_looks_are_drawn_anew(tmp_path, gatehouse):
    """And then texts change on top of that, and shapes again."""
    twins = Twins(tmp_path, gatehouse)
    drawn = 0
    for seed, edits in ((5, SHAPED), (6, {"name": LOCAL["name"], "word": LOCAL["word"]}), (7, SHAPED)):
        for name, before, made, whole in edits_of(twins, edits, seed):
            held = files(twins.of(before))
            same(twins.of(made), whole)
            assert files(twins.of(before)) == held, name  # what both share is not written to
            drawn += made.stats.get("rebuilt", {}).get("drawn", 0) > 0
            assert "defect" not in made.stats.get("whole", ""), name
    assert drawn >= 7


def test_shapes_without_what_the_earlier_version_kept_are_read_whole(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    (twins.of(twins.made) / MESHES).unlink()
    made = twins.build(edited(twins.text, SHAPED["moved"], Random(1)))
    assert made.stats["whole"] == "the earlier version keeps no meshes"
    assert "rebuilt" in twins.build(edited(twins.text, SHAPED["moved"], Random(2))).stats


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_shapes_places_and_looks_of_real_models(tmp_path, name):
    twins = Twins(tmp_path, model_text(name))
    drawn = 0
    for seed in (11, 12):
        for edit, _before, made, whole in edits_of(twins, SHAPED, seed):
            same(twins.of(made), whole)
            assert "defect" not in made.stats.get("whole", ""), edit
            drawn += made.stats.get("rebuilt", {}).get("drawn", 0) > 0
    assert drawn >= DRAWN[name]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_edits_of_real_models(tmp_path, name):
    twins = Twins(tmp_path, model_text(name))
    rebuilt = 0
    for edit, _before, made, whole in edits_of(twins, LOCAL | WIDE, seed=len(name)):
        same(twins.of(made), whole)
        assert made.stats.get("rebuilt") or made.stats.get("whole"), edit
        rebuilt += "rebuilt" in made.stats
    assert rebuilt >= SHARED[name]


def test_everything_that_reads_a_version_reads_it_alike(tmp_path, gatehouse):
    """Export and review read tables, queries attach them, the comparison joins two: with a delta on one side or both."""
    twins = Twins(tmp_path, gatehouse)
    first = twins.made
    steps = list(edits_of(twins, {name: LOCAL[name] for name in ("number", "name", "removed_property")}, seed=3))
    assert all("rebuilt" in made.stats for *_, made, _ in steps)
    made, whole = twins.of(steps[-1][2]), steps[-1][3]
    assert delta_path(made, "property").exists()
    assert table_path(made, "property").samefile(table_path(twins.of(first), "property"))
    for name in (*GRAPH_TABLES, *VERSION_TABLES):
        assert sum(len(batch) for batch in read_batches(made, name, 50)) == len(read_table(whole, name))
        with duckdb.connect() as con:
            attach(con, made, "made")
            attach(con, whole, "whole")
            for one, other in (("made", "whole"), ("whole", "made")):
                count = con.execute(
                    f'SELECT count(*) FROM (FROM {one}."{name}" EXCEPT ALL FROM {other}."{name}")'
                ).fetchone()
                assert count == (0,), name
    old = twins.of(first)
    assert difference(old, made) == difference(old, whole)
    assert difference(twins.of(steps[0][2]), made) == difference(steps[0][3], whole)
    assert difference(old, made)["items"]
    assert check_path(made / "tiles" / "tileset.json").issues == []


def test_publishing_moves_what_changed_and_gives_the_same_park(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    graph = GraphStore(twins.park)
    publish_version(graph, "m", twins.made.version)

    def rows():
        return {name: sorted(map(repr, graph.db.select(f'SELECT * FROM "{name}"', 10**7)[1])) for name in GRAPH_TABLES}

    for _name, before, made, _whole in edits_of(
        twins, {name: LOCAL[name] for name in ("name", "added_property", "amount", "many")}, seed=4
    ):
        earlier = rows()
        publish_version(graph, "m", made.version)
        moved = rows()
        assert moved != earlier
        graph.withdraw("m")
        publish_version(graph, "m", made.version)
        assert rows() == moved
        publish_version(graph, "m", before.version)  # and back
        assert rows() == earlier
        publish_version(graph, "m", made.version)
        assert rows() == moved
    graph.close()


def test_without_the_earlier_file_the_new_one_is_read_whole(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    for path in (twins.park.folder / "sources").iterdir():
        path.write_bytes(b"other")
    text = edited(twins.text, LOCAL["name"], Random(1))
    for path in (twins.park.folder / "sources").iterdir():
        path.unlink()
    made = twins.build(text)
    assert "not kept" in made.stats["whole"]


def test_other_settings_of_the_park_are_another_build(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    toml = twins.park.folder / "park.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("20.0", "21.0"), encoding="utf-8")
    twins.park = Park.load(twins.park.folder)
    made = twins.build(edited(twins.text, LOCAL["name"], Random(1)))
    assert not {"rebuilt", "whole"} & set(made.stats)


def test_a_worker_that_ends_on_a_change_is_followed_by_one_that_reads_the_file_whole(tmp_path, gatehouse, monkeypatch):
    twins = Twins(tmp_path, gatehouse)
    asked = []

    def run(spec, *rest):
        asked.append(spec.base)
        if spec.base is not None:
            (Path(spec.staging) / "tables").mkdir()
            raise Unavailable("the worker was ended by SIGSEGV", code="worker")
        return run_worker(spec, *rest)

    monkeypatch.setattr(ingesting, "run_worker", run)
    made = twins.build(edited(twins.text, SHAPED["moved"], Random(1)))
    assert [base is not None for base in asked] == [True, False]
    assert "ended" in made.stats["whole"]
    monkeypatch.undo()
    same(twins.of(made), twins.alone(1))


def test_a_broken_earlier_version_costs_nothing_but_time(tmp_path, gatehouse):
    twins = Twins(tmp_path, gatehouse)
    path = table_path(twins.of(twins.made), "object")
    os.truncate(path, path.stat().st_size // 2)
    made = twins.build(edited(twins.text, LOCAL["name"], Random(1)))
    assert "cannot be used" in made.stats["whole"]
    same(twins.of(made), twins.alone(1))
