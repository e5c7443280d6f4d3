"""The first register of a park: devices that its points name."""

from __future__ import annotations

from twin.devices.device import ID
from twin.devices.importing import carry_out
from twin.devices.of_points import lines_of_points


def test_every_device_of_a_point_is_one_row_with_an_id_of_its_own(graph, register):
    gids = [row["gid"] for row in graph.db.rows("SELECT gid FROM object WHERE type = 'Wall' ORDER BY gid LIMIT 3")]
    tags = ["T 1/ä", "T 1/ä", None]
    for gid, tag in zip(gids, tags, strict=True):
        graph.db.cursor().execute("UPDATE object SET tag = ? WHERE gid = ?", [tag, gid])
    rows = [f"p{number},{gids[0]},{gid},co2" for number, gid in enumerate([*gids, ""])]
    (graph.park.folder / "points.csv").write_text("\n".join(["point_id,gid,device,kind", *rows]), encoding="utf-8")
    graph.load_points()
    lines = lines_of_points(graph.db)
    assert [line.values["gid"] for line in lines] == gids
    ids = [str(line.values["id"]) for line in lines]
    assert ids[0] == "T-1"
    assert len(set(ids)) == 3
    assert all(ID.fullmatch(one) for one in ids)
    assert carry_out(register, lines, "me").counts()["add"] == 3
    assert carry_out(register, lines_of_points(graph.db), "me").counts()["same"] == 3
