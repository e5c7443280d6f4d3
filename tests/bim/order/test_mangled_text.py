"""Texts are restored where the decoding is certain, and left alone where it is not."""

from __future__ import annotations

import pytest

from bim.source import mangled_text
from bim.source.mangled_text import restore_text
from tests.bim.ifc_files import SHARED
from tests.bim.order.found import found_in

HEAD = "ISO-10303-21;\nHEADER;\nFILE_NAME('{header}','',(''),(''),'','','');\nENDSEC;\nDATA;\n"


@pytest.fixture(autouse=True, params=[0, mangled_text._FEW], ids=["many escapes", "few escapes"])
def few(request, monkeypatch):
    """Files of few escapes are read another way than those of many."""
    monkeypatch.setattr(mangled_text, "_FEW", request.param)


def step(tmp_path, *texts, header="plain"):
    """A file with one instance for each text, as it stands between the quotes."""
    lines = [f"#{number}=IFCLABEL('{text}',$,'second');" for number, text in enumerate(texts, 1)]
    path = tmp_path / "in.ifc"
    path.write_bytes(
        (HEAD.format(header=header) + "\n".join(lines) + "\nENDSEC;\nEND-ISO-10303-21;\n").encode("latin-1")
    )
    return path


def restored(tmp_path, *texts, **more):
    target = tmp_path / "out.ifc"
    return restore_text(step(tmp_path, *texts, **more), target), target


def bytes_escaped(data):
    """Bytes as `\\X\\hh`, ASCII as it is (a backslash doubled)."""
    return "".join(f"\\X\\{byte:02X}" if byte > 126 else chr(byte).replace("\\", "\\\\") for byte in data)


def shifted(data):
    """Bytes as `\\S\\c` where that can be, else as `\\X\\hh`."""
    return "".join(
        f"\\S\\{chr(byte & 0x7F)}" if byte & 0x7F > 31 and byte > 159 else bytes_escaped(bytes([byte])) for byte in data
    )


def wide(text):
    """Characters as `\\X2\\….\\X0\\`."""
    return f"\\X2\\{text.encode('utf-16-be').hex().upper()}\\X0\\"


@pytest.mark.parametrize(
    ("written", "meant", "encoding"),
    [
        (bytes_escaped("外墙保温".encode("gbk")), "外墙保温", "GBK"),
        (shifted("外墙保温".encode("gbk")), "外墙保温", "GBK"),
        (wide("外墙保温".encode("gbk").decode("latin-1")), "外墙保温", "GBK"),
        (bytes_escaped("プロジェクト".encode("cp932")), "プロジェクト", "Shift-JIS"),
        (shifted("平面図と表示名".encode("cp932")), "平面図と表示名", "Shift-JIS"),
        (bytes_escaped("Größe".encode()), "Größe", "UTF-8"),
        (wide("外墙".encode().decode("latin-1")), "外墙", "UTF-8"),
        (wide("Größe – 3 €".encode().decode("cp1252")), "Größe – 3 €", "UTF-8"),
        (bytes_escaped("Küche".encode()), "Küche", "UTF-8"),
        (bytes_escaped("Стена".encode()), "Стена", "UTF-8"),
        ("\\\\X2\\\\59165899\\\\X0\\\\ 2", "外墙 2", "ISO 10303-21"),
    ],
)
def test_bytes_of_another_encoding_are_put_together_again(tmp_path, written, meant, encoding):
    found, target = restored(tmp_path, "Wand", written)
    assert {key: (one.encoding, one.count, one.text) for key, one in found.items()} == {2: (encoding, 1, meant)}
    line = next(line for line in target.read_text("ascii").splitlines() if line.startswith("#2="))
    assert line.endswith(",$,'second');")
    assert restore_text(target, tmp_path / "again.ifc") == {}  # and now it is as the standard wants it


@pytest.mark.parametrize(
    "texts",
    [
        ("Außenwand", "Fenster Süd", "Türöffner", "gr\\S\\vßer"),
        ("Étage", "façade côté cour", "Dalle pleine béton armé"),
        (wide("外墙"), wide("地下一层"), "B1"),
        (wide("墙 – 3 m"), "plain", "it''s"),
        (bytes_escaped("墙".encode("gbk")),),  # one character proves nothing
        ("C:\\\\X2\\\\model.ifc", "\\PB\\\\S\\D\\S\\d"),
        (wide("½ × 3 ° ± µ"),),
    ],
)
def test_sound_and_doubtful_texts_stay_as_they_are(tmp_path, texts):
    found, target = restored(tmp_path, *(text if "\\" in text else wide(text) for text in texts))
    assert found == {}
    assert not target.exists()


def test_a_text_of_backslashes_that_never_ends_takes_no_longer_than_its_length(tmp_path):
    path = tmp_path / "in.ifc"
    path.write_bytes(b"#1=IFCLABEL('\\X\\41" + b"\\" * 100_000 + b"\n#2=IFCLABEL('" + b"\\S\\" * 100_000)
    assert restore_text(path, tmp_path / "out.ifc") == {}  # the test's own time limit is the measure


def test_the_header_counts_as_instance_0_and_quotes_and_backslashes_survive(tmp_path):
    data = bytes_escaped("客户's 外墙保温\\图".encode("gbk").replace(b"'", b"''"))
    found, target = restored(tmp_path, data, header=bytes_escaped("办公楼模型".encode("gbk")))
    assert {key: one.text for key, one in found.items()} == {0: "办公楼模型", 1: "客户's 外墙保温\\图"}
    assert "\\X0\\''s \\X2\\" in target.read_text("ascii")
    assert "\\X0\\\\\\\\X2\\" in target.read_text("ascii")


def test_a_text_repaired_in_the_file_reaches_the_objects(tmp_path):
    from tests.bim.ifc_files import new_model

    m = new_model()
    wall = m.wall("外墙保温".encode("gbk").decode("latin-1"))
    found, draft = found_in(m.write(tmp_path), tmp_path / "x")
    assert "外墙保温" in draft.objects.column("name").to_pylist()
    finding = found["ifc-text-repaired"]
    assert (finding.ids, finding.value) == ((wall.GlobalId,), 1.0)
    assert finding.data["notes"] == {wall.GlobalId: "外墙保温"}


def test_texts_that_are_utf_8_by_chance_go_with_the_others_of_their_file(tmp_path):
    texts = ["外墙保温", "鲁A", "墙", "玻璃门"]
    found, _ = restored(tmp_path, *(bytes_escaped(text.encode("gbk")) for text in texts))
    assert [one.text for one in found.values()] == texts


@pytest.mark.shared
def test_a_file_in_shift_jis_reads_like_its_sound_twin(tmp_path):
    folder = SHARED / "ifc" / "cjk"
    if not folder.is_dir():
        pytest.skip("no shared data")
    found, broken = found_in(folder / "ja-ac16_sjis.ifc", tmp_path / "a")
    _, sound = found_in(folder / "ja-ac16_unicode.ifc", tmp_path / "b")
    names = [
        dict(zip(*(draft.objects.column(name).to_pylist() for name in ("id", "name")), strict=True))
        for draft in (broken, sound)
    ]
    assert names[0] == names[1]
    assert found["ifc-text-repaired"].repaired
    assert "ifc-text-mangled" not in found
