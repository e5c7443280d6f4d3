"""`parktwin embed`, with and without a running server."""

from __future__ import annotations

import httpx
import pytest

from tests.cli.test_serve import server  # noqa: F401  the fixture
from tests.support.files import footprints


@pytest.fixture
def layer(cli, park, tmp_path):
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))
    return "houses"


def walk(cli, park, layer):
    """Issue, list, revoke; returns the token."""
    assert cli.json("embed", "list", park) == {"tokens": []}
    made = cli.json(
        "embed", "issue", park, "web site", "--layer", layer, "--origin", "https://www.example.org", "--live"
    )
    assert (made["layers"], made["live"], made["created_by"]) == ([layer], True, "command-line")
    (row,) = cli.json("embed", "list", park)["tokens"]
    assert row["state"] == "active"
    assert "web site" in cli("embed", "list", park).stdout
    wrong = cli("embed", "issue", park, "b", "--layer", "nothing", check=False)
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines())) == (3, 1)
    assert cli("embed", "revoke", park, "nothing", check=False).returncode == 4
    return made


def test_without_a_server(cli, park, layer):
    made = walk(cli, park, layer)
    assert cli.json("embed", "revoke", park, made["id"])["state"] == "revoked"
    rows = cli.json("sql", park, "SELECT action, who FROM audit ORDER BY id")["rows"]
    assert rows == [["embed.issue", "command-line"], ["embed.revoke", "command-line"]]


def test_beside_a_server(cli, park, layer, server):  # noqa: F811
    made = walk(cli, park, layer)
    headers = {"Authorization": f"Bearer {made['token']}", "Origin": "https://www.example.org"}
    with httpx.Client(base_url=server, headers=headers, trust_env=False) as page:
        assert [row["layer"] for row in page.get("/tiles/scene.json").json()["layers"]] == [layer]
        cli("embed", "revoke", park, made["id"])
        assert page.get("/tiles/scene.json").json()["code"] == "token-revoked"
