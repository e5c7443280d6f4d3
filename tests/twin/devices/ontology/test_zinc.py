from __future__ import annotations

import pytest

from twin.devices.ontology.haystack import read_haystack, write_haystack, write_haystack_zinc
from twin.devices.ontology.model import Description, Entity
from twin.devices.ontology.zinc import MARKER, read_trio, read_zinc
from twin.errors import Invalid

ZINC = """ver:"3.0" dis:"Our plant"
id,dis,site,equip,ahu,point,temp,air,discharge,sensor,siteRef dis:"Site",equipRef,unit,area,made
@s "House, 1","House, \\"1\\"",M,,,,,,,,,,,1_200.5m²,2020-01-02
@a,"AHU 1",,M,M,,,,,,@s,,,,2020-01-02T03:04:05Z UTC
@t,"Temp",,,,M,M,M,M,M,,@a "AHU 1","°C",,

"""
TRIO = """// our plant
dis: House 1
id: @s
site
area: 1200.5m²
doc:
  two
  lines
---
id: @a "AHU 1"
dis: "AHU: 1"
equip
ahu
siteRef: @s
---
id:@t
point
temp
air
discharge
sensor
equipRef:@a
unit: "°C"
"""


@pytest.mark.parametrize("text", [ZINC, TRIO, ZINC.replace("\n", "\r\n")])
def test_a_plant_is_read(text):
    found = read_haystack(text.encode())
    assert found.counts() == {"location": 1, "equipment": 1, "point": 1}
    unit, point = found.entities["a"], found.entities["t"]
    assert (unit.kind, unit.location) == ("ahu", "s")
    assert (point.kind, point.role, point.unit, point.parent) == ("supply_air_temperature", "measured", "°C", "a")


def test_values():
    (row,) = read_zinc(
        'ver:"3.0"\na,b,c,d,e,f,g,h,i,j,k\nT,-1.5e3kW,"\\u00b0\\n\\$",`http://x/,y`,N,[1,"a",],{x y:2},C(1,2),^air,NaN,NA\n'
    )
    assert row["a"] is True
    assert row["b"] == {"_kind": "number", "val": -1500.0, "unit": "kW"}
    assert (row["c"], row["d"]["val"], row["f"]) == ("°\n$", "http://x/,y", [1.0, "a"])
    assert "e" not in row
    assert row["g"] == {"_kind": "dict", "x": MARKER, "y": 2.0}
    assert [row[name]["val"] for name in "hij"] == ["C(1,2)", "^air", "NaN"]
    assert read_trio("x: true\ny: a, b\nz: 08:30\ndoc:\n  one\n  two\n")[0] == {
        "x": True, "y": "a, b", "z": {"_kind": "dateTime", "val": "08:30"}, "doc": "one\ntwo",
    }  # fmt: skip


def test_what_is_written_is_read_back_with_any_id():
    park = Entity(id="a1/2O2Fr$t~4园", sort="equipment", cls="IfcPump", name='泵 "1", $5\n', kind="pump")
    point = Entity(id="p#1", sort="point", cls="Point", name="t", kind="temperature", role="measured", unit="°C",
                   parent=park.id, location="gone/1", refs={"gid": "a1/x"})  # fmt: skip
    described = Description({one.id: one for one in (park, point)})
    assert read_haystack(write_haystack_zinc(described)).entities == read_haystack(write_haystack(described)).entities
    assert set(read_haystack(write_haystack_zinc(described)).entities) == {park.id, point.id}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ver:3\n", "Line 2 of the grid is empty"),
        ('ver:"3.0" ,\nid\n', "Line 1, character 11"),
        ('ver:"3.0"\nid,dis\n@a\n', "Line 3, character 3: 'its end' cannot be read, expected ',' and 2 cells"),
        ('ver:"3.0"\nid\n@a,@b\n', "expected the end of the line"),
        ('ver:"3.0"\nid\n<<\n', "grids inside grids are not read"),
        ('ver:"3.0"\nid\n' + "[" * 40 + "\n", "at most 20 levels"),
        ('ver:"3.0"\nid\n[1\n', "expected ',' or ']'"),
        ('ver:"3.0"\nid,point\n,M\n', "Row 1 of the grid has no id"),
        ("what is this", "Line 1: 'what is this' is no tag"),
        ('dis: "open\n', "Line 1, character 1"),
    ],
)
def test_what_cannot_be_read_is_named(text, said):
    with pytest.raises(Invalid) as error:
        read_haystack(text.encode())
    assert said in error.value.message
