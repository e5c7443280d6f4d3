"""Log lines: for people on a terminal, or one JSON object per line for collectors."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import orjson

from server.http.context import request_id
from twin.clock import iso

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """Time, level, logger, message, request id, extra fields, and the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        row: dict[str, Any] = {
            "time": iso(round(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            row["request_id"] = request_id.get()
        row |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            row["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(row, default=str).decode()


class TextLines(logging.Formatter):
    """Short lines for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """`12:00:01 warning server.jobs: …`, with the trace below."""
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def set_up(*, json_lines: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all log lines of this process to one stream (stderr), replacing what was set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    if not json_lines:  # a terminal is for events; every request stands in the JSON log
        logging.getLogger("server.access").setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
