"""Questions that are answered in words and read by a person, by lesson.

Each asks for an explanation that no check could judge. They stand in the folder of their
lesson, in ``questions.py``; the model answers are the teacher's alone, and no learner's
installation has them.
"""

from dataclasses import dataclass

from gradtape import content
from gradtape.exercises.words import Words


@dataclass(frozen=True)
class Written:
    """A question that a person reads the answers to.

    Attributes
    ----------
    name : str
        The lesson and the question's place in it, such as ``"02-1"``.
    question : Words
        What is asked.
    model_answer : Words
        What a good answer says.
    points : int
        How many can be had.
    """

    name: str
    question: Words
    model_answer: Words
    points: int = 3


def questions(lesson: str) -> tuple[Written, ...]:
    """Return the questions of a lesson, two digits, in the order in which they stand."""
    module = content.load(lesson, "questions")
    return module.QUESTIONS if module else ()
