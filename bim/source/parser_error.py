"""Which exceptions come out of IfcOpenShell, and which are defects of our own."""

from __future__ import annotations

import ifcopenshell


def by_parser(error: BaseException) -> bool:
    """Whether IfcOpenShell raised it: it passes its C++ exceptions on as RuntimeError itself, which no line of ours raises.

    All else is a defect of our own, whatever the file: it ends the worker with its traceback.
    """
    return isinstance(error, ifcopenshell.Error) or type(error) is RuntimeError
