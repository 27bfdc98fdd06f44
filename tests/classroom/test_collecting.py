"""What comes in is sorted by learner, and nothing of it is lost in silence."""

import os
import tarfile
import zipfile

import pytest

from gradtape.classroom import make_class
from gradtape.classroom.collecting import archive_of, collect, learner_of

SHEET = "02_the_tape"
NAME = f"{SHEET}.ipynb"


@pytest.mark.parametrize(
    ("shown", "learner"),
    [
        ("wang_{}.ipynb", "wang"),
        ("李华_{}.ipynb", "李华"),
        ("Liu Yang - {}.ipynb", "Liu Yang"),
        ("zhao-min {} (1).ipynb", "zhao-min"),
        ("s2023_07_{}.ipynb", "s2023_07"),
        ("all/qian_{}.ipynb", "qian"),
        ("sun/{}.ipynb", "sun"),
        ("sun/homework.ipynb", "sun"),
        ("Liu Yang_4711_file_/{}.ipynb", "Liu Yang_4711_file"),
        ("Conor O'Brien_{}.ipynb", "Conor O'Brien"),
        ("Brien, Conor/{}.ipynb", "Brien Conor"),
        ("阿依古丽·买买提_{}.ipynb", "阿依古丽·买买提"),
        ("रोहित/{}.ipynb", "रोहित"),
        ("李华（1班）_{}.ipynb", "李华（1班）"),
        ("wang (2)/{}.ipynb", "wang"),
        ("{}_wang.ipynb", "wang"),
        ("li/{} - final.ipynb", "li"),
        ("{}-Copy1.ipynb", None),
        ("{} (2).ipynb", None),
        ("🙂_{}.ipynb", None),
        ("{}.ipynb", None),
        ("<img src=x onerror=alert(1)>_{}.ipynb", None),
        ("=cmd()_{}.ipynb", None),
        ("../../wang_{}.ipynb", "wang"),
    ],
)
def test_a_hand_in_is_known_by_its_name_or_its_folder(shown, learner):
    assert learner_of(shown.format(SHEET), SHEET) == learner


@pytest.fixture
def course(tmp_path, checkout):
    make_class(tmp_path / "class", "en", root=checkout)
    archive_of(tmp_path / "class", "02").mkdir(parents=True)
    return tmp_path / "class"


def handed_in(course):
    return {
        path.parts[-3]: path.read_text()
        for path in sorted((course / "submitted").rglob("*.ipynb"))
    }


def put(course, name, text="{}"):
    path = archive_of(course, "02") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_folders_and_archives_are_sorted(course):
    put(course, f"wang_{NAME}", "w")
    put(course, f"li/{NAME}", "l")
    archive = archive_of(course, "02")
    with zipfile.ZipFile(archive / "zhao.zip", "w") as made:
        made.writestr(NAME, "z")
        made.writestr("__MACOSX/._" + NAME, "no")
    with zipfile.ZipFile(archive / "all.zip", "w") as made:
        made.writestr(f"sun_{NAME}", "s")
        made.writestr(f"../../../qian_{NAME}", "q")
    with tarfile.open(archive / "zhou.tar.gz", "w:gz") as made:
        made.add(put(course, f"li/{NAME}", "l"), NAME)
    with tarfile.open(archive / "others.tgz", "w:gz") as made:
        made.add(put(course, f"li/{NAME}", "l"), f"../../../wu_{NAME}")
    found = collect(course, "02")
    assert handed_in(course) == {
        "wang": "w",
        "li": "l",
        "zhao": "z",
        "sun": "s",
        "qian": "q",
        "zhou": "l",
        "wu": "l",
    }
    assert found.learners == ("li", "qian", "sun", "wang", "wu", "zhao", "zhou")
    assert found.remarks == ()
    assert not list(course.parent.glob(f"*{NAME}"))


def test_the_names_in_an_archive_of_a_chinese_windows_are_read(course):
    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):
            return self.filename.encode("gb18030"), self.flag_bits

    with zipfile.ZipFile(archive_of(course, "02") / "all.zip", "w") as made:
        made.writestr(Entry(f"李华_{NAME}"), "l")
    assert collect(course, "02").learners == ("李华",)


def test_what_is_not_understood_is_named_and_stops_nothing(course):
    put(course, NAME)
    put(course, "broken.zip", "PK no archive")
    put(course, "essay.docx")
    old = put(course, f"li_{NAME}", "old")
    put(course, f"li/{NAME}", "new")
    os.utime(old, (1, 1))
    archive = archive_of(course, "02")
    (archive / f"link_{NAME}").symlink_to("/etc/passwd")
    found = collect(course, "02")
    assert handed_in(course) == {"li": "new"}
    said = "\n".join(map(str, found.remarks))
    for part in (
        f"{NAME}: whose is it",
        "broken.zip cannot",
        "essay.docx is no",
        "li ",
    ):
        assert part in said
    assert len(found.remarks) == 4


def test_a_later_collection_takes_the_place_of_an_earlier(course):
    put(course, f"li_{NAME}", "old")
    collect(course, "02")
    put(course, f"li_{NAME}", "new")
    collect(course, "02")
    assert handed_in(course) == {"li": "new"}


def test_a_folder_that_everybody_has_is_nobody(course):
    for who in ("wang", "li"):
        put(course, f"{who}/homework/{NAME}", who)
    with zipfile.ZipFile(archive_of(course, "02") / "zhao.zip", "w") as made:
        made.writestr(f"homework/{NAME}", "zhao")
    assert collect(course, "02").remarks == ()
    assert handed_in(course) == {"wang": "wang", "li": "li", "zhao": "zhao"}


def test_an_archive_without_a_notebook_is_named(course):
    with zipfile.ZipFile(archive_of(course, "02") / "wang.zip", "w") as made:
        made.writestr("homework.html", "printed")
    said = "\n".join(map(str, collect(course, "02").remarks))
    assert "wang.zip is no notebook and no archive of one" in said
