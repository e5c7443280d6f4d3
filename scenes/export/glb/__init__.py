"""Selected objects as one glTF file, from the tiles of their layers."""

from scenes.export.glb.export import GlbReport, export_glb

__all__ = ["GlbReport", "export_glb"]
