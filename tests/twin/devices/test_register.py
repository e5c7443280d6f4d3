from __future__ import annotations

import pytest

from twin.devices.device import check
from twin.devices.register import DeviceRegister
from twin.errors import Conflict, Invalid, NotFound


def test_registered_changed_and_kept_over_a_restart(register, clock, graph):
    made = register.create(
        "s-1", {"name": "温度 1", "kind": "sensor", "tags": "x; y;x", "installed": "2024-02-29"}, "li"
    )
    assert (made.tags, made.installed, made.version) == (("x", "y"), "2024-02-29", 1)
    clock.advance(60)
    changed = register.change("s-1", {"firmware": "2.1", "heartbeat_s": "30"}, "wang", version=1)
    assert (changed.firmware, changed.heartbeat_s, changed.version) == ("2.1", 30.0, 2)
    again = DeviceRegister(graph.db, clock)
    assert again.get("s-1") == changed
    history = again.history("s-1")
    assert history["total"] == 2
    newest, oldest = history["items"]
    assert (newest["who"], newest["action"]) == ("wang", "change")
    assert newest["detail"] == {"firmware": ["", "2.1"], "heartbeat_s": [None, 30.0]}
    assert newest["at"] - oldest["at"] == 60_000
    assert oldest["detail"]["tags"] == [None, ["x", "y"]]


def test_a_change_between_reading_and_writing_is_told(register):
    register.create("s-1", {}, "li")
    register.change("s-1", {"notes": "a"}, "li")
    with pytest.raises(Conflict, match="version 2, read was 1"):
        register.change("s-1", {"notes": "b"}, "li", version=1)
    assert register.get("s-1").notes == "a"


def test_nothing_changed_leaves_no_trace(register):
    register.create("s-1", {"notes": "a"}, "li")
    before = register.revision
    assert register.change("s-1", {"notes": "a"}, "li").version == 1
    assert (register.revision, register.history("s-1")["total"]) == (before, 1)


def test_retiring_keeps_everything_and_gateways_wait(register):
    register.create("g", {"kind": "gateway"}, "li")
    register.create("s", {"parent": "g"}, "li")
    with pytest.raises(Conflict, match="gateway of s"):
        register.set_state("g", "retired", "li")
    register.set_state("s", "retired", "li", "broken")
    with pytest.raises(Conflict, match="retired"):
        register.change("s", {"notes": "x"}, "li")
    with pytest.raises(Conflict, match="exists already"):
        register.create("s", {}, "li")
    register.set_state("g", "retired", "li")
    with pytest.raises(Invalid, match="expected a device in service"):
        register.set_state("s", "active", "li")
    assert [row["action"] for row in register.history("s")["items"]] == ["retire", "create"]
    assert register.history("s")["items"][0]["detail"] == {"reason": "broken"}


def test_gateways_make_no_ring(register):
    register.create("a", {}, "li")
    register.create("b", {"parent": "a"}, "li")
    with pytest.raises(Invalid, match="ring"):
        register.change("a", {"parent": "b"}, "li")
    with pytest.raises(Invalid, match="ring"):
        register.change("a", {"parent": "a"}, "li")
    with pytest.raises(Invalid, match="'nobody'"):
        register.change("a", {"parent": "nobody"}, "li")


@pytest.mark.parametrize("ident", ["", "a/b", "a.b", "a b", "+", "#", "-a", "x" * 65, "传感器"])
def test_ids_that_stand_in_no_topic(register, ident):
    with pytest.raises(Invalid, match="expected 1 to 64"):
        register.create(ident, {}, "li")


def test_an_unknown_device_is_named(register):
    with pytest.raises(NotFound, match="'nobody'"):
        register.get("nobody")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("installed", "31.3.2024"),
        ("maintain_every_days", "0"),
        ("maintain_every_days", "1.5"),
        ("maintain_every_days", True),
        ("heartbeat_s", "nan"),
        ("heartbeat_s", "inf"),
        ("heartbeat_s", "soon"),
        ("name", "x" * 201),
        ("name", "a\x07"),
        ("tags", 3),
        ("tags", [1]),
        ("groups", ";".join(str(n) for n in range(51))),
        ("parent", "a/b"),
        ("colour", "red"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named_with_its_value(field, value):
    clean, faults = check({field: value, "notes": "good"})
    assert clean == {"notes": "good"}
    assert [fault.field for fault in faults] == [field]
    assert field in str(faults[0])
