"""The sample park: a seeded generator of real files (IFC, GeoPackage, GeoJSON, GeoTIFF) of an invented science park."""

from scenes.sample_park.generate import SEED, generate
from scenes.sample_park.report import GenerateReport, SourceFile

__all__ = ["SEED", "GenerateReport", "SourceFile", "generate"]
