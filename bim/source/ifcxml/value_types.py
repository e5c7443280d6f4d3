"""The type of a property's value where a document has only its text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_REAL = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_SHORTEST = 15
"""Digits up to which a decimal text may be a person's; writers of reals print up to 17."""


def value_type(schema: str, set_name: str, name: str, text: str) -> str:
    """The defined type: of buildingSMART's template for the property, else what the text shows beyond doubt.

    true and false are booleans, numbers of more than 15 digits reals; the rest stays text, so that a room number
    `007` does not become seven.
    """
    known = _templates(schema).get((set_name, name))
    if known is not None:
        return known
    if text in {"true", "false"}:
        return "IfcBoolean"
    if _REAL.fullmatch(text) and len(re.sub(r"\D", "", text).lstrip("0")) > _SHORTEST:
        return "IfcReal"
    return "IfcLabel"


@lru_cache(maxsize=4)
def _templates(schema: str) -> dict[tuple[str, str], str]:
    """(set, property) → type of its single value, from the templates that come with IfcOpenShell."""
    from ifcopenshell.util import pset  # noqa: PLC0415 - only this notation needs it

    found: dict[tuple[str, str], str] = {}
    templates: Any = pset.get_template("IFC4X3" if schema.startswith("IFC4X3") else schema)
    for file in templates.templates:
        for template in file.by_type("IfcPropertySetTemplate"):
            for item in template.HasPropertyTemplates or ():
                if (
                    item.is_a("IfcSimplePropertyTemplate")
                    and item.TemplateType == "P_SINGLEVALUE"
                    and item.PrimaryMeasureType
                ):
                    found[str(template.Name), str(item.Name)] = str(item.PrimaryMeasureType)
    return found
