"""The command line: `parktwin`. One file per command; `main` maps errors to exit codes."""

from server.cli.app import app, main

__all__ = ["app", "main"]
