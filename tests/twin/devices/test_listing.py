from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from twin.devices import listing
from twin.devices.groups import Groups
from twin.errors import Conflict, Invalid, NotFound

DAY_MS = 86_400_000


@pytest.fixture
def heard(register, clock):
    """Ten devices on the house: d0…d9, in turn online, offline, unreachable, unknown."""
    rooms = ["s0-r0", "s0-r1", "s1-r0", "s1-r1"]
    for n in range(10):
        register.create(
            f"d{n}",
            {
                "name": f"Device {n}", "gid": f"a1/{rooms[n % 4]}" if n < 8 else "", "kind": "meter" if n % 2 else "sensor",
                "model": f"M{n % 3}", "tags": ["even"] if n % 2 == 0 else [], "groups": ["g"] if n < 3 else [],
                "installed": "2023-01-01", "maintain_every_days": 100 * (n + 1),
            },
            "li",
        )  # fmt: skip
    return pa.table(
        {
            "id": [f"d{n}" for n in range(10)],
            "status": np.array([1, 2, 3, 0, 1, 2, 3, 0, 1, 2], dtype=np.int8),
            "heard_at": np.array([5, 4, 3, 0, 9, 8, 7, 0, 1, 2], dtype=np.int64),
        }
    )


def ids(register, heard, *filters, **options):
    return [int(row["id"][1:]) for row in listing.page(register, heard, filters, **options)["items"]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, list(range(10))),
        ({"q": "DEVICE 3"}, [3]),
        ({"q": "even"}, [0, 2, 4, 6, 8]),
        ({"status": "offline"}, [1, 5, 9]),
        ({"status": "unknown"}, [3, 7]),
        ({"kind": "meter", "model": "M1"}, [1, 7]),
        ({"tag": "even", "in_group": "g"}, [0, 2]),
        ({"storey": "a1/s1"}, [2, 3, 6, 7]),
        ({"type": "Space"}, [0, 1, 2, 3, 4, 5, 6, 7]),
        ({"gid": "a1/s0-r0"}, [0, 4]),
        # 2023-11-14 is day 317 of the year: 100, 200 and 300 days are over, 400 in 83 days
        ({"due": "0"}, [0, 1, 2]),
        ({"due": 82}, [0, 1, 2]),
        ({"due": 83}, [0, 1, 2, 3]),
    ],
)
def test_filters(register, heard, wanted, expected):
    assert ids(register, heard, wanted) == expected
    assert listing.ids(register, heard, [wanted]) == [f"d{n}" for n in expected]


def test_sorting_and_pages(register, heard):
    assert ids(register, heard, sort="heard_at", descending=True, limit=3) == [4, 5, 6]
    assert ids(register, heard, sort="heard_at", descending=True, limit=3, offset=3) == [0, 1, 2]
    assert ids(register, heard, sort="status")[:5] == [1, 5, 9, 2, 6]
    assert ids(register, heard, sort="storey_name")[-2:] == [8, 9]
    found = listing.page(register, heard, [{"tag": "even"}], limit=1)
    assert found["total"] == 5
    assert found["counts"] == {"unknown": 0, "online": 3, "offline": 0, "unreachable": 2}
    row = found["items"][0]
    assert (row["status"], row["storey_name"], row["due"], row["object_name"]) == (
        "online",
        "1F",
        "2023-04-11",
        "Space 100",
    )


def test_retired_devices_are_listed_only_where_they_are_asked_for(register, heard):
    register.set_state("d3", "retired", "li")
    assert 3 not in ids(register, heard, {})
    assert ids(register, heard, {"state": "retired"}) == [3]
    assert len(ids(register, heard, {"state": "all"})) == 10


@pytest.mark.parametrize(
    "wanted", [{"colour": "x"}, {"status": "gone"}, {"due": "soon"}, {"state": "x"}, {"due": "-1"}]
)
def test_a_wrong_filter_is_named(register, heard, wanted):
    with pytest.raises(Invalid, match=str(next(iter(wanted.values()))) if "colour" not in wanted else "colour"):
        ids(register, heard, wanted)
    with pytest.raises(Invalid, match="'colour'"):
        ids(register, heard, sort="colour")


def test_groups_by_name_and_by_question(register, heard):
    groups = Groups(register)
    assert [(group.id, dict(group.filter)) for group in groups.all()] == [("g", {})]
    groups.save("late", "Late ones", {"status": "offline", "kind": "meter"}, "li")
    assert ids(register, heard, groups.wanted("g")) == [0, 1, 2]
    assert ids(register, heard, groups.wanted("late")) == [1, 5, 9]
    assert ids(register, heard, groups.wanted("late"), {"model": "M1"}) == [1]
    assert groups.remove("late").name == "Late ones"
    with pytest.raises(NotFound, match="'late'"):
        groups.wanted("late")
    with pytest.raises(Conflict):
        groups.remove("g")
    with pytest.raises(Conflict):
        groups.save("g", "", {"kind": "meter"}, "li")
    for wrong in ({}, {"colour": "x"}, {"kind": ""}):
        with pytest.raises(Invalid, match="filter"):
            groups.save("x", "", wrong, "li")


def test_facets_are_what_is_there(register, heard):
    found = listing.facets(register)
    assert (found["kind"], found["model"], found["tag"]) == (["meter", "sensor"], ["M0", "M1", "M2"], ["even"])
    assert [row["name"] for row in found["storey"]] == ["1F", "2F"]
