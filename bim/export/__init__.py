"""IFC out: a selection of a model's elements as an IFC file of its own."""

from bim.export.extract import Extracted, extract

__all__ = ["Extracted", "extract"]
