from __future__ import annotations

import pytest

from twin.devices.importing import carry_out, plan
from twin.devices.sheet import read_sheet
from twin.devices.sheet_write import write_csv
from twin.errors import Invalid

LIST = """id,name,gid,parent,serial
s-1,Renamed,a1/s0-r0,,1
s-2,Second,a1/s0-r1,g-new,2
g-new,Gateway,,,3
"""


@pytest.fixture
def lines():
    return read_sheet(LIST.encode(), "csv")


def rows(plan):
    return {row.id: (row.action, row.reasons, row.hints) for row in plan.rows}


def test_a_dry_run_says_what_would_be_done_and_does_nothing(register, lines):
    register.create("s-1", {"name": "First", "firmware": "1", "gid": "a1/s0-r0", "serial": "1"}, "li")
    before = register.revision
    found = plan(register, lines)
    assert found.counts() == {"add": 2, "change": 1, "same": 0, "refuse": 0}
    assert found.rows[0].changes == {"name": ["First", "Renamed"]}
    assert (register.revision, sorted(register.some())) == (before, ["s-1"])


def test_carrying_out_adds_and_changes_and_keeps_what_the_list_does_not_name(register, lines):
    register.create("s-1", {"name": "First", "firmware": "1"}, "li")
    carry_out(register, lines, "wang")
    first = register.get("s-1")
    assert (first.name, first.firmware, first.version) == ("Renamed", "1", 2)
    assert register.get("s-2").parent == "g-new"
    assert register.get("g-new").created_ms == register.clock.now_ms()
    history = register.history("s-1")["items"][0]
    assert (history["who"], history["detail"]["by"]) == ("wang", "import")
    assert plan(register, lines).counts() == {"add": 0, "change": 0, "same": 3, "refuse": 0}


def test_one_bad_row_and_nothing_is_taken(register, lines):
    bad = [*lines, *read_sheet(b"id,installed\ns-9,tomorrow\n", "csv")]
    with pytest.raises(Invalid, match=r"1 of 4 rows.*installed is 'tomorrow'") as told:
        carry_out(register, bad, "wang")
    assert register.some() == {}
    assert register.history("s-1")["total"] == 0
    assert told.value.detail["rows"][0]["id"] == "s-9"


def test_why_rows_are_refused(register):
    register.create("old", {}, "li")
    register.set_state("old", "retired", "li")
    data = "id,parent,heartbeat_s,gid\ns,,,a1/nowhere\ns,,,\nold,,,\na,b,,\nb,a,,\nc,nobody,,\nd,e,,\ne,,soon,\nf,d,,\n,,1,\n"
    found = rows(plan(register, read_sheet(data.encode(), "csv")))
    assert found["old"][1] == ["the device is retired; restore it before it is changed"]
    assert "ring" in found["a"][1][0]
    assert "ring" in found["b"][1][0]
    assert "'nobody'" in found["c"][1][0]
    assert "'e' is refused itself" in found["d"][1][0]
    assert "'d' is refused itself" in found["f"][1][0]
    assert "id is ''" in found[""][1][0]
    assert [row.action for row in plan(register, read_sheet(data.encode(), "csv")).rows[:2]] == ["add", "refuse"]


def test_hints_for_what_is_odd(register):
    register.create("x", {"serial": "7", "maker": "m"}, "li")
    found = rows(plan(register, read_sheet(b"id,gid,serial,maker\ns,a1/nowhere,7,m\nt,a1/s0-r0,8,m\n", "csv")))
    assert found["s"] == ("add", [], ["gid 'a1/nowhere' is no published object", "serial '7' is that of 'x' too"])
    assert found["t"] == ("add", [], [])


def test_what_is_exported_changes_nothing_when_it_is_imported(register, lines):
    carry_out(register, lines, "wang")
    register.change("s-1", {"notes": "=a", "tags": ["b", "c"], "heartbeat_s": 2.5, "installed": "2024-01-01"}, "li")
    data = write_csv([device.as_dict() for device in register.some().values()])
    assert plan(register, read_sheet(data, "csv")).counts()["same"] == 3
