"""From a selection of objects to one file: IFC, GLB, CSV, Parquet."""

from scenes.export.request import Exported, ExportRequest, Format, format_of

__all__ = ["ExportRequest", "Exported", "Format", "format_of"]
