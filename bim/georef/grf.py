"""buildingSMART's rules on georeferencing, GRF000 to GRF008, with a verdict each.

Source: the rules of the buildingSMART validation service, github.com/buildingSMART/ifc-gherkin-rules,
features/rules/GRF; the texts here are our own words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bim.georef.epsg import PREFIX, epsg, is_vertical_datum
from bim.georef.map_conversion import axis_unit
from bim.georef.real import Malformed, entity, real, well_known_texts
from bim.source.attribute import attribute, step_of, steps_of
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.errors import Invalid

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "na"
SCALE_TOLERANCE = 5e-3
"""Relative: a grid's scale factor, which Scale may hold too, is below this; every ratio of length units is far above
but the two feet, which differ by 2e-6 and would not be told apart by eye either."""


@dataclass(frozen=True)
class Rule:
    """A rule in words of both languages, and its check: sentences on what breaks it, None where nothing in the model is concerned."""

    code: str
    zh: str
    en: str
    check: Callable[[Any, UnitTable], list[str] | None]
    since: str = "IFC4"


def check_rules(model: Any, units: UnitTable) -> list[dict[str, object]]:
    """`{rule, verdict, zh, en, detail}` per rule; detail: what breaks it, in English. na where a rule does not concern the model."""
    rows: list[dict[str, object]] = []
    for rule in RULES:
        applies = model.schema != "IFC2X3" and (rule.since == "IFC4" or str(model.schema).startswith(rule.since))
        broken = _broken(rule, model, units) if applies else None
        verdict = NOT_APPLICABLE if broken is None else FAIL if broken else PASS
        rows.append(
            {"rule": rule.code, "verdict": verdict, "zh": rule.zh, "en": rule.en, "detail": "; ".join(broken or ())}
        )
    return rows


def _broken(rule: Rule, model: Any, units: UnitTable) -> list[str] | None:
    try:
        return rule.check(model, units)
    except Malformed as error:
        return [f"the entities that it concerns are malformed: {error}"]


def _systems(model: Any) -> list[Any]:
    return list(model.by_type("IfcCoordinateReferenceSystem"))


def _used_systems(model: Any) -> list[Any]:
    """The target systems of the operations on the project's contexts, each once."""
    projects = model.by_type("IfcProject")
    contexts = {step for one in projects for step in steps_of(attribute(one, "RepresentationContexts"))}
    found: dict[int, Any] = {}
    for item in model.by_type("IfcCoordinateOperation"):
        target = _target(item)
        if target is not None and step_of(attribute(item, "SourceCRS")) in contexts:
            found[target.id()] = target
    return list(found.values())


def _target(item: Any) -> Any | None:
    return entity(item, "TargetCRS", "IfcCoordinateReferenceSystem")


def _each(items: Iterable[Any], fault: Callable[[Any], str]) -> list[str] | None:
    """Faults of the items that have one; None where there are no items."""
    texts = [(item, fault(item)) for item in items]
    return [f"#{item.id()} {text}" for item, text in texts if text] if texts else None


def _present(model: Any, _units: UnitTable) -> list[str] | None:
    return [] if _systems(model) else None


def _identical(model: Any, _units: UnitTable) -> list[str] | None:
    """All contexts, two-dimensional ones too, have the same operation once any has one."""
    contexts = list(model.by_type("IfcGeometricRepresentationContext", include_subtypes=False))
    by_context: dict[int, list[Any]] = {}
    for item in model.by_type("IfcCoordinateOperation"):
        source = step_of(attribute(item, "SourceCRS"))
        if source:
            by_context.setdefault(source, []).append(item)
    if not by_context or len(contexts) < 2:
        return None
    described = {item.id(): {_operation(one) for one in by_context.get(item.id(), ())} for item in contexts}
    lacking = [
        f"context #{step} has no coordinate operation while others have"
        for step, found in described.items()
        if not found
    ]
    different = {operation for found in described.values() for operation in found}
    return lacking + (["the contexts have different coordinate operations"] if len(different) > 1 else [])


def _operation(item: Any) -> tuple[object, ...]:
    values = item.get_info(include_identifier=False, recursive=False)
    return tuple(
        value.id() if getattr(value, "id", None) and value.id() else str(value)
        for name, value in values.items()
        if name != "SourceCRS"
    )


def _name(item: Any) -> str:
    return clean(item.Name) or ""


def _known_code(text: str) -> str:
    return "" if epsg(text) else f"names {text!r}: expected EPSG: and a code in force, such as EPSG:4547"


def _has_code(model: Any, _units: UnitTable) -> list[str] | None:
    return _each(_systems(model), lambda item: _known_code(_name(item)))


def _needs_system(model: Any, _units: UnitTable) -> list[str] | None:
    placed = any(
        value is not None
        for site in model.by_type("IfcSite")
        for value in (site.RefLatitude, site.RefLongitude, site.RefElevation)
    )
    things = [name for name in ("IfcBuilding", "IfcAlignment") if model.by_type(name)]
    if not placed and not things:
        return None
    if _systems(model):
        return []
    what = ", ".join([*things, *(["IfcSite with latitude, longitude or elevation"] if placed else [])])
    return [f"the model has {what} and no coordinate reference system"]


def _valid_prefix(model: Any, _units: UnitTable) -> list[str] | None:
    """Names and vertical datums that begin with the prefix."""
    texts = [
        (item, text)
        for item in _systems(model)
        for text in (_name(item), clean(attribute(item, "VerticalDatum")) or "")
        if text.startswith(PREFIX)
    ]
    if not texts:
        return None
    return [
        f"#{item.id()} {_known_code(text)}" for item, text in texts if not epsg(text) and not is_vertical_datum(text)
    ]


def _scaled(model: Any, units: UnitTable) -> list[str] | None:
    """Scale holds the ratio of the model's and the map's length units; either way round, as published files have both."""
    return _each(model.by_type("IfcMapConversion"), lambda item: _scale_fault(item, units))


def _scale_fault(item: Any, units: UnitTable) -> str:
    target = _target(item)
    found = units.of_entity(attribute(target, "MapUnit"))
    metres = found.factor if found is not None else _system_unit(target, units.length)
    ratio, scale = units.length / metres if metres else math.inf, real(attribute(item, "Scale"), 1.0)
    near = any(abs(scale - want) <= SCALE_TOLERANCE * want for want in (ratio, 1 / ratio if ratio else math.inf))
    return "" if near else f"has Scale {scale:g}: expected {ratio:g}, from the model's length unit to the map's"


def _system_unit(target: Any, default: float) -> float:
    try:
        return axis_unit(_name(target)) if target is not None and epsg(_name(target)) else default
    except Invalid:
        return default


def _wkt(model: Any, _units: UnitTable) -> list[str] | None:
    unnamed = [item for item in _used_systems(model) if not _name(item).startswith(PREFIX)]
    return _each(
        unnamed,
        lambda item: "" if well_known_texts(item) else "has neither an EPSG code nor a well-known text",
    )


def _vertical(model: Any, _units: UnitTable) -> list[str] | None:
    """Only vertical datums given as a code in force are judged."""
    coded = [
        item
        for item in _used_systems(model)
        if _datum(item) and (epsg(_datum(item)) or is_vertical_datum(_datum(item)))
    ]
    return _each(coded, _datum_fault)


def _datum(item: Any) -> str:
    return clean(attribute(item, "VerticalDatum")) or ""


def _datum_fault(item: Any) -> str:
    text = _datum(item)
    system = epsg(text)
    if is_vertical_datum(text) or (system is not None and (system.is_vertical or system.is_compound)):
        return ""
    return f"has the vertical datum {text}, which is no system of heights"


def _rigid_types(model: Any, _units: UnitTable) -> list[str] | None:
    if not str(model.schema).startswith("IFC4X3"):
        return None
    return _each(model.by_type("IfcRigidOperation"), _type_fault)


def _type_fault(item: Any) -> str:
    values = (item.FirstCoordinate, item.SecondCoordinate)
    kinds = [value.is_a() if hasattr(value, "is_a") else "no type" for value in values]
    if any(kind not in {"IfcLengthMeasure", "IfcPlaneAngleMeasure"} for kind in kinds):
        return f"has coordinates of the types {', '.join(kinds)}: expected IfcLengthMeasure or IfcPlaneAngleMeasure"
    return "" if len(set(kinds)) == 1 else f"mixes {kinds[0]} and {kinds[1]}"


RULES = (
    Rule("GRF000", "模型有坐标参考系", "The model has a coordinate reference system", _present),
    Rule(
        "GRF001",
        "所有几何上下文的坐标转换相同",
        "All geometric contexts have the same coordinate operation",
        _identical,
    ),
    Rule("GRF002", "坐标系名称是有效的 EPSG 编号", "Each system is named by a valid EPSG code", _has_code),
    Rule(
        "GRF003",
        "有建筑、线位或场地经纬度的模型须有坐标参考系",
        "A model with buildings, alignments or a site's location has a coordinate reference system",
        _needs_system,
        "IFC4X3",
    ),
    Rule("GRF004", "以 EPSG: 开头的名称须是有效编号", "What begins with EPSG: is a valid code", _valid_prefix),
    Rule(
        "GRF005",
        "坐标转换的 Scale 等于长度单位之比",
        "The Scale of a map conversion is the ratio of the length units",
        _scaled,
    ),
    Rule(
        "GRF006",
        "没有 EPSG 编号的坐标系须给出 WKT",
        "A system without an EPSG code has a well-known text",
        _wkt,
        "IFC4X3",
    ),
    Rule(
        "GRF007", "以编号给出的高程基准须是高程系统", "A vertical datum given by code is a system of heights", _vertical
    ),
    Rule(
        "GRF008",
        "刚性转换的坐标是长度或平面角",
        "The coordinates of a rigid operation are lengths or plane angles",
        _rigid_types,
        "IFC4X3",
    ),
)
"""All rules, in order of their codes."""
