"""From a file to a published layer: worker subprocess, layer version on disk, publish."""

from scenes.build.ingest import Ingested, ingest
from scenes.build.limits import Limits
from scenes.build.publishing import publish_version

__all__ = ["Ingested", "Limits", "ingest", "publish_version"]
