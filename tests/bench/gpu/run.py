"""`python3 run.py BROWSER [--out FOLDER] [--flag …] [--look NAME=VALUE&… …]`: open the packed pages, print what they measured.

Runs where the graphics card is, from the folder that `pack` wrote, with Python's standard library alone.
"""

from __future__ import annotations

import argparse
import base64
import json
import queue
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

FILES = Path(__file__).resolve().parent / "files"
FLAGS = (
    "--headless", "--no-sandbox", "--enable-gpu", "--ignore-gpu-blocklist", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--enable-precise-memory-info", "--hide-scrollbars",
)  # fmt: skip
ANGLE = ("--use-gl=angle", "--use-angle=gl-egl")
LOOKS = ("view=near&quality=high", "view=whole&quality=high")


class Handler(SimpleHTTPRequestHandler):
    """Packed files as a server sends them, and the page's report."""

    reports: ClassVar[queue.Queue[dict[str, Any]]] = queue.Queue()
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".glb": "model/gltf-binary",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        """A file, or 404."""
        name = self.path.split("?")[0].lstrip("/")
        path = FILES / f"{name}.gz"
        if ".." in name or not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(name))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The report."""
        self.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing: requests are many."""


def look(program: str, flags: list[str], url: str, seconds: float) -> dict[str, Any]:
    """One page in a browser of its own: its report, or why there is none."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, *flags, f"--user-data-dir={profile}", "--window-size=3840,2160", "--remote-debugging-port=0", url]  # fmt: skip
        log = Path(profile) / "log"
        with log.open("wb") as stream:
            browser = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT)
        try:
            return Handler.reports.get(timeout=seconds)
        except queue.Empty:
            return {"failed": f"no report within {seconds:.0f} s", "log": log.read_text(errors="replace")[-2000:]}
        finally:
            browser.kill()
            browser.wait()


def main(arguments: list[str]) -> int:
    """1 where a page failed."""
    parser = argparse.ArgumentParser(prog="run.py")
    parser.add_argument("browser")
    parser.add_argument("--out", type=Path, help="folder for the pictures")
    parser.add_argument("--flag", action="append", default=[], help="for the browser, instead of ANGLE on EGL")
    parser.add_argument("--look", action="append", default=[], help=f"a page's query (default {' and '.join(LOOKS)})")
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args(arguments)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    good = True
    for number, query in enumerate(options.look or LOOKS):
        url = f"http://127.0.0.1:{server.server_port}/orbit.html?{query}"
        report = look(options.browser, options.flag or list(ANGLE), url, options.seconds)
        good = good and "failed" not in report
        shot = report.pop("shot", "")
        if options.out and shot:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"{number}.jpg").write_bytes(base64.b64decode(shot.split(",")[1]))
        print(json.dumps(report), flush=True)
    server.shutdown()
    server.server_close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
