"""规整: putting a model in order. What was repaired while it was read, and what its author must mend.

`put_in_order` runs in the reader, on entities and boxes; `shape_findings` runs once the shapes are measured.
"""

from bim.order.run import put_in_order
from bim.order.shapes import shape_findings
from bim.order.subject import Subject

__all__ = ["Subject", "put_in_order", "shape_findings"]
