"""Frames, boxes, height fields and the mesh spool: geometry without any file format."""
