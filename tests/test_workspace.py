"""The learner's copy: what the learner wrote is found again, whatever happens."""

import errno
import os

import pytest

from gradtape import workspace

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


def revise(shipped):
    """Ship another version of the first lesson."""
    path = shipped / LESSON
    path.write_bytes(path.read_bytes().replace(b"print(1)", b"print(111)"))


def first_lesson():
    return workspace.find_lesson("1", "en")


def test_a_new_folder_gets_the_lessons(shipped, folder):
    assert workspace.prepare(folder, "en") == []
    assert list(contents(folder)) == [LESSON, "en/02_tape.ipynb", "en/README.md"]


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
    (shipped / LESSON).write_bytes((shipped / LESSON).read_bytes() + b"\n")
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


CALLS = ("open", "write", "fsync", "replace", "chmod", "mkdir", "unlink")


def killed_at(moment, monkeypatch, action):
    """Run an action that is killed at its n-th call to the file system.

    After the kill no call does anything any more, clean-up included, as after a real
    one. Return whether the action came to its end before.
    """
    count = 0

    def dying(real):
        def call(*arguments, **keywords):
            nonlocal count
            count += 1
            if count >= moment:
                raise Killed
            return real(*arguments, **keywords)

        return call

    with monkeypatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, dying(getattr(os, name)))
        try:
            action()
        except Killed:
            return False
    return True


@pytest.mark.parametrize("action", ["prepare", "reset"])
def test_a_kill_at_any_moment_loses_nothing(shipped, tmp_path, monkeypatch, action):
    shipped_before = (shipped / LESSON).read_bytes()
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

        finished = killed_at(moment, monkeypatch, act)
        found = list(contents(folder).values())
        assert b"what the learner wrote" in found, moment
        assert b"kept before" in found, moment
        act()  # the next time works, and leaves no litter
        found = contents(folder)
        assert b"what the learner wrote" in found.values(), moment
        assert any(b"print(111)" in content for content in found.values())
        if action == "prepare":
            assert not [name for name in found if ".gradtape-" in name]
        if finished:
            break
    assert finished and moment > 5


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
    with pytest.raises(workspace.WorkspaceError, match="is a file where a folder"):
        workspace.prepare(folder, "en")
    assert folder.read_text() == "a file"


def test_an_unknown_lesson_is_told(shipped):
    with pytest.raises(workspace.WorkspaceError, match="no lesson 9; there are 01, 02"):
        workspace.find_lesson("9", "en")
