"""Zip archives that users send: one member taken out, its size counted while unpacking."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import Invalid

MAX_UNPACKED_BYTES = 4 << 30
MAX_RATIO = 400
"""STEP, XML and JSON pack 5 to 30 times, at most some 100; far more than that is an attack."""
RATIO_FROM_BYTES = 64 << 20
_CHUNK = 1 << 20


@contextmanager
def opened_archive(source: Path) -> Iterator[zipfile.ZipFile]:
    """An archive for reading. Raises Invalid where it is broken or locked, also while its members are read."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
    ) as error:  # the last: a method unknown to zipfile
        raise Invalid(
            f"{source.name} is a broken archive ({error}): expected a plain zip file with one model inside; send it again",
            code="archive",
        ) from error
    except RuntimeError as error:  # zipfile's way of saying that a password is wanted
        raise Invalid(
            f"{source.name} is locked with a password: expected a plain zip file with one model inside", code="archive"
        ) from error


def unpack_member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, name: str, *, limit: int = MAX_UNPACKED_BYTES
) -> None:
    """Write one member to `target`. name: the archive's, for messages.

    Bytes are counted whatever the archive's own directory says. Raises Invalid beyond `limit`, and beyond MAX_RATIO
    times the packed size.
    """
    written, packed = 0, max(entry.compress_size, 1)
    with archive.open(entry) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > limit or (written > RATIO_FROM_BYTES and written > MAX_RATIO * packed):
                raise Invalid(
                    f"{name} unpacks to more than {written >> 20} MB from {packed >> 10} KB: expected at most"
                    f" {limit >> 20} MB and {MAX_RATIO} times its packed size; send the plain file",
                    code="archive-size",
                )
            out.write(chunk)
