"""From a file to a published layer: worker subprocess, layer version on disk, publish.

What starts workers and publishes is imported when it is first asked for: a worker needs neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenes.build.ingesting import Ingested, ingest
    from scenes.build.limits import Limits
    from scenes.build.publishing import publish_version

__all__ = ["Ingested", "Limits", "ingest", "publish_version"]
_WHERE = {"Ingested": "ingesting", "ingest": "ingesting", "Limits": "limits", "publish_version": "publishing"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
