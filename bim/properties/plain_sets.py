"""Which sets an object has and what these hold, of many relationships and sets at once, as columns of STEP ids."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bim.properties.plain_rows import distinct, entities, instances_of, plain_texts
from bim.source.attribute import entities_of, id_of, step_of, steps_of, value_at
from bim.source.lean_text import many_in_sets
from bim.source.lists import I64, Lists
from bim.source.step_text import StepText
from bim.source.whole_model import entity_of, left_out

RELATION = "IfcRelDefinesByProperties"
PROPERTIES, QUANTITIES = 1, 2
"""Kinds of sets; 0: one that is left to the parser."""
FEW = 500
"""Fewer are read one by one: looking at columns has a price of its own."""
_SETS = (("IfcPropertySet", 4, PROPERTIES), ("IfcElementQuantity", 5, QUANTITIES))


class Uses(NamedTuple):
    """Which sets relationships give to whom.

    owners: the STEP ids of those related, by relationship; relation, definition (m,): the row of a relationship, the
    STEP id of its set; entities: those of the sets that the parser was asked for, by STEP id.
    """

    owners: Lists
    relation: I64
    definition: I64
    entities: dict[int, Any]


class Sets(NamedTuple):
    """kind (n,) of each set; items: the STEP ids of what it holds; names: distinct ones; name (n,): which of them is its."""

    kind: I64
    items: Lists
    names: list[str]
    name: I64


def is_worth(text: StepText, count: int) -> bool:
    """Whether so many things are read from the text."""
    return count >= FEW or many_in_sets(text)


def read_uses(model: Any, schema: str, text: StepText | None) -> Uses:
    """All IfcRelDefinesByProperties, by their numbers."""
    relations = {id_of(relation): relation for relation in model.by_type(RELATION)}
    steps = np.fromiter(relations, np.int64, len(relations))
    gone = left_out(model)
    if text is not None and len(gone):
        steps = np.sort(np.concatenate((steps, gone)))  # the parser lists by number too
    related, definition = list[tuple[I64, Lists]](), np.zeros(len(steps), np.int64)
    if text is not None and is_worth(text, len(steps)):
        for found in instances_of(text, schema, (RELATION,), steps):
            objects, fine = found.arguments.lists(4)
            one = found.arguments.named(5)
            kept = (fine & (text.rows(one) >= 0))[found.row]
            index, row = found.asked[kept], found.row[kept]
            related.append((index, objects.lists(row)))
            definition[index] = one[row]
    odd = np.flatnonzero(definition == 0)
    left = [relations.get(step) or entity_of(model, step) for step in steps[odd].tolist()]
    related.append((odd, Lists.of([steps_of(value_at(entity, 4)) for entity in left])))
    owners = Lists.none(len(steps)).put(*related)
    given = Lists.in_turn(definition, np.ones(len(steps), np.int64))
    sets = [_definitions(value_at(entity, 5)) for entity in left]
    given = given.put((odd, Lists.of([list(map(id_of, each)) for each in sets])))
    every = np.arange(len(steps))
    asked = {id_of(one): one for each in sets for one in each}
    return Uses(owners, np.repeat(every, given.counts), given.take(every), asked)


def read_sets(model: Any, schema: str, text: StepText | None, steps: I64) -> Sets:
    """Those of the entities that are plain sets of properties or quantities, all that they hold among the instances."""
    kind, items = np.zeros(len(steps), np.int64), list[tuple[I64, Lists]]()
    name, names = np.zeros(len(steps), np.int64), list[str]()
    for ifc_class, at, of_class in _SETS:
        if text is None or not is_worth(text, len(steps)):
            break
        for found in instances_of(text, schema, (ifc_class,), steps):
            held, fine = found.arguments.lists(at)
            kept = (fine & (held.sums(text.rows(held.value) < 0) == 0))[found.row]
            index, row = found.asked[kept], found.row[kept]
            kind[index] = of_class
            items.append((index, held.lists(row)))
            named = distinct(found.arguments.texts(row, 2, 2))
            name[index] = named.code + len(names)
            told = plain_texts(named, entities(model, steps[index]), 2)
            names += [each or ifc_class.removeprefix("Ifc") for each in told]
    return Sets(kind, Lists.none(len(steps)).put(*items), names, name)


def _definitions(definition: Any) -> list[Any]:
    """The sets of a relation: one, or several in an IfcPropertySetDefinitionSet (IFC4)."""
    if step_of(definition):
        return [definition]
    return entities_of(definition.get_argument(0)) if hasattr(type(definition), "get_argument") else []
