"""A kept file is known by what the system says of it, until it is written to."""

from __future__ import annotations

import os
import shutil

from scenes.build.sealed import is_sealed, seal


def test_a_file_is_known_until_it_is_written_to(tmp_path):
    path = tmp_path / "a.ifc"
    path.write_bytes(b"one")
    assert not is_sealed(path, "h")
    seal(path, "h")
    assert is_sealed(path, "h")
    assert not is_sealed(path, "other")
    before = path.stat().st_mtime_ns
    path.write_bytes(b"two")
    os.utime(path, ns=(before + 1, before + 1))
    assert not is_sealed(path, "h")


def test_a_link_is_known_and_a_copy_is_not(tmp_path):
    path = tmp_path / "a.ifc"
    path.write_bytes(b"one")
    seal(path, "h")
    for name, copy in (("linked", os.link), ("copied", shutil.copy2)):
        other = tmp_path / name
        shutil.copytree(tmp_path, other, copy_function=copy, ignore=shutil.ignore_patterns("linked", "copied"))
        assert is_sealed(other / "a.ifc", "h") is (name == "linked")


def test_a_broken_note_is_none(tmp_path):
    path = tmp_path / "a.ifc"
    path.write_bytes(b"one")
    seal(path, "h")
    (tmp_path / ".a.ifc.sealed").write_bytes(b"other")
    assert not is_sealed(path, "h")
    path.unlink()
    assert not is_sealed(path, "h")
