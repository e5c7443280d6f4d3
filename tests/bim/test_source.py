from __future__ import annotations

import io
import zipfile

import pytest

from bim.source.archive import unpack
from bim.source.open_model import open_model
from bim.source.text_encoding import guess_encoding
from tests.bim.ifc_files import new_model, read_model, rows
from twin.errors import Invalid, NotFound


@pytest.fixture
def step(tmp_path):
    m = new_model()
    m.wall("外墙")
    return m.write(tmp_path).read_bytes()


def refused(tmp_path, content, name="broken.ifc"):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        open_model(path)
    message = caught.value.message
    assert message.startswith(name)  # the sentence names the file
    assert "expected" in message or "export" in message  # and the way out
    assert "\n" not in message
    return message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_although_the_parser_would_take_it(tmp_path, step, share):
    assert "breaks off" in refused(tmp_path, step[: int(len(step) * share)])


def test_bad_files_get_one_sentence_each(tmp_path, step):
    assert "is empty" in refused(tmp_path, b"")
    assert "no IFC model" in refused(tmp_path, b"Hello, this is a letter and no model.\n" * 50)
    assert "IFC5" in refused(tmp_path, b'{"header": {"ifcxVersion": "ifcx_alpha"}}')
    assert "ifcXML" in refused(tmp_path, b'<?xml version="1.0"?><ifcXML/>')
    assert "header" in refused(tmp_path, b"ISO-10303-21;\nHEADER;\nENDSEC;\nEND-ISO-10303-21;\n")
    assert "cannot be parsed" in refused(
        tmp_path, step.replace(b"IFCPOSTALADDRESS", b"").replace(b"(0.,0.,0.)", b"(0.:,0.,0.)", 1)
    )
    with pytest.raises(NotFound, match="does not exist"):
        open_model(tmp_path / "nowhere.ifc")


@pytest.mark.parametrize("schema", ["IFC2X_FINAL", "IFC4X1", "IFC4X3_RC2", "AUTOMOTIVE_DESIGN"])
def test_withdrawn_schemas_are_named(tmp_path, step, schema):
    message = refused(tmp_path, step.replace(b"'IFC4'", f"'{schema}'".encode()))
    assert schema in message
    assert "IFC2X3, IFC4 or IFC4X3" in message


def test_names_of_the_same_schema_are_read(tmp_path, step):
    path = tmp_path / "alias.ifc"
    path.write_bytes(step.replace(b"'IFC4'", b"'IFC4_ADD2'"))
    assert open_model(path).schema == "IFC4"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_raw_chinese_text_is_read_and_reported(tmp_path, step, encoding):
    raw = step.replace(rb"\X2\59165899\X0" + b"\\", "外墙面板".encode(encoding))
    assert raw != step
    (tmp_path / "raw.ifc").write_bytes(raw)
    draft, _ = read_model(tmp_path / "raw.ifc", tmp_path)
    assert rows(draft.objects, ifc_class="IfcWall")[0]["name"] == "外墙面板"
    assert "ifc-encoding" in {finding.code for finding in draft.findings}


def test_code_pages_are_told_apart():
    assert guess_encoding("'基础结构柱'".encode("gb18030")) == "gb18030"
    assert guess_encoding("'カタログの壁'".encode("cp932")) == "cp932"
    assert guess_encoding("'Außenwand Küche'".encode("cp1252")) == "cp1252"
    assert guess_encoding("'墙'".encode()) == "utf-8"


def test_escaped_chinese_decodes(tmp_path, step):
    (tmp_path / "plain.ifc").write_bytes(step)
    draft, _ = read_model(tmp_path / "plain.ifc", tmp_path)
    assert rows(draft.objects, ifc_class="IfcWall")[0]["name"] == "外墙"
    assert draft.findings == [f for f in draft.findings if f.code != "ifc-encoding"]


def packed(content, name="a.ifc", **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content, **options)
    return buffer.getvalue()


def test_archives(tmp_path, step):
    good = tmp_path / "good.ifczip"
    good.write_bytes(packed(step))
    assert len(open_model(good).file.by_type("IfcWall")) == 1
    assert "without a model" in refused(tmp_path, packed(b"x", "readme.txt"), "a.ifczip")
    assert "broken archive" in refused(tmp_path, packed(step)[:-200], "b.ifczip")
    assert "breaks off" in refused(tmp_path, packed(step[:-400]), "c.ifczip")
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.ifc", step)
        archive.writestr("b.ifc", step)
    assert "holds 2 models" in refused(tmp_path, two.getvalue(), "d.ifczip")


def test_an_archive_is_unpacked_no_farther_than_its_limit(tmp_path):
    bomb = tmp_path / "bomb.ifczip"
    bomb.write_bytes(packed(b"ISO-10303-21;" + b" " * (200 << 20)))
    with pytest.raises(Invalid, match="unpacks to more than"):
        unpack(bomb, tmp_path)
    assert (tmp_path / "model.ifc").stat().st_size < 100 << 20
    with pytest.raises(Invalid, match="at most 1 MB"):
        unpack(bomb, tmp_path, limit=1 << 20)


@pytest.mark.parametrize(
    ("wrong", "plain"),
    [((b".METRE.", b".YARD."), True), ((b"(0.,0.,0.)", b"(0.,.A.,0.)"), False)],
    ids=["no such literal", "no number"],
)
def test_only_a_literal_that_its_enumeration_lacks_leaves_the_text_as_good_as_the_parser(tmp_path, step, wrong, plain):
    path = tmp_path / "faulty.ifc"
    path.write_bytes(step)
    assert open_model(path).text is not None
    path.write_bytes(step.replace(*wrong))
    opened = open_model(path)
    assert [finding.code for finding in opened.findings] == ["ifc-syntax"]
    assert (opened.text is not None) == plain
