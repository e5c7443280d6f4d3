"""The findings that follow from the boxes of objects alone: what another place or shape of some of them may change."""

from __future__ import annotations

from typing import Any, cast

import pyarrow as pa

from bim.geometry.engine import F64
from bim.graph.products import Products
from bim.order import containment, outliers, units
from bim.order.bands import Bands
from bim.order.subject import Subject
from twin.finding import Finding

CODES = frozenset(fault.code for fault in (units.IMPLAUSIBLE, containment.WRONG_STOREY, outliers.OUTLIER))


def box_findings(objects: pa.Table, schema: str, boxes: F64) -> list[Finding]:
    """Sizes that no building has, elements outside their storey, strays, as `put_in_order` tells them.

    objects: rows of OBJECTS in file order; boxes (n, 6): by row, metres, heights of the park frame, NaN without mesh.
    """
    absent = cast("Any", None)  # nothing of the file itself is looked at
    products = Products({}, objects.column("id").to_pylist())
    subject = Subject(absent, schema, absent, products, absent, absent, objects, absent, boxes)
    return [
        *units.implausible(subject),
        *containment.wrong_storeys(subject, Bands.of(subject)),
        *outliers.check(subject),
    ]
