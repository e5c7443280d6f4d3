"""The graph of every shared model against an independent walk over it (roundtrip_oracle.py)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import pytest

from bim.graph.whole import graph_tables
from bim.source.open_model import open_model
from tests.bim.ifc_files import SHARED
from tests.bim.roundtrip_oracle import LIST, NOTHING, NUMBER, TEXT, Oracle
from twin.errors import Invalid
from twin.layer import RELATION_KINDS

IFC = SHARED / "ifc"
MADE_BY_READER = {
    "Attributes", "LinearPlacement", "MaterialLayerSetUsage", "MaterialProfileSetUsage",
    "MaterialProfileSetUsageTapering", "RelSequence",
}  # fmt: skip
"""Sets that the reader makes of attributes; get_psets does not know them."""


def every_model():
    if not IFC.is_dir():
        return []
    return sorted(
        str(path.relative_to(IFC)) for path in IFC.rglob("*") if path.suffix.lower() in {".ifc", ".ifczip", ".ifcxml"}
    )


class Read:
    """The reader's tables by row of `objects`."""

    def __init__(self, tables):
        self.objects = tables.objects.to_pylist()
        self.ids = [row["id"] for row in self.objects]
        self.kinds = {row["id"]: row["kind"] for row in tables.concepts.to_pylist()}
        self.names = {row["id"]: row["name"] for row in tables.concepts.to_pylist()}
        self.targets = defaultdict(list)
        for source, kind, target in zip(
            *(tables.relations[c].to_pylist() for c in ("source", "kind", "target")), strict=True
        ):
            assert kind in RELATION_KINDS
            self.targets[source, kind].append(target)
        self.properties = defaultdict(lambda: defaultdict(list))
        columns = [tables.properties[c].to_pylist() for c in ("id", "set", "name", "value", "number")]
        for local, title, name, value, number in zip(*columns, strict=True):
            self.properties[local][title, name].append((value, number))
        self.quantities = defaultdict(lambda: defaultdict(list))
        for local, title, name, value in zip(
            *(tables.quantities[c].to_pylist() for c in ("id", "set", "name", "value")), strict=True
        ):
            self.quantities[local][title, name].append((None, value))

    def materials(self, local):
        """Names of the materials behind `made_of`, a set's opened up."""
        found = set()
        for target in self.targets[local, "made_of"]:
            members = self.targets[target, "made_of"] if self.kinds[target] == "material_set" else [target]
            found.update(self.names[member] for member in members)
        return found


def agrees(expected, told):
    """Whether one of the rows says what is expected."""
    kind, value = expected
    if kind == NUMBER:
        return any(
            number is not None and math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-12) for _, number in told
        )
    if kind == TEXT:
        return any(text == value for text, _ in told)
    if kind == NOTHING:
        return any(text is None for text, _ in told)
    if value is None or not all(isinstance(part, str) for part in value):
        return True  # bounds, tables and lists of numbers are text with units: tests/bim/test_properties.py
    return any(text == (", ".join(filter(None, value)) or None) for text, _ in told)


def differences(expected, told, times):
    """What is expected and not told, told more or less often than it stands there, and told and not expected."""
    for key, value in expected.items():
        if key not in told:
            yield f"{key}: missing, expected {value}"
        elif not agrees(value, told[key]):
            yield f"{key}: {told[key]}, expected {value}"
        elif len(told[key]) != times[key]:
            yield f"{key}: {told[key]}, expected {times[key]} times"
    lists = tuple(name for (_, name), (kind, _) in expected.items() if kind == LIST)
    for key in told:
        title, name = key
        if key not in expected and title not in MADE_BY_READER and not name.startswith(lists or ("\0",)):
            yield f"{key}: {told[key]} is told and not in the model"


def opened_model(name):
    try:
        return open_model(IFC / name)
    except Invalid:
        pytest.skip("refused: tests/bim/test_shared_files.py holds the reason")


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", every_model())
def test_the_graph_says_what_the_model_says(name):
    opened = opened_model(name)
    oracle = Oracle(opened.file)
    read = Read(graph_tables(opened))
    assert Counter(row["ifc_class"] for row in read.objects) == oracle.classes()
    local_of = {entity.id(): local for entity, local in zip(oracle.products, read.ids, strict=True)}
    wrong = []
    for entity, row in zip(oracle.products, read.objects, strict=True):
        local = row["id"]
        told = {
            "class": row["ifc_class"], "parent": row["parent"], "type": set(read.targets[local, "typed_by"]),
            "materials": read.materials(local), "groups": set(read.targets[local, "member_of"]),
            "classifications": set(read.targets[local, "classified_as"]),
        }  # fmt: skip
        kind = oracle.type(entity)
        expected = {
            "class": entity.is_a(), "parent": local_of.get(oracle.parent(entity)), "type": {kind} if kind else set(),
            "materials": set(oracle.materials(entity)), "groups": oracle.groups(entity),
            "classifications": {
                f"classification:{system or '-'}:{code or '?'}" for system, code in oracle.classifications(entity)
            },
        }  # fmt: skip
        wrong += [
            f"#{entity.id()} {key}: {told[key]}, expected {expected[key]}" for key in told if told[key] != expected[key]
        ]
        said = oracle.said(entity)
        for what, rows in ((said.properties, read.properties[local]), (said.quantities, read.quantities[local])):
            wrong += [f"#{entity.id()} {difference}" for difference in differences(what, rows, said.rows)]
    assert not wrong, f"{len(wrong)} differences, such as\n" + "\n".join(wrong[:20])


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", every_model())
def test_what_is_no_product_and_how_all_is_related(name):
    opened = opened_model(name)
    oracle = Oracle(opened.file)
    tables = graph_tables(opened)
    read = Read(tables)
    rooted = Counter(row["ifc_class"] for row in tables.concepts.to_pylist() if ":" not in row["id"])
    expected = oracle.concepts()
    assert {ifc_class: rooted[ifc_class] for ifc_class in expected} == dict(expected)
    lost = [triple for triple in oracle.links() if triple[2] not in read.targets[triple[:2]]]
    assert not lost, f"{len(lost)} relations are lost, such as {lost[:5]}"
    known = {*read.ids, *read.kinds}
    assert {
        *(source for source, _ in read.targets),
        *(t for targets in read.targets.values() for t in targets),
    } <= known
    assert {*read.properties, *read.quantities} <= known
    uses = Counter(entity.GlobalId for entity in opened.file.by_type("IfcRoot"))
    wrong = []
    for kind in opened.file.by_type("IfcTypeObject"):
        if kind.GlobalId and uses[kind.GlobalId] == 1:
            said = oracle.said(kind)
            for what, rows in ((said.properties, read.properties), (said.quantities, read.quantities)):
                wrong += [
                    f"#{kind.id()} {difference}"
                    for difference in differences(what, rows[kind.GlobalId.strip()], said.rows)
                ]
    assert not wrong, f"{len(wrong)} differences, such as\n" + "\n".join(wrong[:20])
