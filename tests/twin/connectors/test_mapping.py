"""mappings.yaml: from an address to a point, with scaling and units; faults are named with their line."""

from __future__ import annotations

import math

import pytest

from twin.connectors.mapping import FILE, MappingEntry, PointTable, read_mappings, wire, wire_all
from twin.connectors.mapping_file import put_entry, remove_entry, revision_of
from twin.errors import Conflict, Invalid, NotFound
from twin.state.point import PointSpec
from twin.state.units import UNITS, conversion

POINTS = [
    PointSpec("t", "g", unit="°C", source="mqtt:park/t"),
    PointSpec("e", "g", unit="kWh"),
    PointSpec("door", "g", unit=""),
]


def entries(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return [placed.entry for placed in read_mappings(tmp_path / FILE)]


def value(raw, text="", **fields):
    entry = MappingEntry(connector="c", address="a", **{"point": "t", **fields})
    return wire(entry, "modbus", PointTable(POINTS)).scaling(raw, text)


def test_entries_are_read(tmp_path):
    found = entries(
        tmp_path,
        """
- connector: plant
  address: 40001
  point: e
  scale: 1e-3
  unit: Wh
- {connector: plant, address: d, point: door, values: {on: 1, off: 0, true: 1, 2: 5}, min_interval_s: 5}
""",
    )
    assert (found[0].address, found[0].scale, found[0].unit) == ("40001", 1e-3, "Wh")
    assert found[1].values == {"on": 1, "off": 0, "true": 1, "2": 5}
    assert read_mappings(tmp_path / "none.yaml") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {connector: c, address: a, point: t, scale: 0}", "line 1: scale is 0"),
        ("\n\n- connector: c\n  address: a\n  point: t\n  unit: furlong", "line 6: unit is 'furlong': expected a unit"),
        ("- {connector: c, address: a}", "line 1: point is missing"),
        ("- connector: c\n  address: a\n  pint: t\n  point: t", "line 3: pint is unknown"),
        ("- {connector: c, address: a, point: t, scale: .nan}", "line 1: scale is nan"),
        (
            "- {connector: c, address: a, point: t}\n- {connector: c, address: a, point: e}",
            "line 2: address 'a' of conn",
        ),
        ("- {connector: c, connector: d, address: a, point: t}", "line 1: 'connector' stands twice"),
        ("- connector: [", "no valid YAML"),
        ("points: []", "line 1: 'points' is unknown; expected mappings"),
        ("- x", "line 1: expected an entry with connector, address, point"),
        ("- {connector: c, address: a, point: t, values: {on: high}}", "line 1: values.on is 'high'"),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, text, says):
    with pytest.raises(Invalid) as caught:
        entries(tmp_path, text)
    assert says in str(caught.value)
    assert FILE in str(caught.value)


def test_values_are_scaled_and_converted():
    assert value(212.0, unit="°F") == pytest.approx(100)
    assert value(2731.5, scale=0.1, unit="K") == pytest.approx(0)
    assert value(10.0, scale=2, offset=1) == 21
    assert value(5000.0, point="e", unit="Wh") == pytest.approx(5)
    assert value(7.2, point="e", unit="MJ") == pytest.approx(2)
    assert value(math.nan, "open", point="door", values={"open": 1.0}) == 1
    assert value(2.0, point="door", values={"2": 9.0}) == 9
    assert value(1.0, "true", point="door", values={"true": 3.0}) == 3
    assert math.isnan(value(math.nan, "ajar", point="door", values={"open": 1.0}))


def test_a_pair_of_units_without_conversion_is_an_error_that_names_it():
    with pytest.raises(Invalid, match=r"'kWh' cannot be converted to '°C': kWh is converted to J, kJ, MJ, GJ, Wh, MWh"):
        value(1.0, unit="kWh")
    with pytest.raises(Invalid, match="'furlong' is no unit"):
        conversion("furlong", "m")
    assert conversion("", "°C") == conversion("odd", "odd") == conversion("%", "%RH") == (1.0, 0.0)


def test_every_conversion_goes_there_and_back():
    for one in UNITS:
        for other in UNITS:
            if one.quantity == other.quantity:
                factor, shift = conversion(one.name, other.name)
                back, rest = conversion(other.name, one.name)
                assert (7.0 * factor + shift) * back + rest == pytest.approx(7.0)


def test_what_does_not_fit_is_told_and_the_rest_works():
    given = [
        MappingEntry(connector="plant", address="1", point="t"),
        MappingEntry(connector="plant", address="2", point="gone"),
        MappingEntry(connector="gone", address="3", point="t"),
        MappingEntry(connector="plant", address="4", point="e", unit="°C"),
        MappingEntry(connector="mqtt", address="park/t", point="e"),
        MappingEntry(connector="mqtt", address="park/t/2", point="t"),
    ]
    wired, problems = wire_all(given, {"plant": "modbus", "mqtt": "mqtt"}, POINTS)
    assert {name: list(found) for name, found in wired.items()} == {"plant": ["1"], "mqtt": ["park/t/2"]}
    assert "Point 'gone' is unknown" in problems["plant", "2"]
    assert "Connector 'gone' is unknown: expected one of mqtt, plant" in problems["gone", "3"]
    assert "'°C' cannot be converted to 'kWh'" in problems["plant", "4"]
    assert "is the source of point 't'" in problems["mqtt", "park/t"]


TEXT = """# Our plant.
mappings:
  # The boiler.
  - connector: c
    address: a   # supply
    point: t
  # The meter.
  - {connector: c, address: b, point: e}  # main
"""


def test_changing_one_entry_leaves_the_rest_as_it_was(tmp_path):
    path = tmp_path / FILE
    path.write_text(TEXT, encoding="utf-8")
    revision = revision_of(path)
    put_entry(path, MappingEntry(connector="c", address="a", point="t", scale=1e-5), revision=revision)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(
        "# Our plant.\nmappings:\n  # The boiler.\n  - {connector: c, address: a, point: t, scale: 1.0e-05}\n"
    )
    assert text.endswith("  # The meter.\n  - {connector: c, address: b, point: e}  # main\n")
    with pytest.raises(Conflict, match="has changed"):
        put_entry(path, MappingEntry(connector="c", address="a", point="t"), revision=revision)
    put_entry(path, MappingEntry(connector="c", address="层 3: x", point="door", values={"on": 1}))
    put_entry(path, MappingEntry(connector="c", address="b2", point="e"), replaces=("c", "b"))
    found = [placed.entry for placed in read_mappings(path)]
    assert [(one.address, one.scale) for one in found] == [("a", 1e-5), ("b2", 1.0), ("层 3: x", 1.0)]
    assert found[2].values == {"on": 1}
    remove_entry(path, ("c", "a"))
    remove_entry(path, ("c", "层 3: x"))
    assert [placed.entry.address for placed in read_mappings(path)] == ["b2"]
    assert "# The meter." in path.read_text(encoding="utf-8")
    remove_entry(path, ("c", "b2"))
    assert read_mappings(path) == []
    put_entry(path, MappingEntry(connector="c", address="new", point="t"))
    assert [placed.entry.address for placed in read_mappings(path)] == ["new"]


def test_a_new_file_is_made(tmp_path):
    path = tmp_path / FILE
    put_entry(path, MappingEntry(connector="c", address="1", point="2"))
    put_entry(path, MappingEntry(connector="c", address="on", point="t"))
    assert [placed.entry.address for placed in read_mappings(path)] == ["1", "on"]
    assert path.read_text(encoding="utf-8").startswith("# Addresses")


def test_clashes_and_what_is_not_there_are_told(tmp_path):
    path = tmp_path / FILE
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(Conflict, match="already"):
        put_entry(path, MappingEntry(connector="c", address="b", point="t"), replaces=("c", "a"))
    with pytest.raises(NotFound, match="no address 'x'"):
        put_entry(path, MappingEntry(connector="c", address="y", point="t"), replaces=("c", "x"))
    with pytest.raises(NotFound, match="no address 'x'"):
        remove_entry(path, ("c", "x"))
    assert path.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("text", ["[{connector: c, address: a, point: t}]", "- {connector: c, address: a, point: t}\n"])
def test_every_layout_is_changed_rightly_or_refused(tmp_path, text):
    path = tmp_path / FILE
    path.write_text(text, encoding="utf-8")
    try:
        put_entry(path, MappingEntry(connector="c", address="b", point="t"))
    except Invalid:
        assert path.read_text(encoding="utf-8") == text
    else:
        assert [placed.entry.address for placed in read_mappings(path)] == ["a", "b"]
