"""The web application, the embeddable viewer and its iframe page: files that the web build has made."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from fastapi import APIRouter, Request, Response

from server.access import public
from server.http.coding import takes_gzip
from server.http.respond import tagged
from server.services import Use
from twin.errors import NotFound

router = APIRouter(include_in_schema=False)
OPEN = public("the page has no data in it; what it then asks for is guarded")
SCREENS = ("/", "/brain", "/planning", "/review", "/compare", "/devices", "/admin", "/login")
PART = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9._@-]*")
HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.")
HTML = "text/html; charset=utf-8"
NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>parktwin</title>
<style>body{font:16px/1.7 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem;color:#17233a}
code{background:#eef2f8;padding:.1em .4em;border-radius:4px}</style>
<h1>网页尚未构建</h1><p>服务已在运行，但 <code>web/dist</code> 不存在。请在代码目录运行 <code>make setup</code>，然后刷新本页。</p>
<h2 lang="en">The web application is not built</h2><p lang="en">The server runs, but <code>web/dist</code> is missing.
Run <code>make setup</code> in the checkout, then reload this page.</p></html>"""

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("font/woff2", ".woff2")


def built_file(folder: Path, path: str) -> Path:
    """A file of the web build; only plain names pass, so no path leaves the folder. Raises NotFound."""
    parts = path.split("/")
    root = folder.resolve()
    if all(PART.fullmatch(part) for part in parts):
        file = root.joinpath(*parts).resolve()
        if file.is_relative_to(root) and file.is_file():
            return file
    raise NotFound(f"The web application has no file {path!r}", code="no-file")


def _file(request: Request, folder: Path, path: str) -> Response:
    file = built_file(folder, path)
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type.endswith("json"):
        media_type += "; charset=utf-8"
    beside = file.with_name(f"{file.name}.gz")
    packed = beside.read_bytes() if beside.is_file() else None
    if not HASHED.search(file.name):
        return tagged(request, file.read_bytes(), media_type, packed=packed)
    # The name changes with the content.
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if packed is not None and takes_gzip(request):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
    return Response(file.read_bytes(), headers=headers, media_type=media_type)


def _page(request: Request, file: Path) -> Response:
    if not file.is_file():
        return Response(NOT_BUILT, 503, media_type=HTML)
    return tagged(request, file.read_bytes(), HTML)


def page(request: Request, use: Use) -> Response:
    """The application; the screen is chosen by its address in the browser."""
    return _page(request, use.settings.web_dist / "index.html")


for screen in SCREENS:
    router.add_api_route(screen, page, dependencies=[OPEN], name=f"screen {screen}", response_class=Response)
    if screen != "/":  # deep links: /review/abc opens the review screen
        router.add_api_route(
            f"{screen}/{{rest:path}}", page, dependencies=[OPEN], name=f"screen {screen}/…", response_class=Response
        )


@router.get("/assets/{path:path}", dependencies=[OPEN], response_class=Response)
def asset(path: str, request: Request, use: Use) -> Response:
    """Scripts, styles, fonts, decoders of the application."""
    return _file(request, use.settings.web_dist / "assets", path)


@router.get("/embed-example.html", dependencies=[OPEN], response_class=Response)
@router.get("/embed-example.js", dependencies=[OPEN], response_class=Response)
@router.get("/favicon.ico", dependencies=[OPEN], response_class=Response)
@router.get("/favicon.svg", dependencies=[OPEN], response_class=Response)
def loose_file(request: Request, use: Use) -> Response:
    """The icon of the browser's tab, and the example of an embedding page."""
    return _file(request, use.settings.web_dist, request.url.path.removeprefix("/"))


@router.get("/embed", dependencies=[OPEN], response_class=Response)
def embed(request: Request, use: Use) -> Response:
    """The page for iframes: the viewer and nothing else."""
    return _page(request, use.settings.web_dist / "embed" / "index.html")


@router.get("/embed/{path:path}", dependencies=[OPEN], response_class=Response)
def embed_file(path: str, request: Request, use: Use) -> Response:
    """The web component `park-viewer.js` and what it loads."""
    return _file(request, use.settings.web_dist / "embed", path)
