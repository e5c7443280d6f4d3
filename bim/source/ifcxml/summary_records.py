"""Instances made from IfcConvert's XML summary: its attributes are texts, placements matrices, angles decimal degrees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import ifcopenshell.guid
import numpy as np

from bim.source.ifcxml.frames import from_text
from bim.source.ifcxml.literals import real, string
from bim.source.ifcxml.problems import Problem
from bim.source.ifcxml.step_writer import Record

if TYPE_CHECKING:
    from bim.source.ifcxml.convert import Reader

_ANGLES = {"RefLatitude", "RefLongitude"}


class Maker:
    """Writes instances that the document implies. left_out: class → how many are not taken over."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._materials: dict[str, str] = {}
        self.left_out: dict[str, int] = {}

    def leave_out(self, name: str) -> None:
        """Count something that is not taken over."""
        self.left_out[name] = self.left_out.get(name, 0) + 1

    def new(self, name: str, **values: str) -> str:
        """Write an instance from STEP texts; returns its reference. What is rooted gets a GlobalId."""
        spec = self._reader.schema.entity(name)
        if spec is None:
            raise LookupError(name)
        record = self._reader.new_record(spec, "")
        if "GlobalId" in spec.attributes:
            values["GlobalId"] = string(str(ifcopenshell.guid.new()))
        for key, text in values.items():
            self.put(record, key, text)
        self._reader.write(record)
        return record.token

    def put(self, record: Record, name: str, text: str) -> None:
        """Set an attribute, where the class has it in this schema."""
        found = record.spec.attributes.get(name)
        if found is not None:
            record.values[found[0]] = text

    def fill(self, record: Record, values: dict[str, str]) -> None:
        """Set attributes from the texts of the document; what is none of the class is told."""
        for key, text in values.items():
            found = record.spec.attributes.get(key)
            try:
                if found is None:
                    self._reader.problem(Problem.ATTRIBUTE, f"{record.spec.name}.{key}")
                elif key == "ObjectPlacement":
                    record.values[found[0]] = self._placement(text)
                else:
                    record.values[found[0]] = (
                        _angle(text) if key in _ANGLES else from_text(self._reader, found[1], text)
                    )
            except (ValueError, OverflowError):
                self._reader.problem(Problem.VALUE, f"{record.spec.name}.{key} = {text!r}")

    def material(self, name: str) -> str:
        """A material by its name, made once."""
        if name not in self._materials:
            self._materials[name] = self.new("IfcMaterial", Name=string(name))
        return self._materials[name]

    def _placement(self, text: str) -> str:
        """A matrix of 16 numbers, column by column, as a placement in the model's own frame. Raises ValueError."""
        numbers = [float(part) for part in text.split()]
        if len(numbers) != 16 or not all(map(math.isfinite, numbers)):
            raise ValueError(text)
        matrix = np.array(numbers).reshape(4, 4)  # rows are columns
        point = self.new("IfcCartesianPoint", Coordinates=_list(matrix[3, :3]))
        axis = self.new("IfcDirection", DirectionRatios=_list(matrix[2, :3]))
        side = self.new("IfcDirection", DirectionRatios=_list(matrix[0, :3]))
        place = self.new("IfcAxis2Placement3D", Location=point, Axis=axis, RefDirection=side)
        return self.new("IfcLocalPlacement", RelativePlacement=place)


def many(tokens: list[str]) -> str:
    """References as a STEP list."""
    return f"({','.join(tokens)})"


def _list(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return many([real(repr(value)) for value in values.tolist()])


def _angle(text: str) -> str:
    """Decimal degrees as IFC's list of degrees, minutes, seconds and millionths of a second. Raises ValueError."""
    total = round(float(text) * 3_600_000_000)
    sign, total = (-1 if total < 0 else 1), abs(total)
    parts = (total // 3_600_000_000, total // 60_000_000 % 60, total // 1_000_000 % 60, total % 1_000_000)
    return many([str(sign * part) for part in parts])
