"""Shapes of a model as triangles in the spool."""
