"""Receives one uploaded file: written to disk and hashed as it arrives, never held in memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from server.errors import NotAcceptable, TooLarge
from twin.errors import Conflict, Invalid, Unavailable

FIELD = "file"
INCOMING = ".incoming-"
MAX_PARTS = 8
MAX_HEADER = 8 * 1024
OVERHEAD = 64 * 1024
"""Bytes of multipart framing and small fields that are allowed beside the file."""
NAME_LENGTH = 120


@dataclass(frozen=True)
class Upload:
    """A received file, still in its incoming folder; `move_to` makes it stay."""

    path: Path
    name: str
    size: int
    sha256: str

    def move_to(self, folder: Path) -> Path:
        """Put the incoming folder in its place, at once; returns the file's path there."""
        self.path.parent.replace(folder)
        return folder / self.path.name

    def discard(self) -> None:
        """Throw it away."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def safe_name(given: str) -> str:
    """A file name that is only a name: no folders, no control characters, no leading dots, at most 120 characters."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", name)
    name = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = name.strip().lstrip(".").strip()
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 12:
        stem, dot, suffix = name, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > NAME_LENGTH:
        stem = stem[:-1]
    return f"{stem or 'model'}{dot}{suffix}"


class _Receiver:
    """Callbacks of the multipart parser: the part named `file` goes to disk, other parts are ignored."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[str, bytes] = {}
        self._parts = 0
        self._ours = False
        self._stream: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self._ended = False
        self.size = 0
        self.name = ""

    def on_part_begin(self) -> None:
        self._parts += 1
        self._headers = {}
        self._ours = False
        if self._parts > MAX_PARTS:
            raise TooLarge(f"The form has more than {MAX_PARTS} parts: expected one file", code="too-many-parts")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]
        self._bound()

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]
        self._bound()

    def _bound(self) -> None:
        if len(self._header_name) + len(self._header_value) > MAX_HEADER or len(self._headers) > MAX_PARTS:
            raise Invalid("The form is broken: the headers of a part are too long", code="upload-broken")

    def on_header_end(self) -> None:
        self._headers[self._header_name.decode("latin-1").lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def on_headers_finished(self) -> None:
        _kind, options = parse_options_header(self._headers.get("content-disposition", b""))
        if options.get(b"name", b"") != FIELD.encode() or b"filename" not in options:
            return
        if self.name:
            raise TooLarge("The form holds more than one file: hand in one model at a time", code="too-many-files")
        self.name = safe_name(options[b"filename"].decode("utf-8", "replace"))
        self._stream = (self._folder / self.name).open("xb")
        self._ours = True

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._ours or self._stream is None:
            return
        self.size += end - start
        if self.size > self._limit:
            raise TooLarge(f"{self.name} is larger than {_size(self._limit)}: that is the most this server takes")
        chunk = memoryview(data)[start:end]
        self._hash.update(chunk)
        self._stream.write(chunk)

    def on_part_end(self) -> None:
        if self._ours:
            self._close()

    def on_end(self) -> None:
        self._ended = True

    def result(self) -> Upload:
        """What was received. Raises Invalid where it is not whole, or there is nothing."""
        if not self._ended:
            raise Invalid("The upload broke off: send the file again", code="upload-broken")
        if not self.name:
            raise Invalid(f"The form has no file: expected one under the name {FIELD!r}", code="no-file")
        if self.size == 0:
            raise Invalid(f"{self.name} is empty: expected a model", code="empty-file")
        return Upload(self._folder / self.name, self.name, self.size, self._hash.hexdigest())

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            self._stream = None

    def abandon(self) -> None:
        if self._stream is not None:
            self._stream.close()


def _size(count: int) -> str:
    return f"{count / 1024**2:,.0f} MiB" if count >= 1024**2 else f"{count:,} bytes"


def _parser(request: Request, receiver: _Receiver) -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise NotAcceptable(
            f"The body is {request.headers.get('content-type', 'of no stated kind')}: expected multipart/form-data"
            f" with the model under the name {FIELD!r}"
        )
    return MultipartParser(
        options[b"boundary"],
        {
            "on_part_begin": receiver.on_part_begin,
            "on_part_data": receiver.on_part_data,
            "on_part_end": receiver.on_part_end,
            "on_header_field": receiver.on_header_field,
            "on_header_value": receiver.on_header_value,
            "on_header_end": receiver.on_header_end,
            "on_headers_finished": receiver.on_headers_finished,
            "on_end": receiver.on_end,
        },
    )


async def receive(request: Request, folder: Path, limit: int) -> Upload:
    """Receive the form's file into a new incoming folder under `folder`.

    Raises Invalid, TooLarge (over `limit` bytes, or more than one file), NotAcceptable, Unavailable
    (disk full); nothing is left behind then.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit + OVERHEAD:
        raise TooLarge(f"The upload has {_size(int(stated))}: at most {_size(limit)} are taken")
    incoming = folder / f"{INCOMING}{uuid.uuid4().hex}"
    receiver = _Receiver(incoming, limit)
    parser = _parser(request, receiver)
    done = False
    try:
        await asyncio.to_thread(incoming.mkdir, parents=True)
        received = 0
        async for chunk in request.stream():
            received += len(chunk)
            if received > limit + OVERHEAD:
                raise TooLarge(f"The upload is larger than {_size(limit)}: that is the most this server takes")
            await asyncio.to_thread(parser.write, chunk)
        parser.finalize()
        upload = receiver.result()
        done = True
    except MultipartParseError as error:
        raise Invalid(f"The form is broken: {error}", code="upload-broken") from error
    except ClientDisconnect as error:
        raise Conflict("The upload broke off", code="upload-broken") from error
    except OSError as error:
        raise Unavailable(f"The upload cannot be stored: {error.strerror}", code="disk") from error
    finally:
        receiver.abandon()
        if not done:
            shutil.rmtree(incoming, ignore_errors=True)
    return upload
