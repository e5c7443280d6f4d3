from __future__ import annotations

import pytest

from server.models.diff import ChangeKind, DiffShape
from tests.server.conftest import API
from tests.support.layers import house, make_version, table
from twin.graph.layerfile import version_folder
from twin.graph.tablefile import table_path
from twin.layer import OBJECTS


def second(rename="Wall 100"):
    """The house with one wall renamed, one gone, one new."""
    draft = house()
    rows = [row for row in draft.objects.to_pylist() if row["id"] != "s1-w1"]
    for row in rows:
        if row["name"] == rename:
            row["name"] = "North wall"
    rows.append({**next(row for row in rows if row["id"] == "s0-w1"), "id": "s0-w9", "name": "Wall 109"})
    from dataclasses import replace

    return replace(draft, objects=table(OBJECTS, rows))


@pytest.fixture
def client(park, start):
    make_version(park, "a1", "v3", second())
    return start().sign_in()


def test_a_difference_has_the_documented_shape(client):
    answer = client.get(f"{API}/layers/a1/diff", params={"from": "v1", "to": "v3"})
    assert answer.status_code == 200, answer.text
    found = DiffShape.model_validate_json(answer.content)
    assert found.counts == {"added": 1, "deleted": 1, "renamed": 1}
    added, deleted, renamed = found.items
    assert (added.gid, deleted.gid, renamed.gid) == ("a1/s0-w9", "a1/s1-w1", "a1/s0-w0")
    assert [(change.old, change.new) for change in renamed.changes] == [("Wall 100", "North wall")]
    assert deleted.ordinal is None
    assert found.ranges["deleted"].old == [(deleted.old_ordinal, deleted.old_ordinal)]
    assert found.ranges["added"].new == [(added.ordinal, added.ordinal)]
    assert (found.layers.old.base, found.layers.new.base) == (0, None)
    assert added.state is None


def test_states_are_given_where_the_new_version_is_published(client):
    found = client.get(f"{API}/layers/a1/diff", params={"from": "v3", "to": "v1"}).json()
    renamed = next(item for item in found["items"] if item["kinds"] == ["renamed"])
    card = client.get(f"{API}/objects/card", params={"gid": renamed["gid"]}).json()
    assert renamed["state"] == card["state"]


def test_equal_versions_are_the_same(client):
    found = client.get(f"{API}/layers/a1/diff", params={"from": "v1", "to": "v2"}).json()
    assert found["same"]
    assert (found["items"], found["counts"], found["total"]) == ([], {}, 0)


def test_filters_and_pages(client):
    ask = {"from": "v1", "to": "v3"}
    assert [
        item["kinds"] for item in client.get(f"{API}/layers/a1/diff", params={**ask, "kind": "renamed"}).json()["items"]
    ] == [["renamed"]]
    page = client.get(f"{API}/layers/a1/diff", params={**ask, "limit": 1, "offset": 1}).json()
    assert ([item["gid"] for item in page["items"]], page["total"]) == (["a1/s1-w1"], 3)
    assert client.get(f"{API}/layers/a1/diff", params={**ask, "q": "north"}).json()["total"] == 1
    assert client.get(f"{API}/layers/a1/diff", params={**ask, "kind": "vanished"}).status_code == 422
    assert client.get(f"{API}/layers/a1/diff", params={**ask, "limit": 1001}).status_code == 422


def test_unknown_versions_and_layers_are_not_found(client, park):
    missing = client.get(f"{API}/layers/a1/diff", params={"from": "v9"})
    assert (missing.status_code, missing.json()["code"]) == (404, "no-version")
    assert client.get(f"{API}/layers/zz/diff").status_code == 404
    table_path(version_folder(park, "a1", "v2"), "fingerprint").unlink()
    old = client.get(f"{API}/layers/a1/diff", params={"from": "v2", "to": "v3"})
    assert (old.status_code, old.json()["code"]) == (409, "no-fingerprints")


def test_the_kinds_of_the_interface_are_those_of_the_comparison():
    from typing import get_args

    from scenes.diff import KINDS

    assert get_args(ChangeKind) == KINDS
