"""Archives that users send: members come out whole, within bounds, and what is broken is said."""

from __future__ import annotations

import zipfile

import pytest

from twin.archive import opened_archive, unpack_member
from twin.errors import Invalid


@pytest.fixture
def packed(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m.ifc", b"ISO-10303-21;" * 1000)
    return path


def test_a_member_comes_out_whole(packed, tmp_path):
    with opened_archive(packed) as archive:
        unpack_member(archive, archive.infolist()[0], tmp_path / "m", packed.name)
    assert (tmp_path / "m").read_bytes() == b"ISO-10303-21;" * 1000


def test_what_unpacks_beyond_the_limit_is_refused(packed, tmp_path):
    with opened_archive(packed) as archive, pytest.raises(Invalid, match=r"a\.zip unpacks to more than") as told:
        unpack_member(archive, archive.infolist()[0], tmp_path / "m", packed.name, limit=12_999)
    assert told.value.code == "archive-size"


def test_a_broken_archive_is_named(packed):
    packed.write_bytes(packed.read_bytes()[:40])
    with pytest.raises(Invalid, match=r"a\.zip is a broken archive") as told, opened_archive(packed):
        pass
    assert told.value.code == "archive"
