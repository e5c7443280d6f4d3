"""ifcXML in: any notation of IFC2X3, IFC4 and IFC4X3 becomes a STEP file that the one parser reads."""

from bim.source.ifcxml.convert import Converted, convert

__all__ = ["Converted", "convert"]
