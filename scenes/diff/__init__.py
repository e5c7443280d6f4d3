"""What changed between two versions of a layer: fingerprints made with the build, matching, comparison."""

from scenes.diff.difference import KINDS, Change, Difference, Item

__all__ = ["KINDS", "Change", "Difference", "Item"]
