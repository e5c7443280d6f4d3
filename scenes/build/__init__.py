"""From a file to a published layer: worker subprocess, layer version on disk, publish.

What starts workers and publishes is imported when it is first asked for: a worker needs neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenes.build.ingesting import Ingested, ingest
    from scenes.build.limits import Limits
    from scenes.build.publishing import publish_version

__all__ = ["Ingested", "Limits", "ingest", "publish_version"]


def __getattr__(name: str) -> Any:
    if name in {"Ingested", "ingest"}:
        from scenes.build import ingesting  # noqa: PLC0415

        return getattr(ingesting, name)
    if name == "Limits":
        from scenes.build.limits import Limits  # noqa: PLC0415

        return Limits
    if name == "publish_version":
        from scenes.build.publishing import publish_version  # noqa: PLC0415

        return publish_version
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
