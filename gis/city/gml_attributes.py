"""Attributes of CityGML objects: thematic, generic, addresses, and those of extensions such as i-UR."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gis.city.gml_polygons import NUMBER, local
from gis.city.model import Attributes

GENERIC = "Generic"
MAX_DEPTH = 16
_GENERIC = frozenset(
    {"stringAttribute", "intAttribute", "doubleAttribute", "dateAttribute", "uriAttribute", "measureAttribute",
     "StringAttribute", "IntAttribute", "DoubleAttribute", "DateAttribute", "UriAttribute", "MeasureAttribute", "CodeAttribute"}
)  # fmt: skip
_GENERIC_SETS = frozenset({"genericAttributeSet", "GenericAttributeSet"})


def collect(part: Element, into: Attributes) -> None:
    """Add the attributes inside a property element of an object."""
    title = local(part.tag)
    if title in _GENERIC:
        _generic(part, GENERIC, into)
    elif title in _GENERIC_SETS:
        _generic_set(part, into)
    elif title == "genericAttribute":  # CityGML 3
        for child in part:
            if local(child.tag) in _GENERIC_SETS:
                _generic_set(child, into)
            else:
                _generic(child, GENERIC, into)
    elif len(part) == 0:
        _put(None, title, part, into)
    else:
        name = "Address" if title == "address" else local(part[0].tag) if len(part) == 1 and len(part[0]) else title
        _open(part[0] if len(part) == 1 and len(part[0]) else part, name, into, 0)


def _put(set_: str | None, name: str, element: Element, into: Attributes) -> None:
    text = (element.text or "").strip()
    if text and name:
        into.set_.append(set_)
        into.name.append(name)
        into.value.append(text)
        into.unit.append(element.get("uom"))


def _generic(element: Element, set_: str, into: Attributes) -> None:
    name = element.get("name") or next((item.text or "" for item in element if local(item.tag) == "name"), "")
    for item in element:
        if local(item.tag) == "value":
            _put(set_, name.strip(), item, into)


def _generic_set(element: Element, into: Attributes) -> None:
    title = element.get("name") or next((item.text or "" for item in element if local(item.tag) == "name"), "")
    for item in element:
        if local(item.tag) in _GENERIC:
            _generic(item, title.strip() or GENERIC, into)
        elif local(item.tag) in _GENERIC_SETS:
            _generic_set(item, into)
        elif local(item.tag) == "genericAttribute":
            for child in item:
                _generic(child, title.strip() or GENERIC, into)


def _open(element: Element, set_: str, into: Attributes, depth: int) -> None:
    """Leaves below an element, each by its own name; what holds geometry is no attribute."""
    if depth > MAX_DEPTH or element.get(NUMBER) is not None:
        return
    for item in element:
        if len(item):
            _open(item, set_, into, depth + 1)
        elif item.get(NUMBER) is None and local(item.tag) not in {"posList", "pos", "coordinates"}:
            _put(set_, local(item.tag), item, into)
