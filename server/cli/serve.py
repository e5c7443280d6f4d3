"""`parktwin serve`: serve a park to browsers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8420,
) -> None:
    """Serve the park: web application, interface, live values, tiles."""
    from server.serve import serve as run  # noqa: PLC0415

    run(park, host=host, port=port)
