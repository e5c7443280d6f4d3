"""Which schema an ifcXML document follows: its namespaces, schema locations and header say so in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bim.source.step_file import READABLE
from twin.errors import Invalid

_EDITION = re.compile(r"ifc[ _-]?(\d)(?:[x_.](\d))?(?!\d)", re.IGNORECASE)
_SCHEMAS = {("2", "3"): "IFC2X3", ("4", ""): "IFC4", ("4", "3"): "IFC4X3_ADD2"}


def edition(texts: Iterable[str], name: str) -> str:
    """The schema as IfcOpenShell names it. texts: where it may stand, strongest first; name: the file.

    Raises Invalid where no text names an edition, or only one that is not read.
    """
    other = ""
    for text in texts:
        for match in _EDITION.finditer(text):
            found = _SCHEMAS.get((match.group(1), match.group(2) or ""))
            if found in READABLE:
                return str(found)
            other = other or match.group(0)
    what = f"follows {other}, a withdrawn edition" if other else "names no IFC edition"
    raise Invalid(
        f"{name} {what}: expected ifcXML of IFC2X3, IFC4 or IFC4X3; export it again from the authoring tool in one of these",
        code="schema",
    )
