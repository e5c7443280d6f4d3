"""Why a changed file is read whole."""

from __future__ import annotations


class Whole(Exception):
    """The change is not known to stay local. str() is the reason, in a few words for the version's statistics."""
