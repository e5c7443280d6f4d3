"""Pictures of a park by PyVista, for notebooks and reports: the web application's colours, no browser."""

from scenes.picture.camera import PRESETS
from scenes.picture.marks import Marks, marked
from scenes.picture.picture import Pictured, Wish, picture, view

__all__ = ["PRESETS", "Marks", "Pictured", "Wish", "marked", "picture", "view"]
