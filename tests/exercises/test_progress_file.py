"""Progress in one file: whole at every moment, nothing lost, nothing elsewhere."""

import json
import os
import stat
import subprocess
import sys
import textwrap

import pytest

import gradtape as gt
from gradtape.exercises import progress_file as record


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Work in the folder of a language inside a learner's folder."""
    (tmp_path / "en").mkdir()
    (tmp_path / ".gradtape").mkdir()
    (tmp_path / ".gradtape" / "installed.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "en")
    return tmp_path


def kept(folder):
    return json.loads((folder / ".gradtape" / "progress.json").read_bytes())


def test_attempts_hints_passes_and_predictions_are_kept(folder):
    gt.check("2.4", lambda value, curvature: 1.0)
    gt.hint("2.4")
    gt.check("2.4", lambda value, curvature: (1.2e-7 * abs(value / curvature)) ** 0.5)
    gt.predict("2.b", "smaller")
    entry = kept(folder)["exercises"]["2.4"]
    assert (entry["attempts"], entry["hints"]) == (2, 1)
    assert entry["passed"].startswith("20")
    assert kept(folder)["predictions"]["2.b"]["choice"] == "smaller"
    assert record.passed(folder) == {"02": ["2.4"]}


def test_what_is_passed_stays_passed(folder):
    record.note_pass("2.1")
    when = kept(folder)["exercises"]["2.1"]["passed"]
    gt.check("2.1", 3.0)
    record.note_pass("2.1")
    assert kept(folder)["exercises"]["2.1"]["passed"] == when


def test_outside_of_a_learners_folder_nothing_is_written(tmp_path):
    gt.hint("2.1")
    record.note_pass("2.1")
    assert list(tmp_path.rglob("*")) == []
    assert record.passed(None) == {"02": ["2.1"]}


def test_nothing_but_the_record_is_written(folder):
    record.note_pass("2.1")
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert names - {"progress.lock"} == {"installed.json", "progress.json"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'{"exercises": 3}', b'{"exercises": {"2.1": 7}}', b"\xff\xfe"],
)
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(folder, content):
    path = folder / ".gradtape" / "progress.json"
    for number in (1, 2):
        path.write_bytes(content)
        assert record.read(folder) == {"exercises": {}, "predictions": {}}
        (note,) = record.note_pass("2.1")
        aside = sorted(path.parent.glob("progress (damaged 20*).json"))
        assert len(aside) == number
        assert aside[0].read_bytes() == content
        assert any(name.name in str(note) for name in aside)
        assert record.passed(folder) == {"02": ["2.1"]}


def test_the_learner_is_told_of_a_damaged_file(folder):
    (folder / ".gradtape" / "progress.json").write_text("{")
    assert "was damaged" in repr(gt.hint("2.1"))


def test_what_a_later_version_writes_is_not_lost(folder):
    path = folder / ".gradtape" / "progress.json"
    path.write_text('{"exercises": {"2.1": {"stars": 3}}, "badges": ["tape"]}')
    record.note_pass("2.1")
    assert kept(folder)["badges"] == ["tape"]
    assert kept(folder)["exercises"]["2.1"]["stars"] == 3


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="may write anywhere")
def test_a_folder_that_cannot_be_written(folder):
    hidden = folder / ".gradtape"
    hidden.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        card = gt.hint("2.1")
    finally:
        hidden.chmod(stat.S_IRWXU)
    assert "could not be saved" in repr(card)


def test_a_full_disk(folder, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "write_whole", full)
    card = gt.check(
        "2.4", lambda value, curvature: (1.2e-7 * abs(value / curvature)) ** 0.5
    )
    assert card
    assert "could not be saved: No space left on device" in repr(card)
    assert record.passed(None) == {"02": ["2.4"]}


@pytest.mark.parametrize("function", ["fsync", "replace", "chmod"])
def test_a_write_that_is_cut_off_leaves_the_old_file(folder, monkeypatch, function):
    record.note_pass("2.1")
    before = kept(folder)

    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, function, stop)
    with pytest.raises(KeyboardInterrupt):
        record.note_pass("2.2")
    monkeypatch.undo()
    assert kept(folder) == before
    assert not list(folder.rglob(".progress-*"))


def test_what_a_killed_process_left_is_removed(folder):
    (folder / ".gradtape" / ".progress-abc").write_text("{")
    record.note_pass("2.1")
    assert not list(folder.rglob(".progress-*"))


def test_two_notebooks_lose_nothing_of_each_others(folder):
    program = textwrap.dedent("""
        import sys
        from gradtape.exercises import progress_file as record
        for number in range(1, 26):
            record.note_attempt("2.1")
            record.note_pass(f"{sys.argv[1]}.{number}")
    """)
    both = [
        subprocess.Popen([sys.executable, "-c", program, lesson], cwd=folder / "en")
        for lesson in ("3", "4")
    ]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert kept(folder)["exercises"]["2.1"]["attempts"] == 50
    assert {lesson: len(n) for lesson, n in record.passed(folder).items()} == {
        "03": 25,
        "04": 25,
    }


def test_the_record_is_read_without_tensorflow(folder):
    program = (
        "import sys; from gradtape.exercises import progress_file as record;"
        "print(record.passed(record.learners_folder()), 'tensorflow' in sys.modules)"
    )
    record.note_pass("2.1")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{'02': ['2.1']} False"


def test_progress_in_words_and_bars(folder):
    assert "No exercise is done yet." in repr(gt.progress())
    record.note_pass("2.1")
    record.note_pass("2.3")
    text = repr(gt.progress())
    assert "2 of " in text
    assert "Lesson 2: 2 of 4" in text
    assert "Next: " in text
