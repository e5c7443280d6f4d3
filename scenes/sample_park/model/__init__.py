"""Writing IFC4 through IfcOpenShell's low-level file: solids, types, relations, property sets."""
