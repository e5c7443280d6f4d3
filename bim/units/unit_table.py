"""The units of one model: SI value = (value + shift) · factor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ifcopenshell import entity_instance

from bim.source.attribute import attribute, step_of
from bim.units.measures import COHERENT, MONEY, unit_type
from bim.units.si_units import (
    CELSIUS_OFFSET,
    CONVERSION,
    DERIVED_SYMBOL,
    FAHRENHEIT_OFFSET,
    LABEL,
    PREFIX,
    PREFIX_LABEL,
    SI_NAME,
)


@dataclass(frozen=True)
class Unit:
    """A unit's way to SI: (value + shift) · factor, in `symbol`."""

    symbol: str
    factor: float = 1.0
    shift: float = 0.0
    label: str = ""  # the unit as the model writes it (mm, ft, °C), for people

    def si(self, value: float) -> float:
        """The value in SI."""
        return (value + self.shift) * self.factor


UNITS = ("IfcNamedUnit", "IfcDerivedUnit", "IfcMonetaryUnit")
PLAIN = Unit("")


class UnitTable:
    """Units by type (LENGTHUNIT …) as the project assigns them, SI where it assigns none.

    problems: what was unusable or missing in the assignment and what was taken instead, Chinese and English.
    """

    def __init__(self, assigned: Iterable[Any] = ()) -> None:
        self.problems: list[tuple[str, str]] = []
        self._by_type: dict[str, Unit] = {}
        self._by_measure: dict[str, Unit] = {}
        self._by_entity: dict[int, Unit | None] = {}
        for entity in assigned:
            if not step_of(entity) or not any(entity.is_a(one) for one in UNITS):
                self._passed_over(entity)
                continue
            kind = MONEY if entity.is_a("IfcMonetaryUnit") else str(attribute(entity, "UnitType") or "")
            unit = self.of_entity(entity)
            if kind and unit is not None:
                first = self._by_type.setdefault(kind, unit)
                if first != unit and kind != "USERDEFINED":  # several of these are several quantities
                    names = first.label or first.symbol, unit.label or unit.symbol
                    self.problems.append(
                        (
                            f"{kind} 指定了两次（{names[0]}、{names[1]}），取 {names[0]}",
                            f"{kind} is assigned twice, {names[0]} and {names[1]}: {names[0]} was taken",
                        )
                    )
        if "LENGTHUNIT" not in self._by_type:
            self.problems.append(("未指定长度单位，按米读取", "no length unit is assigned: metres are assumed"))

    def _passed_over(self, value: Any) -> None:
        text = f"{value!s:.60}"
        self.problems.append((f"{text} 不是单位，已略过", f"{text} is no unit and was passed over"))

    @classmethod
    def of_model(cls, model: Any) -> UnitTable:
        """The units of an ifcopenshell file: those its project assigns, else the first assignment found."""
        odd: list[Any] = []
        for project in (*model.by_type("IfcProject"), *_contexts(model)):
            given = attribute(project, "UnitsInContext")
            if isinstance(given, entity_instance) and given.is_a("IfcUnitAssignment"):
                return cls((*odd, *_listed(given)))
            odd += [] if given is None else [given]
        for assignment in model.by_type("IfcUnitAssignment"):
            return cls((*odd, *_listed(assignment)))
        return cls(odd)

    @property
    def length(self) -> float:
        """Metres in one length unit."""
        return self.of_type("LENGTHUNIT").factor

    @property
    def angle(self) -> float:
        """Radians in one plane angle unit."""
        return self.of_type("PLANEANGLEUNIT").factor

    def of_type(self, kind: str) -> Unit:
        """The unit of a unit type; the coherent SI unit where the model assigns none."""
        found = self._by_type.get(kind)
        if found is None:
            found = Unit(COHERENT.get(kind) or DERIVED_SYMBOL.get(kind, ""))
            self._by_type[kind] = found
        return found

    def of_measure(self, measure: str) -> Unit:
        """The unit in which values of a defined type (IfcLengthMeasure …) are given."""
        found = self._by_measure.get(measure)
        if found is None:
            kind = unit_type(measure)
            found = self._by_measure[measure] = self.of_type(kind) if kind else PLAIN
        return found

    def of_entity(self, entity: Any) -> Unit | None:
        """The unit an IfcUnit entity stands for, money by its currency; None for units without a factor."""
        key = step_of(entity)
        if not key:
            return None
        if key not in self._by_entity:
            self._by_entity[key] = None  # a conversion unit that refers to itself ends here
            try:
                self._by_entity[key] = self._read(entity)
            except (AttributeError, TypeError, ValueError, OverflowError) as error:
                self.problems.append((f"单位 #{key} 不可用（{error}），未采用", f"unit #{key} cannot be used: {error}"))
        return self._by_entity[key]

    def _read(self, entity: Any) -> Unit | None:
        if entity.is_a("IfcSIUnit"):
            symbol, factor, power = SI_NAME.get(entity.Name, ("", 1.0, 1))
            shift = CELSIUS_OFFSET if entity.Name == "DEGREE_CELSIUS" else 0.0
            label = PREFIX_LABEL.get(entity.Prefix or "", "") + LABEL.get(entity.Name or "", symbol)
            return Unit(symbol, factor * PREFIX.get(entity.Prefix or "", 1.0) ** power, shift, label)
        if entity.is_a("IfcConversionBasedUnit"):
            return self._conversion(entity)
        if entity.is_a("IfcDerivedUnit"):
            return self._derived(entity)
        if entity.is_a("IfcMonetaryUnit"):
            return Unit(str(entity.Currency or ""))
        return Unit(str(entity.Name or "")) if entity.is_a("IfcContextDependentUnit") else None

    def _conversion(self, entity: Any) -> Unit | None:
        name = str(entity.Name or "").strip().lower().replace("'", "").replace("_", " ")
        name = {"feet": "foot", "inches": "inch", "deg": "degree", "square feet": "square foot"}.get(name, name)
        if name == "fahrenheit":
            return Unit("K", CONVERSION[name][1], FAHRENHEIT_OFFSET, "°F")
        measure = entity.ConversionFactor
        base = self.of_entity(measure.UnitComponent) if measure and measure.UnitComponent else None
        value = float(measure.ValueComponent.wrappedValue) if measure and measure.ValueComponent else 0.0
        if base is not None and value > 0:
            shift = float(attribute(entity, "ConversionOffset") or 0.0)
            return Unit(base.symbol, base.factor * value, shift, LABEL.get(name, name))
        if name in CONVERSION:
            return Unit(*CONVERSION[name], label=LABEL.get(name, name))
        self.problems.append(
            (
                f"单位 {entity.Name!r} 没有可用的换算系数，未采用",
                f"unit {entity.Name!r} has no usable conversion factor",
            )
        )
        return None

    def _derived(self, entity: Any) -> Unit | None:
        factor = 1.0
        above: list[str] = []
        below: list[str] = []
        shown_above: list[str] = []
        shown_below: list[str] = []
        for element in entity.Elements or ():
            part = self.of_entity(element.Unit) if element.Unit else None
            if part is None:
                return None
            exponent = int(element.Exponent)
            factor *= part.factor**exponent
            power = str(abs(exponent)) if abs(exponent) > 1 else ""
            if part.symbol and exponent:
                (above if exponent > 0 else below).append(part.symbol + power)
                (shown_above if exponent > 0 else shown_below).append((part.label or part.symbol) + power)
        symbol = DERIVED_SYMBOL.get(entity.UnitType or "") or _quotient(above, below)
        return Unit(symbol, factor, label=_quotient(shown_above, shown_below))


def _quotient(above: list[str], below: list[str]) -> str:
    if not below:
        return "·".join(above)
    bottom = "·".join(below)
    return f"{'·'.join(above) or '1'}/{f'({bottom})' if len(below) > 1 else bottom}"


def _listed(assignment: Any) -> tuple[Any, ...]:
    """What an assignment lists, units or not."""
    units = attribute(assignment, "Units")
    return units if isinstance(units, tuple) else () if units is None else (units,)


def _contexts(model: Any) -> tuple[Any, ...]:
    """IfcContext beside IfcProject (libraries) exists from IFC4 on."""
    return () if model.schema == "IFC2X3" else tuple(model.by_type("IfcContext"))
