"""Pictures of a park by PyVista, for notebooks and reports: the web application's colours, no browser."""

from scenes.picture.camera import PRESETS
from scenes.picture.picture import Pictured, Wish, picture, view

__all__ = ["PRESETS", "Pictured", "Wish", "picture", "view"]
