"""`parktwin devices`, with and without a running server."""

from __future__ import annotations

import csv
import json

import httpx

from tests.cli.test_serve import server  # noqa: F401  the fixture
from tests.support.files import footprints

BRICK = """
@prefix brick: <https://brickschema.org/schema/Brick#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix b: <http://example.org/b#> .
b:fan a brick:Fan ; rdfs:label "{name}" ; brick:hasPoint b:t .
b:t a brick:Zone_Temperature_Sensor .
b:other a brick:Fan ; rdfs:label "nothing like it" .
"""


def walk(cli, park, tmp_path):
    assert "No device" in cli("devices", "list", park).stdout
    made = cli.json(
        "devices", "add", park, "s-1", "--set", "name=温度", "--set", "tags=a;b", "--set", "installed=2024-01-31"
    )
    assert (made["tags"], made["installed"]) == (["a", "b"], "2024-01-31")
    assert cli.json("devices", "change", park, "s-1", "--set", "firmware=2")["version"] == 2
    wrong = cli("devices", "change", park, "s-1", "--set", "installed=soon", check=False)
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines())) == (3, 1)
    assert cli("devices", "show", park, "nobody", check=False).returncode == 4
    assert cli("devices", "add", park, "s-1", check=False).returncode == 5

    empty = tmp_path / "list.xlsx"
    cli("devices", "template", empty)
    assert cli.json("devices", "import", park, empty)["rows"] == []
    file = tmp_path / "list.csv"
    cli("devices", "export", park, file)
    file.write_text(file.read_text(encoding="utf-8-sig") + "s-2,b\r\n", encoding="utf-8")
    assert cli.json("devices", "import", park, file, "--dry-run")["counts"]["add"] == 1
    assert cli.json("devices", "list", park)["total"] == 1
    assert cli.json("devices", "import", park, file)["counts"] == {"add": 1, "change": 0, "same": 1, "refuse": 0}
    file.write_text(file.read_text() + "s/3,c\r\n")
    refused = cli("devices", "import", park, file, check=False)
    assert (refused.returncode, "row 4" in refused.stderr) == (3, True)
    assert cli.json("devices", "list", park, "--filter", "tag=a")["total"] == 1
    assert "s-2" in cli("devices", "list", park).stdout

    token = cli.json("devices", "credential", park, "s-1", "http")
    cli("devices", "revoke", park, "s-1", "http")
    assert cli("devices", "revoke", park, "s-1", "http", check=False).returncode == 4
    cli("devices", "retire", park, "s-2", "--reason", "broken")
    cli("devices", "restore", park, "s-2")
    shown = cli.json("devices", "show", park, "s-2")
    assert [row["action"] for row in shown["history"]] == ["restore", "retire", "create"]
    assert "broken" in cli("devices", "show", park, "s-2").stdout
    assert token["secret"].startswith("ptd_")


def bound(cli, park, tmp_path):
    name = cli.json("sql", park, "SELECT gid FROM object ORDER BY gid LIMIT 1")["rows"][0][0]
    (tmp_path / "b.ttl").write_text(BRICK.format(name=name))
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules:\n  - {name: gid, of: name, fields: [name], threshold: 1}\n")
    report, points = tmp_path / "report.csv", tmp_path / "points.csv"
    found = cli.json("devices", "bind", park, tmp_path / "b.ttl", "--rules", rules)
    assert found["counts"]["equipment"]["unmatched"] == 2
    (tmp_path / "b.ttl").write_text(
        BRICK.format(name=name).replace("b:fan a brick:Fan", f'b:fan a brick:Fan ; <urn:parktwin:schema#gid> "{name}"')
    )
    cli("devices", "bind", park, tmp_path / "b.ttl", "--report", report, "--points", points, "--register")
    rows = {row["id"]: row for row in csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines())}
    assert (rows["fan"]["result"], rows["fan"]["target"], rows["other"]["result"]) == ("bound", name, "unmatched")
    (lacking,) = csv.DictReader(points.read_text(encoding="utf-8-sig").splitlines())
    assert (lacking["point_id"], lacking["gid"], lacking["kind"]) == ("t", name, "temperature")
    assert cli.json("devices", "show", park, "fan")["gid"] == name
    cli("devices", "export", park, tmp_path / "out.ttl")
    assert "brick:Fan" in (tmp_path / "out.ttl").read_text()
    cli("devices", "export", park, tmp_path / "out.json")
    assert any(row["id"]["val"] == "device:fan" for row in json.loads((tmp_path / "out.json").read_text())["rows"])
    assert cli("devices", "bind", park, tmp_path / "list.csv", check=False).returncode == 3


def test_without_a_server(cli, park, tmp_path):
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))
    walk(cli, park, tmp_path)
    bound(cli, park, tmp_path)
    assert cli("devices", "credential", park, "s-1", "mqtt", check=False).returncode == 7
    rows = cli.json("sql", park, "SELECT action, who FROM audit ORDER BY id")["rows"]
    assert [row[0] for row in rows] == [
        "device.create", "device.change", "device.import", "device.import", "device.credential", "device.revoke",
        "device.retire", "device.restore", "device.bind",
    ]  # fmt: skip
    assert {row[1] for row in rows} == {"command-line"}


def test_beside_a_server(cli, park, tmp_path, server):  # noqa: F811
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))
    walk(cli, park, tmp_path)
    bound(cli, park, tmp_path)
    given = cli.json("devices", "credential", park, "s-1", "mqtt")
    assert given["user"] == "device-s-1"
    assert given["publish"] == ["devices/s-1/#"]
    assert httpx.get(f"{server}/api/v1/devices", trust_env=False).status_code == 401
