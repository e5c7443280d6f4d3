"""What a changed IFC file changes in its layer: the objects concerned, and their rows, from a small part of the text."""

from bim.changes.reread import Reread, reread
from bim.changes.whole import Whole

__all__ = ["Reread", "Whole", "reread"]
