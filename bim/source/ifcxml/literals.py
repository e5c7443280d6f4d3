r"""Texts of XML as literals of STEP (ISO 10303-21, 6.4). Functions raise ValueError on a text that is no such value."""

from __future__ import annotations

import math
import re

from bim.source.ifcxml.types import Aggregate, Enumeration, Simple

_ODD = re.compile(r"['\\]|[\x00-\x1f\x7f]|[\x80-\uffff]+|[\U00010000-\U0010ffff]+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_HEX = re.compile(r"[0-9A-Fa-f]*")
_TRUTH = {"true": ".T.", "1": ".T.", "t": ".T.", "false": ".F.", "0": ".F.", "f": ".F."}
_UNKNOWN = {"unknown": ".U.", "u": ".U."}


def string(text: str) -> str:
    """A string: quotes and backslashes doubled, what is not ASCII in hexadecimal."""
    return f"'{_ODD.sub(_escape, text)}'"


def _escape(match: re.Match[str]) -> str:
    text = match.group()
    if text in "'\\":
        return text * 2
    code = ord(text[0])
    if code < 0x80:
        return f"\\X\\{code:02X}"
    wide = code > 0xFFFF
    digits = text.encode("utf-32-be" if wide else "utf-16-be").hex().upper()
    return f"\\X{4 if wide else 2}\\{digits}\\X0\\"


def real(text: str) -> str:
    """A real with the nearest binary value; STEP wants a point in the mantissa. A decimal comma is read as a point."""
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    value = float(text)
    if not math.isfinite(value) or "_" in text:
        raise ValueError(text)
    digits = repr(value)
    mantissa, e, exponent = digits.partition("e")
    return digits if not e else f"{mantissa}{'' if '.' in mantissa else '.'}E{exponent}"


def has_decimal_comma(text: str) -> bool:
    """Whether `real` would have to read a comma as the decimal point."""
    return _DECIMAL_COMMA.fullmatch(text) is not None


def integer(text: str) -> str:
    """An integer; a real without fraction passes."""
    try:
        value = int(text)
    except ValueError:
        value = int(float(text)) if float(text).is_integer() else -1
        if float(text) != value:
            raise
    if "_" in text:
        raise ValueError(text)
    return str(value)


def number(text: str) -> str:
    """An integer or a real, as it is written."""
    try:
        return integer(text) if text.lstrip("+-").isdigit() else real(text)
    except OverflowError as error:
        raise ValueError(text) from error


def boolean(text: str) -> str:
    """true, false, 1 or 0."""
    if (found := _TRUTH.get(text.lower())) is None:
        raise ValueError(text)
    return found


def logical(text: str) -> str:
    """true, false, 1, 0 or unknown."""
    return _UNKNOWN.get(text.lower()) or boolean(text)


def binary(text: str, extra_bits: int = 0) -> str:
    """Hexadecimal digits; extra_bits: how many leading bits of the first digit are no data, 0..3."""
    digits = "".join(text.split())
    if not _HEX.fullmatch(digits) or not 0 <= extra_bits <= 3:
        raise ValueError(text)
    return f'"{extra_bits}{digits.upper()}"'


def enumeration(node: Enumeration, text: str) -> str:
    """An item, written in any case."""
    item = text.strip(".").upper()
    if item not in node.items:
        raise ValueError(text)
    return f".{item}."


_SIMPLE = {
    "real": real,
    "number": number,
    "integer": integer,
    "boolean": boolean,
    "logical": logical,
}


def literal(node: Simple | Enumeration, text: str, extra_bits: int = 0) -> str:
    """One value of a simple type. Blanks around anything but a string do not count."""
    if isinstance(node, Enumeration):
        return enumeration(node, text.strip())
    if node.kind == "string":
        return string(text)
    if node.kind == "binary":
        return binary(text, extra_bits)
    return _SIMPLE[node.kind](text.strip())


def listed(node: Aggregate, text: str) -> str:
    """A list from values parted by blanks. A list of lists is told apart by the fixed size of the inner ones."""
    return shaped(node, [literal(_plain(node), token) for token in text.split()])


def shaped(node: Aggregate, values: list[str], size: tuple[int, ...] = ()) -> str:
    """Values in a list, or row by row in a list of lists.

    size: rows and columns where the document says so. Raises ValueError where the rows cannot be told apart.
    """
    inner = node.element
    if isinstance(inner, Aggregate):
        width = size[1] if len(size) == 2 else inner.high if inner.high == inner.low else 0
        if not values:
            return "()"
        if width <= 0 or len(values) % width or isinstance(inner.element, Aggregate):
            raise ValueError(f"{len(values)} values in a list of lists")
        values = [f"({','.join(values[start : start + width])})" for start in range(0, len(values), width)]
    return f"({','.join(values)})"


def _plain(node: Aggregate) -> Simple | Enumeration:
    element = node.element
    while isinstance(element, Aggregate):
        element = element.element
    if isinstance(element, Simple | Enumeration):
        return element
    raise ValueError("instances or named values where text stands")
