"""Real lessons, handed in by cheats and with accidents: each gets what it deserves."""

import json
from pathlib import Path

import pytest
from tests.classroom import of_lessons
from tests.classroom.test_round import gradtape, state_of

from gradtape.classroom import make_class, results
from gradtape.classroom.plan import read_plan
from gradtape.classroom.sandbox import containers

ROOT = Path(__file__).parents[2]
SECONDS = 6
ENTRIES = {**of_lessons.CHEATS, **of_lessons.ACCIDENTS, **of_lessons.HONEST}
LESSONS = sorted({entry.lesson for entry in ENTRIES.values()})

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        containers.engine_here() == containers.UNSAFE, reason="there is no sandbox here"
    ),
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("lessons")
    sheets = {}
    for made in make_class(course, "en", LESSONS, root=ROOT):
        answers = of_lessons.model_answers(made.path.read_text("utf-8"))
        sheets[made.lesson] = made.path.name, made.released.read_text("utf-8"), answers
    settings = json.loads((course / "class.json").read_text("utf-8"))
    text = json.dumps({**settings, "seconds": SECONDS})
    (course / "class.json").write_text(text, "utf-8")
    for who, entry in ENTRIES.items():
        name, sheet, answers = sheets[entry.lesson]
        file = course / "submitted" / who / f"lesson_{entry.lesson}" / name
        file.parent.mkdir(parents=True)
        entry.put(file, of_lessons.solved(sheet, answers, entry))
    huge = course / "submitted" / "sparse" / "lesson_02" / sheets["02"][0]
    before = state_of(course, but=huge)
    gradtape("grade", course, fails=True)
    assert state_of(course, but=huge) == before
    return course


@pytest.mark.parametrize("who", ENTRIES)
def test_a_hand_in_gets_what_it_deserves_and_a_sentence(course, who):
    entry = ENTRIES[who]
    result = results.read(results.path_of(course, who, entry.lesson))
    said = " ".join(
        part.en for each in result.exercises for part in (*each.says, *each.teacher)
    )
    if entry.lost is None:
        assert entry.says in result.unreadable.en
        return
    plan = read_plan(course, entry.lesson)
    deserved = {each.number: each.points for each in plan.exercises} | entry.lost
    assert {each.number: each.points for each in result.exercises} == deserved, said
    assert entry.says in said
    assert "tell the authors" not in said


@pytest.mark.parametrize("number", of_lessons.MISUNDERSTOOD)
def test_a_misconception_is_told_in_its_sentence(course, number):
    lesson = number.partition(".")[0]
    result = results.read(results.path_of(course, f"misunderstood-{lesson}", lesson))
    (said,) = [
        " ".join(p.en for p in e.says) for e in result.exercises if e.number == number
    ]
    assert of_lessons.MISUNDERSTOOD[number][1] in said


def test_two_at_once_grade_a_class_together(course):
    from subprocess import PIPE, Popen
    from sys import executable

    for path in (course / "graded").glob("a*/*.json"):
        path.unlink()
    command = [executable, "-m", "gradtape", "class", "grade", str(course)]
    parts = [
        Popen(
            [*command, "--part", f"{n}/2", "--workers", "1"], stdout=PIPE, stderr=PIPE
        )
        for n in (1, 2)
    ]
    said = b"".join(part.communicate()[1] for part in parts).decode()
    for who in (who for who in ENTRIES if who.startswith("a")):
        assert said.count(f"\n{who}: ") + said.startswith(f"{who}: ") == 1
    said = gradtape("grade", course, fails=True)
    assert said.count("[as before]") == sum(
        e.lost is not None for e in ENTRIES.values()
    )
