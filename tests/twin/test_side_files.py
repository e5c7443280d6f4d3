"""Files beside a source: found in its folder or archive, and nowhere else."""

from __future__ import annotations

import zipfile

import pytest

from twin import side_files
from twin.errors import Invalid
from twin.side_files import SideFiles


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "in"
    (inner / "maps").mkdir(parents=True)
    (inner / "maps" / "a 1.png").write_bytes(b"one")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (inner / "link.png").symlink_to(tmp_path / "secret.png")
    return inner


def test_reads_beside_and_below(folder):
    files = SideFiles(folder / "m.gltf", "m.gltf")
    assert files.read("maps/a%201.png") == files.read("maps\\a 1.png", encoded=False) == b"one"
    assert files.read("data:text/plain;base64,b25l") == b"one"


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.png",
        "maps/../../secret.png",
        "/etc/passwd",
        "http://a/b.png",
        "c:/x.png",
        "link.png",
        "%2e%2e/secret.png",
    ],
)
def test_never_leaves_the_folder(folder, uri):
    with pytest.raises(Invalid, match="not in its own folder"):
        SideFiles(folder / "m.gltf", "m.gltf").read(uri)


def test_what_is_missing_is_named(folder):
    with pytest.raises(Invalid, match=r"'gone\.png'.*does not lie beside it"):
        SideFiles(folder / "m.gltf", "m.gltf").read("gone.png")


def test_members_of_an_archive(folder, monkeypatch):
    archive = folder / "m.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("model/m.ifc", "x")
        out.writestr("model/maps/b.png", b"two")
        out.writestr("../secret.png", b"out")
        out.writestr("large.png", b"0" * 5000)
    files = SideFiles(archive, "m.zip")
    assert files.read("maps/b.png") == b"two"
    assert files.read("maps/a 1.png") == b"one"  # not packed: beside the archive
    with pytest.raises(Invalid, match="not in its own folder"):
        files.read("../secret.png")
    monkeypatch.setattr(side_files, "MAX_PACKED_BYTES", 1000)
    with pytest.raises(Invalid, match="unpacks to more"):
        files.read("large.png")
