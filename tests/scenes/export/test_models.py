"""IFC out of a park, and back in again."""

from __future__ import annotations

import shutil
import zipfile

import ifcopenshell
import pytest

from scenes.build import ingest
from scenes.build.sources import find_source, keep_source
from tests.support.export_models import HOSTILE
from tests.support.layers import make_park
from twin.errors import Conflict, Invalid, NotFound
from twin.graph import GraphStore
from twin.graph.layerfile import read_version, version_folder
from twin.graph.selection import Selection


def version_of(graph, layer):
    return read_version(version_folder(graph.park, layer, graph.layer(layer)["version"]))


def test_back_in_again(run, graph, tmp_path):
    """A storey, exported and read into a new park of the same origin: the same ids, properties, quantities, volumes."""
    storey = graph.db.rows("SELECT gid FROM object WHERE name = '2F' AND layer = 'a1'")[0]["gid"]
    done = run("ifc", Selection(under=storey))
    assert done.figures["not_ifc"] == 0
    assert done.figures["written"] == done.objects
    shutil.copy(done.path, tmp_path / "part.ifc")
    again = make_park(tmp_path / "again")
    version = ingest(again, tmp_path / "part.ifc", layer="a1").version
    other = GraphStore(again)
    try:
        other.publish("a1", version.version)
        cursor = graph.db.cursor()
        gids = [row[0] for row in cursor.execute(
            "WITH RECURSIVE d(gid) AS (SELECT ? UNION SELECT k.gid FROM object k JOIN d ON k.parent = d.gid) SELECT gid FROM d",
            [storey],
        ).fetchall()]  # fmt: skip
        assert len(gids) > 60
        for table, columns in (
            ("object", "gid, type, name, parent, storey, discipline, round(min_x, 3), round(max_z, 3)"),
            ("property", 'gid, "set", name, value, number, unit, origin'),
            ("quantity", 'gid, "set", name, round(value, 6), unit, origin'),
        ):
            query = f"SELECT {columns} FROM {table} WHERE gid IN (SELECT unnest(?)) ORDER BY ALL"
            before, after = (list(one.db.cursor().execute(query, [gids]).fetchall()) for one in (graph, other))
            assert before == after, table
            assert before
    finally:
        other.close()


def test_several_models_become_an_archive(run):
    with pytest.raises(Invalid, match="spans 2 models") as caught:
        run("ifc", Selection(type="Wall"))
    assert caught.value.code == "several-models"
    done = run("ifc", Selection(), archive=True)
    with zipfile.ZipFile(done.path) as archive:
        assert archive.namelist() == ["a1.ifc", "b1.ifc"]
    assert done.figures["not_ifc"] == done.layers["houses"] == 4


def test_what_is_from_no_model_is_counted_or_refused(run):
    with pytest.raises(Invalid, match="None of the 4 selected objects comes from an IFC model"):
        run("ifc", Selection(layer="houses"))


def test_hostile_names_survive(run, tmp_path):
    done = run("ifc", Selection(layer="a1", type="Wall"))
    shutil.copy(done.path, tmp_path / "walls.ifc")
    names = {wall.Name for wall in ifcopenshell.open(tmp_path / "walls.ifc").by_type("IfcWall")}
    assert names == set(HOSTILE)


def test_ingest_keeps_the_source(graph):
    version = version_of(graph, "a1")
    assert find_source(graph.park, version) == graph.park.folder / "sources" / "a1.ifc"


def test_sources_of_one_name_stand_side_by_side(tmp_path):
    park = make_park(tmp_path / "park")
    texts = [b"one", b"two"]
    kept = []
    for number, text in enumerate(texts):
        source = tmp_path / str(number) / "m.ifc"
        source.parent.mkdir()
        source.write_bytes(text)
        digest = str(number) * 64
        kept.append(keep_source(park, source, digest))
    assert [path.read_bytes() for path in kept] == texts
    assert keep_source(park, kept[0], "") == kept[0]  # in the park already: not copied


def test_a_source_that_is_gone_or_changed(graph, tmp_path):
    park = make_park(tmp_path / "park")
    version = version_of(graph, "a1")
    with pytest.raises(NotFound, match=r"a1.ifc, from which version .* is not in") as caught:
        find_source(park, version)
    assert caught.value.code == "no-source"
    (park.folder / "sources" / "a1.ifc").write_text("changed")
    with pytest.raises(Conflict, match="is no longer the file that version"):
        find_source(park, version)
    shutil.copytree(graph.park.folder / "sources", park.folder / "submissions" / "0a")
    assert find_source(park, version) == park.folder / "submissions" / "0a" / "a1.ifc"
