"""Whether a source is what it was when it was looked at."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from scenes.build import looked
from scenes.build.looked import Looked
from twin.errors import Invalid

IMAGE = b"#9=IFCIMAGETEXTURE(.T.,.T.,$,$,$,'a.png');\n"


@pytest.fixture
def reads(monkeypatch) -> list[Path]:
    """Files that were hashed."""
    found: list[Path] = []
    once = looked.hash_and_names

    def counted(path: Path) -> tuple[str, set[str]]:
        found.append(path)
        return once(path)

    monkeypatch.setattr(looked, "hash_and_names", counted)
    return found


def test_a_file_that_was_left_alone_is_read_once(tmp_path, monkeypatch, reads):
    source = tmp_path / "a.ifc"
    source.write_bytes(b"#1=IFCWALL();\n")
    monkeypatch.setattr(looked, "SETTLED_NS", -1)
    seen = Looked.at(source)
    assert not seen.changed()
    assert reads == [source]
    stat = source.stat()
    source.write_bytes(b"#2=IFCWALL();\n")
    os.utime(source, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as long as before, and said to be as old
    assert seen.changed()
    source.write_bytes(b"#1=IFCWALL();\n")
    assert not seen.changed()
    source.unlink()
    with pytest.raises(Invalid):
        seen.changed()


def test_a_file_of_just_now_is_read_again(tmp_path, reads):
    source = tmp_path / "a.ifc"
    source.write_bytes(b"#1=IFCWALL();\n")
    assert not Looked.at(source).changed()
    assert len(reads) == 2


def test_what_a_file_names_is_looked_at_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr(looked, "SETTLED_NS", -1)
    source = tmp_path / "a.ifc"
    source.write_bytes(IMAGE)
    seen = Looked.at(source)
    assert seen.sha256 == seen.own
    (tmp_path / "a.png").write_bytes(b"1")
    assert seen.changed()
    seen = Looked.at(source)
    assert [path.name for path in seen.beside] == ["a.png"]
    assert not seen.changed()
    (tmp_path / "a.png").write_bytes(b"2")
    assert seen.changed()


@pytest.mark.parametrize("before", [0, (1 << 20) - 20, (1 << 20) - 3])
def test_a_name_across_two_blocks_is_found(tmp_path, before):
    source = tmp_path / "a.ifc"
    source.write_bytes(b" " * before + IMAGE)
    (tmp_path / "a.png").write_bytes(b"1")
    assert Looked.at(source).beside


@pytest.mark.parametrize("at", [0, looked.BLOCK - 20, looked.BLOCK - 10, looked.BLOCK, 2 * looked.BLOCK - 17])
def test_an_image_is_found_wherever_it_is_named(tmp_path, at):
    source = tmp_path / "a.ifc"
    data = b" " * at + IMAGE + b" " * looked.BLOCK
    source.write_bytes(data)
    assert looked.hash_and_names(source) == (hashlib.sha256(data).hexdigest(), {"a.png"})
    source.write_bytes(data.replace(b"IFCI", b"IFCX"))
    assert looked.hash_and_names(source)[1] == set()
