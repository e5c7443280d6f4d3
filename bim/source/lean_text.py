"""A STEP file without what nobody asks the parser for: the faces of shells, shapes of space boundaries, plain property sets.

Parsing costs a microsecond and some hundred bytes an instance, and these are most instances of most models: faces and
sets are read from the text (`bim.geometry.face_columns`, `bim.properties.plain_rows`), shapes of boundaries by nobody. An
instance is left out only where it
is written in the plainest way, all that it names is there, and nothing that stays names it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.source.step_columns import I64, Flags
from bim.source.step_text import References, StepText

_REF = "#[0-9]+"
_REFS = rf"\({_REF}(?:, ?{_REF})*\)"
_REF_OR_NONE = rf"(?:{_REF}|\$)"
_REAL = r"-?[0-9]{1,32}\.[0-9]*(?:E[-+]?[0-9]{1,2})?"
"""One that fits: the parser refuses a file for a number that is too large."""
_END = r";[ \r\n]*(?:#[0-9]+ ?= ?)?$"
"""Behind an instance, and the number of the next."""
_PLAIN = "|".join(
    (
        rf"(?:CARTESIANPOINT|DIRECTION)\(\({_REAL}(?:, ?{_REAL}){{0,2}}\)\)",
        rf"(?:FACE|POLYLOOP|POLYLINE)\({_REFS}\)",
        rf"FACE(?:OUTER)?BOUND\({_REF}, ?\.[TF]\.\)",
        rf"CONNECTION(?:SURFACE|CURVE)GEOMETRY\({_REF}, ?{_REF_OR_NONE}\)",
        rf"CURVEBOUNDEDPLANE\({_REF}, ?{_REF}, ?\((?:{_REF}(?:, ?{_REF})*)?\)\)",
        rf"PLANE\({_REF}\)",
        rf"AXIS2PLACEMENT(?:3D\({_REF}, ?{_REF_OR_NONE}|2D\({_REF}), ?{_REF_OR_NONE}\)",
        rf"COMPOSITECURVE\({_REFS}, ?\.[TFU]\.\)",
        rf"COMPOSITECURVESEGMENT\(\.(?:DIS)?CONTINUOUS\., ?\.[TF]\., ?{_REF}\)",
        rf"SURFACEOFLINEAREXTRUSION\({_REF}, ?{_REF_OR_NONE}, ?{_REF}, ?{_REAL}\)",
        rf"ARBITRARY(?:OPEN|CLOSED)PROFILEDEF\(\.(?:CURVE|AREA)\., ?(?:\$|''), ?{_REF}\)",
        rf"CIRCLE\({_REF}, ?{_REAL}\)",
        rf"LINE\({_REF}, ?{_REF}\)",
        rf"VECTOR\({_REF}, ?{_REAL}\)",
    )
)
_LETTER = r"""[ -"$-&(-\[\]-~]"""  # printable: no number sign, quote, backslash
_TEXT_OR_NONE = rf"(?:'{_LETTER}*'|\$)"
_TEXT = rf"'{_LETTER}*'"
_MEASURES = (
    "AREA|ELECTRIC(?:CURRENT|VOLTAGE)|FORCE|FREQUENCY|HEATFLUXDENSITY|ILLUMINANCE|LINEARVELOCITY|LUMINOUSFLUX|MASS"
    "|MASSDENSITY|MOMENTOFINERTIA|MONETARY|NORMALISEDRATIO|PLANEANGLE|POSITIVELENGTH|POSITIVEPLANEANGLE|POSITIVERATIO|POWER"
    "|PRESSURE|RATIO|LENGTH|THERMALCONDUCTIVITY|THERMALTRANSMITTANCE|THERMODYNAMICTEMPERATURE|TIME|VOLUME|VOLUMETRICFLOWRATE"
)
"""Of the types that every schema has; a value of a type that a schema lacks is a fault that the parser tells."""
_VALUE = rf"IFC(?:(?:LABEL|TEXT|IDENTIFIER)\({_TEXT}\)|(?:REAL|(?:{_MEASURES})MEASURE)\({_REAL}\))"
_QUANTITY = rf"QUANTITY(?:LENGTH|AREA|VOLUME|COUNT|WEIGHT|TIME)\({_TEXT}, ?{_TEXT_OR_NONE}, ?{_REF_OR_NONE},{_REAL}"
_ROOT = rf"\({_TEXT}, ?{_REF_OR_NONE}, ?"
_SETS = "|".join(
    (
        rf"PROPERTYSINGLEVALUE\({_TEXT}, ?{_TEXT_OR_NONE}, ?{_VALUE},\$\)",
        # not those that may tell a place (`bim.georef.property_sets`)
        rf"PROPERTYSET{_ROOT}'[!-$&(-DF-\[\]-df-~]{_LETTER}*', ?{_TEXT_OR_NONE}, ?{_REFS}\)",
        rf"ELEMENTQUANTITY{_ROOT}{_TEXT}, ?{_TEXT_OR_NONE}, ?{_TEXT_OR_NONE}, ?{_REFS}\)",
        rf"RELDEFINESBYPROPERTIES{_ROOT}{_TEXT_OR_NONE}, ?{_TEXT_OR_NONE}, ?{_REFS}, ?{_REF}\)",
    )
)
_SHELL = rf"^IFC(?:CLOSEDSHELL|OPENSHELL|CONNECTEDFACESET)\({_REFS}\){_END}"
_BOUNDARY = (
    rf"^IFCRELSPACEBOUNDARY(?:[12](?:ST|ND)LEVEL)?\({_TEXT_OR_NONE}, ?{_REF_OR_NONE}, ?{_TEXT_OR_NONE}, ?{_TEXT_OR_NONE}"
    rf", ?{_REF_OR_NONE}, ?{_REF_OR_NONE}, ?{_REF}, ?\.[A-Z]+\., ?\.[A-Z]+\.(?:, ?{_REF_OR_NONE}){{0,2}}\){_END}"
)
_TEXTURED = (b"IFCTEXTU", b"IFCINDEX")
"""How the classes begin that give faces texture coordinates of their own; some others begin so too."""
_ITEMS = (b"IFCPROPE", b"IFCQUANT")
"""How the classes begin of what sets hold, and of themselves."""
MANY = 2_000
"""Properties, quantities and sets of a file from which on they are worth reading from the text, however few of each there are."""
_QUOTE, _NOTHING = b"'$"
FEWEST_BYTES = 1 << 18
"""A smaller file is parsed as fast as it is looked through."""
LEAST = 0.25
"""Share of a file that must go for it to pay."""


def many_in_sets(text: StepText) -> bool:
    """Whether the sets of a file are read from its text in any case."""
    return sum(len(text.called(start)) for start in _ITEMS) >= MANY


class LeanText(NamedTuple):
    """What is left of a file.

    shells: STEP ids of those that lost their faces; relations (r,): of the IfcRelDefinesByProperties that are gone; at,
    was (p,): where each piece of what is left begins, and where in the file.
    """

    data: bytes
    shells: frozenset[int]
    relations: I64
    at: I64
    was: I64

    def place(self, offset: int) -> int:
        """The place in the file of a place in what is left."""
        piece = int(np.searchsorted(self.at, offset, "right")) - 1
        return int(offset - self.at[piece] + self.was[piece])


def lean_text(text: StepText, schema: str) -> LeanText | None:
    """What is left of a file; None where that is nearly all, or its faces are asked for by others too."""
    if len(text.bytes) < FEWEST_BYTES:
        return None
    behind = text.data[int(text.end[-1]) :]  # some instances of the last lines are no rows
    if any(len(text.called(start)) or start in behind for start in _TEXTURED):
        return None
    slices = _slices(text)
    plain = _matching(slices, f"^IFC(?:{_PLAIN}{_sets(text, schema)}){_END}")
    if not plain.any():
        return None
    named = text.references()
    plain[named.row[named.target < 0]] = False
    plain[-1] = False  # what stands behind the last of them is looked at as part of it
    shells = _shells(text, slices, named, plain)
    cut = _flags(shells, text)[named.row] | _bounded(text, slices, named)
    kept = _kept(named, plain, cut)
    return _left(text, named, kept, shells, cut) if _outside_texts(text, kept) else None


def _sets(text: StepText, schema: str) -> str:
    """How plain sets and what they hold are written, where they are read from the text; nothing where the parser is asked."""
    if not many_in_sets(text) or len(text.called(b"IFCRELOV")):  # another relationship to sets, IFC2X3
        return ""
    formula = "" if schema == "IFC2X3" else f", ?{_TEXT_OR_NONE}"
    return rf"|{_SETS}|{_QUANTITY}{formula}\)"


def _slices(text: StepText) -> pa.BinaryArray:
    """The instances, each from its class name to that of the next."""
    offsets = np.append(text.name, text.end[-1]).astype(np.int32 if len(text.bytes) < 1 << 31 else np.int64)
    kind = pa.binary() if offsets.dtype == np.int32 else pa.large_binary()
    return pa.Array.from_buffers(kind, len(text.name), [None, pa.py_buffer(offsets), pa.py_buffer(text.bytes)])


def _matching(slices: pa.BinaryArray, pattern: str) -> Flags:
    found = pc.match_substring_regex(slices, pattern)
    return np.array(found.to_numpy(zero_copy_only=False), np.bool_)


def _flags(rows: I64, text: StepText) -> Flags:
    found = np.zeros(len(text.name), np.bool_)
    found[rows] = True
    return found


def _shells(text: StepText, slices: pa.BinaryArray, named: References, plain: Flags) -> I64:
    """Rows of plain shells all of whose faces may go."""
    rows = np.concatenate([text.called(name) for name in (b"IFCCLOSE", b"IFCOPENS", b"IFCCONNE")])
    rows = rows[_matching(slices.take(pa.array(rows)), _SHELL)]
    whole = _flags(rows, text)
    mine = np.flatnonzero(whole[named.row])
    target = named.target[mine].astype(np.int64)
    whole[named.row[mine[~(plain[target] & text.are(target, "IfcFace"))]]] = False
    return np.flatnonzero(whole)


def _bounded(text: StepText, slices: pa.BinaryArray, named: References) -> Flags:
    """Which references are those of plain space boundaries to their shapes."""
    rows = text.called(b"IFCRELSP")
    rows = rows[_matching(slices.take(pa.array(rows)), _BOUNDARY)]
    found = _flags(rows, text)[named.row]
    target = named.target[found].astype(np.int64)
    found[found] = text.are(target, "IfcConnectionSurfaceGeometry") | text.are(target, "IfcConnectionCurveGeometry")
    return found


def _kept(named: References, plain: Flags, cut: Flags) -> Flags:
    """Which rows stay: those that may not go, and all that they name, on and on, but for what is cut."""
    kept = ~plain
    live = np.flatnonzero(~cut & (named.target >= 0))
    live = live[plain[named.target[live]]]
    row, target = named.row[live], named.target[live]
    while len(row):
        reached = kept[row]
        if not reached.any():
            break
        kept[target[reached]] = True
        left = ~reached & ~kept[target]
        row, target = row[left], target[left]
    return kept


def _outside_texts(text: StepText, kept: Flags) -> bool:
    """Whether what goes begins outside of written texts: a text may hold a line that looks like an instance."""
    first = np.flatnonzero(~kept & np.append(True, kept[:-1]))
    quotes = np.flatnonzero(text.bytes == _QUOTE)
    return not (np.searchsorted(quotes, text.begin[first]) & 1).any()


def _left(text: StepText, named: References, kept: Flags, shells: I64, cut: Flags) -> LeanText | None:
    edge = np.flatnonzero(np.diff(kept, prepend=True, append=True))
    gone = np.append(text.begin, text.end[-1]).astype(np.int64)[edge].reshape(-1, 2)
    of_shell = _flags(shells, text)[named.row]
    shape = cut & kept[named.row] & ~of_shell
    first, last = (np.diff(named.row[of_shell], **{side: -1}) != 0 for side in ("prepend", "append"))
    lists = np.stack((named.at[of_shell][first], named.end[of_shell][last]), axis=1)
    shapes = np.stack(
        (named.at[shape], named.end[shape] - 1), axis=1
    )  # what is put there takes the place of the last digit
    pieces = np.concatenate((gone, lists, shapes))
    if (pieces[:, 1] - pieces[:, 0]).sum() < LEAST * len(text.bytes):
        return None
    order = np.argsort(pieces[:, 0])
    was, end = np.append(0, pieces[order, 1]), np.append(pieces[order, 0], len(text.bytes))
    at = np.append(0, np.cumsum(end - was)[:-1])
    data = text.data
    left = bytearray(b"".join([data[low:high] for low, high in zip(was.tolist(), end.tolist(), strict=True)]))
    np.frombuffer(left, np.uint8)[at[1:][order >= len(gone) + len(lists)]] = _NOTHING
    related = np.flatnonzero(~kept)
    related = text.numbers(related[text.are(related, "IfcRelDefinesByProperties")])
    return LeanText(bytes(left), frozenset(text.numbers(shells).tolist()), related, at, was)
