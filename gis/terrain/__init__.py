"""Elevation rasters to height fields and terrain meshes in the park frame."""
