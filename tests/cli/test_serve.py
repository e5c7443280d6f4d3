"""A served park and the command line beside it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys

import httpx
import pytest

from tests.cli.conftest import ROOT
from tests.support.files import footprints


@pytest.fixture
def server(park):
    """The park's server on a free port, without devices."""
    command = [sys.executable, "-u", "-m", "server.cli", "serve", str(park), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        url = next((line.split("serving at")[1].split()[0] for line in process.stdout if "serving at" in line), "")
        assert url
        yield url
        process.terminate()
        process.stdout.read()
        assert process.wait(30) == 0


def test_commands_talk_to_the_running_server(cli, park, server, tmp_path):
    assert httpx.get(f"{server}/readyz", trust_env=False).status_code == 200
    made = cli.json("ingest", park, footprints(tmp_path / "houses.geojson"))
    assert made["objects"] == 4
    assert [layer["layer"] for layer in cli.json("layers", park)["layers"]] == ["houses"]
    assert cli.json("sql", park, "SELECT count(*) FROM object")["rows"] == [[4]]
    assert cli("sql", park, "DELETE FROM object", check=False).returncode == 3
    second = cli.json("ingest", park, footprints(tmp_path / "houses.geojson", count=5))
    assert second["objects"] == 5
    assert cli.json("publish", park, "houses", "--version", made["version"])["objects"] == 4
    points = tmp_path / "points.csv"
    points.write_text("point_id,gid,kind\np1,houses/n0,temperature\n", encoding="utf-8")
    assert cli.json("points", park, points)["points"] == 1


def test_a_park_is_not_served_twice(cli, park, server):
    done = cli("serve", park, "--port", "0", check=False)
    assert done.returncode == 5
    assert server in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert httpx.get(f"{server}/healthz", trust_env=False).status_code == 200


def test_a_port_in_use_is_named(cli, park):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cli("serve", park, "--port", port, check=False)
    assert done.returncode == 5
    assert str(port) in done.stderr
    assert "--port" in done.stderr
    assert cli.json("layers", park)["layers"] == []


def test_doctor_sees_a_layer_without_its_files(cli, park, tmp_path):
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))

    def layer_check():
        document = json.loads(cli("doctor", park, "--json", check=False).stdout)
        return next(check for check in document["checks"] if check["name"] == "layer houses")

    assert layer_check()["ok"]
    shutil.rmtree(next((park / "layers" / "houses").iterdir()))
    assert not layer_check()["ok"]
    assert "ingest it again" in layer_check()["fix"]


def test_a_lost_password_is_replaced_beside_a_stopped_server(cli, park):
    command = [sys.executable, "-u", "-m", "server.cli", "serve", str(park), "--port", "0"]

    def serving():
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    with serving() as process:
        next(line for line in process.stdout if "serving at" in line)
        assert cli("password", park, check=False).returncode == 5
        process.terminate()
        process.stdout.read()
        process.wait(30)
    made = cli.json("password", park)
    with serving() as process:
        url = next(line.split("serving at")[1].split()[0] for line in process.stdout if "serving at" in line)
        answer = httpx.post(
            f"{url}/api/v1/session", json={"username": "admin", "password": made["password"]}, trust_env=False
        )
        process.terminate()
        process.stdout.read()
        process.wait(30)
    assert answer.status_code == 200
