"""IFC in: graph, properties, quantities, meshes; review out."""
