"""The learner's copy: what the learner wrote is found again, whatever happens."""

import contextlib
import errno
import json
import os
import platform
import re
from unittest import mock

import nbformat
import pytest

from gradtape import language, workspace

LESSON = "en/01_tape.ipynb"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "我的 lessons"


def contents(folder):
    """Return every file's bytes by its path, without gradtape's own record."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".gradtape" not in path.relative_to(folder).parts
    }


def revise(shipped, old=b"print(1)", new=b"print(111)"):
    """Ship another version of the first lesson."""
    path = shipped / LESSON
    path.write_bytes(path.read_bytes().replace(old, new))


def first_lesson():
    return workspace.find_lesson("1", "en")


def test_a_new_folder_gets_the_lessons(shipped, folder):
    assert workspace.prepare(folder, "en") == []
    assert list(contents(folder)) == [LESSON, "en/02_tape.ipynb", "en/README.md"]


def test_no_result_stands_in_the_copy_before_the_learner_runs_a_cell(shipped, folder):
    notebook = nbformat.read(shipped / LESSON, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cell.execution_count = 1
    cell.outputs = [nbformat.v4.new_output("stream", text="1\n")]
    nbformat.write(notebook, shipped / LESSON)
    workspace.prepare(folder, "en")
    copy = nbformat.read(folder / LESSON, as_version=4)
    assert [cell.source for cell in copy.cells] == [c.source for c in notebook.cells]
    (copied,) = [cell for cell in copy.cells if cell.cell_type == "code"]
    assert (copied.outputs, copied.execution_count) == ([], None)
    assert not workspace.is_begun(folder, first_lesson(), "en")
    assert workspace.reset(folder, first_lesson(), "en") is None


def test_two_languages_live_side_by_side(shipped, folder):
    workspace.prepare(folder, "en")
    workspace.prepare(folder, "zh")
    assert {path.split("/")[0] for path in contents(folder)} == {"en", "zh"}


def test_the_learner_s_work_stays(shipped, folder):
    workspace.prepare(folder, "en")
    (folder / LESSON).write_bytes(b"mine")
    (folder / "en/notes.txt").write_bytes(b"my notes")
    workspace.prepare(folder, "en")
    assert contents(folder)[LESSON] == b"mine"
    assert contents(folder)["en/notes.txt"] == b"my notes"
    assert len(contents(folder)) == 4


def test_a_deleted_lesson_comes_back(shipped, folder):
    workspace.prepare(folder, "en")
    (folder / LESSON).unlink()
    workspace.prepare(folder, "en")
    assert contents(folder)[LESSON] == (shipped / LESSON).read_bytes()


def test_an_upgrade_replaces_what_was_not_touched(shipped, folder):
    workspace.prepare(folder, "en")
    revise(shipped)
    assert workspace.prepare(folder, "en") == []
    assert b"print(111)" in contents(folder)[LESSON]


def test_an_upgrade_lands_beside_what_the_learner_changed(shipped, folder):
    workspace.prepare(folder, "en")
    (folder / LESSON).write_bytes(b"mine")
    revise(shipped)
    (beside,) = workspace.prepare(folder, "en")
    assert "new in" in beside.name and beside.suffix == ".ipynb"
    assert b"print(111)" in beside.read_bytes()
    assert (folder / LESSON).read_bytes() == b"mine"
    assert workspace.prepare(folder, "en") == []  # told once
    beside.unlink()
    assert workspace.prepare(folder, "en") == []  # and not forced on anybody


def test_a_second_upgrade_overwrites_no_first_one(shipped, folder):
    workspace.prepare(folder, "en")
    (folder / LESSON).write_bytes(b"mine")
    revise(shipped)
    (first,) = workspace.prepare(folder, "en")
    first.write_bytes(b"mine too")
    revise(shipped, b"print(111)", b"print(222)")
    (second,) = workspace.prepare(folder, "en")
    assert first.read_bytes() == b"mine too"
    assert second != first


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe"])
def test_without_a_readable_record_every_changed_file_is_the_learner_s(
    shipped, folder, damage
):
    workspace.prepare(folder, "en")
    (folder / LESSON).write_bytes(b"mine")
    (folder / ".gradtape/installed.json").write_bytes(damage)
    workspace.prepare(folder, "en")
    assert contents(folder)[LESSON] == b"mine"


def test_reset_keeps_the_learner_s_version_with_a_date(shipped, folder):
    workspace.prepare(folder, "en")
    (folder / LESSON).write_bytes(b"mine")
    kept = workspace.reset(folder, first_lesson(), "en")
    assert kept.read_bytes() == b"mine"
    assert kept.name.startswith("01_tape (20")
    assert contents(folder)[LESSON] == (shipped / LESSON).read_bytes()
    (folder / LESSON).write_bytes(b"mine again")
    again = workspace.reset(folder, first_lesson(), "en")
    assert (kept.read_bytes(), again.read_bytes()) == (b"mine", b"mine again")


def test_reset_of_a_fresh_lesson_keeps_nothing(shipped, folder):
    workspace.prepare(folder, "en")
    assert workspace.reset(folder, first_lesson(), "en") is None
    assert len(contents(folder)) == 3


def test_begun_is_what_the_learner_changed(shipped, folder):
    lesson = first_lesson()
    assert not workspace.is_begun(folder, lesson, "en")
    workspace.prepare(folder, "en")
    assert not workspace.is_begun(folder, lesson, "en")
    revise(shipped)
    assert not workspace.is_begun(folder, lesson, "en")
    (folder / LESSON).write_bytes(b"mine")
    assert workspace.is_begun(folder, lesson, "en")


class Killed(BaseException):
    """Stands for a process that ends at this very moment."""


CALLS = ("open", "fdopen", "fsync", "replace", "chmod", "mkdir", "unlink")


def killed_at(moment, monkeypatch, action):
    """Run an action that is killed at its n-th call to the file system.

    A kill at a write leaves half of the content. After the kill no call does anything
    any more, clean-up included, as after a real one. Return the name of the call that
    was killed, or None if the action came to its end before.
    """
    count, killed = 0, None

    def dying(name, real, last_words=lambda *arguments: None):
        def call(*arguments, **keywords):
            nonlocal count, killed
            count += 1
            if count == moment:
                killed = name
                last_words(*arguments)
            if count >= moment:
                raise Killed
            return real(*arguments, **keywords)

        return call

    real_fdopen = os.fdopen

    def fdopen(*arguments, **keywords):
        file = real_fdopen(*arguments, **keywords, buffering=0)

        def write_half(content):
            file.write(content[: len(content) // 2])

        return mock.MagicMock(
            wraps=file,
            write=dying("write", file.write, write_half),
            __enter__=lambda proxy: proxy,
            __exit__=lambda *_: file.close(),
        )

    with monkeypatch.context() as patch:
        for name in CALLS:
            real = fdopen if name == "fdopen" else getattr(os, name)
            patch.setattr(os, name, dying(name, real))
        with contextlib.suppress(Killed):
            action()
    return killed


@pytest.mark.parametrize("action", ["prepare", "reset"])
def test_a_kill_at_any_moment_loses_nothing(shipped, tmp_path, monkeypatch, action):
    shipped_before = (shipped / LESSON).read_bytes()
    kills = []
    for moment in range(1, 200):
        folder = tmp_path / f"{action}{moment}"
        (shipped / LESSON).write_bytes(shipped_before)
        workspace.prepare(folder, "en")
        (folder / LESSON).write_bytes(b"what the learner wrote")
        (folder / "en/02_tape (2026-01-01).ipynb").write_bytes(b"kept before")
        revise(shipped)

        def act(folder=folder):
            if action == "prepare":
                workspace.prepare(folder, "en")
            else:
                workspace.reset(folder, first_lesson(), "en")

        kills.append(killed_at(moment, monkeypatch, act))
        found = contents(folder)
        assert b"what the learner wrote" in found.values(), moment
        assert b"kept before" in found.values(), moment
        for name, content in found.items():  # every file is whole, old or new
            if name.endswith(".ipynb") and b"nbformat" in content:
                assert json.loads(content)
        act()  # the next time works, and leaves no litter
        found = contents(folder)
        assert b"what the learner wrote" in found.values(), moment
        assert any(b"print(111)" in content for content in found.values())
        assert not list(folder.rglob(".gradtape-*"))
        if kills[-1] is None:
            break
    assert kills[-1] is None
    assert min(map(kills.count, ("open", "write", "replace"))) >= 2


def failing(monkeypatch, name, number):
    def fail(*arguments, **keywords):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, fail)


@pytest.mark.parametrize(
    ("call", "number", "words"),
    [
        ("fsync", errno.ENOSPC, "No space left on device; free some space"),
        ("replace", errno.EACCES, "Permission denied"),
        ("mkdir", errno.EROFS, "Read-only file system"),
    ],
)
def test_a_disk_that_refuses_is_told_and_leaves_nothing_half_written(
    shipped, folder, monkeypatch, call, number, words
):
    with monkeypatch.context() as patch:
        failing(patch, call, number)
        with pytest.raises(workspace.WorkspaceError, match=words):
            workspace.prepare(folder, "en")
    assert not folder.exists() or contents(folder) == {}


def test_a_file_where_the_folder_should_be_is_told(shipped, folder):
    folder.write_text("a file")
    told = f"^{re.escape(str(folder))} is a file where a folder"
    for action in (
        lambda: workspace.prepare(folder, "en"),
        lambda: workspace.reset(folder, first_lesson(), "en"),
        lambda: workspace.is_begun(folder, first_lesson(), "en"),
    ):
        with pytest.raises(workspace.WorkspaceError, match=told):
            action()
    assert folder.read_text() == "a file"


def test_a_folder_where_a_lesson_should_be_is_told(shipped, folder):
    (folder / LESSON).mkdir(parents=True)
    told = "01_tape.ipynb is a folder where a file is needed"
    for action in (
        lambda: workspace.prepare(folder, "en"),
        lambda: workspace.reset(folder, first_lesson(), "en"),
        lambda: workspace.is_begun(folder, first_lesson(), "en"),
    ):
        with pytest.raises(workspace.WorkspaceError, match=told):
            action()


def test_a_chinese_reader_is_told_in_chinese(shipped, folder, monkeypatch):
    language.set_language("zh")
    failing(monkeypatch, "fsync", errno.ENOSPC)
    with pytest.raises(workspace.WorkspaceError, match="磁盘已满；请在那里腾出空间。"):
        workspace.prepare(folder, "zh")


def test_an_unknown_lesson_is_told(shipped):
    with pytest.raises(workspace.WorkspaceError, match="no lesson 9; there are 01, 02"):
        workspace.find_lesson("9", "en")


def test_what_a_published_lesson_begins_with_is_not_in_the_learner_s_copy(
    shipped, folder
):
    path = shipped / "en" / "01_tape.ipynb"
    notebook = nbformat.read(path, 4)
    tagged = {"tags": [workspace.LAUNCH]}
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("[Colab](x)", id="a"))
    notebook.cells.insert(2, nbformat.v4.new_code_cell("import this", id="b"))
    notebook.cells[0].metadata = notebook.cells[2].metadata = tagged
    nbformat.write(notebook, path)
    assert workspace.find_lesson("1", "en").title == "1 · The tape"
    workspace.prepare(folder, "en")
    copied = nbformat.read(folder / "en" / "01_tape.ipynb", 4)
    assert [cell.id for cell in copied.cells] == ["title", "code"]


def with_language(path):
    """Let a shipped lesson say which language its code is in, as every built one does."""
    notebook = nbformat.read(path, 4)
    notebook.metadata["language_info"] = {"name": "python", "file_extension": ".py"}
    nbformat.write(notebook, path)


def test_a_lesson_is_as_jupyterlab_would_leave_it_on_opening(shipped, folder):
    with_language(shipped / LESSON)
    workspace.prepare(folder, "en")
    copied = nbformat.read(folder / LESSON, 4)
    assert copied.metadata.language_info.version == platform.python_version()


def test_a_new_python_makes_no_lesson_a_changed_one(shipped, folder, monkeypatch):
    with_language(shipped / LESSON)
    workspace.prepare(folder, "en")
    monkeypatch.setattr(workspace.sys, "version", "3.13.99 (main)")
    assert not workspace.is_begun(folder, first_lesson(), "en")
    assert workspace.prepare(folder, "en") == []
    assert b"3.13.99" in contents(folder)[LESSON]
    (folder / LESSON).write_bytes(contents(folder)[LESSON].replace(b"print(1)", b"1"))
    assert workspace.is_begun(folder, first_lesson(), "en")
    monkeypatch.setattr(workspace.sys, "version", "3.14.0 (main)")
    assert workspace.prepare(folder, "en") == []  # it is no new version of the lesson
    assert len(contents(folder)) == 3
