"""A defect of our own in a build: one sentence for the user, the traceback in the log, nothing published."""

from __future__ import annotations

import logging

import pytest

import bim.reader
from scenes.build.limits import Limits
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from server.cli.app import exit_code
from tests.bim.ifc_files import new_model, read_model
from twin.errors import Invalid, Unavailable


def test_a_worker_that_breaks_says_so_in_a_sentence_and_leaves_its_traceback_in_the_log(tmp_path, caplog):
    source = new_model().write(tmp_path)
    staging = tmp_path / "staging"
    staging.mkdir()
    spec = Spec(str(source), "a", "v", "0", "", str(staging), frame={"nonsense": 1.0})  # no caller makes such a frame
    with caplog.at_level(logging.ERROR), pytest.raises(Unavailable) as caught:
        run_worker(spec, Limits(), lambda _done, _phase: None)
    said = str(caught.value)
    assert "a defect of parktwin, not of the file (TypeError: " in said
    assert "\n" not in said
    assert caught.value.code == "worker"
    assert exit_code(caught.value) == 7
    assert not (staging / "layer.json").exists()
    assert "Traceback (most recent call last)" in caplog.text
    assert "in main" in caplog.text


@pytest.mark.parametrize("error", [AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError])
def test_our_own_errors_are_not_laid_upon_the_file(tmp_path, monkeypatch, error):
    def broken(*_arguments):
        raise error("ours")

    monkeypatch.setattr(bim.reader, "read_graph", broken)
    with pytest.raises(error, match="ours"):
        read_model(new_model().write(tmp_path), tmp_path)


def test_what_the_parser_raises_is_the_files_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(bim.reader, "read_graph", lambda opened, *_rest: opened.file.by_id(999_999))
    with pytest.raises(Invalid, match=r"model\.ifc breaks the schema that it names") as caught:
        read_model(new_model().write(tmp_path), tmp_path)
    assert caught.value.code == "malformed"
