"""What the reader's libraries set up at their first use, done ahead: a host does it once for all its workers."""

from __future__ import annotations

import codecs

import manifold3d
import numpy as np
from ifcopenshell import ifcopenshell_wrapper

from bim.source.mangled_text import CODE_PAGES
from bim.source.step_file import READABLE


def warm() -> None:
    """Make the tables of the schemas, 2 ms each; let the solid kernel look at the machine, 2 ms; load what decodes texts, 2 ms.

    No threads are started, so that processes may be forked from this one.
    """
    for schema in READABLE:
        ifcopenshell_wrapper.schema_by_name(schema)
    for encoding in ("utf-16-be", *CODE_PAGES):
        codecs.lookup(encoding)
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.uint32)
    manifold3d.Manifold(manifold3d.Mesh(corners, faces)).status()
