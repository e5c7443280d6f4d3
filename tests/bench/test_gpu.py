"""What is packed for a machine with a graphics card runs there with the standard library: here with Chromium on llvmpipe."""

import json
import subprocess
import sys

import pytest

from tests.bench import browser
from tests.bench.gpu import pack, run
from tools import chromium

SMALL = "view=near&quality=low&width=320&height=180&seconds=0.5&changing=1"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing())
def test_a_packed_site_is_measured_without_a_driver_program(tmp_path):
    out = tmp_path / "packed"
    told = pack.pack(out, 400)
    assert told["objects_with_mesh"] == 400
    flags = [f"--flag={flag}" for flag in chromium.FLAGS if flag.startswith("--use")]
    command = [sys.executable, "-I", "-S", str(out / "run.py"), str(chromium.find()), *flags, "--out", str(tmp_path / "shots"), "--look", SMALL]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert "llvmpipe" in report["renderer"]
    assert report["size"] == [320, 180]
    assert report["objects"] >= 400
    for turn in report["rounds"]:
        assert turn["drawn"] >= turn["frame"]["count"] > 0
        assert turn["triangles"]["most"] > 10_000
    assert sum(turn["changed"] for turn in report["rounds"]) > 0
    assert (tmp_path / "shots" / "0.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_a_browser_that_reports_nothing_is_told_with_what_it_said(tmp_path, capsys):
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho no display\nsleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    assert run.main([str(program), "--seconds", "1", "--look", SMALL]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["failed"].startswith("no report within")
    assert "no display" in report["log"]


def test_only_a_new_folder_is_packed(tmp_path):
    with pytest.raises(SystemExit):
        pack.main([str(tmp_path)])
