"""A lesson's quiz: choose an answer, and see why it is right or wrong.

The questions stand in ``quiz.py`` of the lesson's folder. In a notebook and on the
site's page each choice unfolds its reason at a click, without a kernel.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from gradtape import content
from gradtape.clear_errors import clear_errors, shown
from gradtape.exercises import sentences
from gradtape.exercises.card import Card, Verbatim, inline
from gradtape.exercises.words import Listed, Words

_LETTERS = "abcd"


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen.

    Attributes
    ----------
    says : Words or str
        The answer; a text where it is the same in both languages, such as ``"`None`"``.
    why : Words
        Why it is right, or what is wrong with it.
    right : bool
        Whether it is the right one.
    """

    says: Words | str
    why: Words
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with two to four choices, one of which is right.

    Attributes
    ----------
    asks : Words
        The question.
    choices : tuple of Choice
        In the order in which they are shown.
    code : str
        Lines that the question is about; empty if there are none.
    """

    asks: Words
    choices: tuple[Choice, ...]
    code: str = ""

    def __post_init__(self):
        """Make sure that one choice, and no more, is right."""
        right = sum(choice.right for choice in self.choices)
        if not (2 <= len(self.choices) <= len(_LETTERS) and right == 1):
            raise ValueError(
                f"{self.asks.en!r} has {len(self.choices)} choices, {right} of them "
                "right; give it two to four, one of them right"
            )


@dataclass(frozen=True)
class _Asked:
    """A question as a part of a card, with the letter that was chosen."""

    lesson: str
    place: int
    question: Question
    chosen: str | None = None

    @property
    def choices(self) -> list[tuple[str, Choice]]:
        return list(zip(_LETTERS, self.question.choices, strict=False))

    def __str__(self) -> str:
        lines = [f"{self.place}. {self.question.asks}"]
        if self.question.code:
            lines.append(str(Verbatim(self.question.code)))
        for letter, choice in self.choices:
            lines.append(f"   {letter}. {choice.says}")
            if letter == self.chosen:
                lines.append(f"      {_verdict(choice)} {choice.why}")
        return "\n".join(lines)

    def html(self) -> str:
        """Return the question, with a fold for each choice; one is open at a time."""
        name = f"quiz-{self.lesson}-{self.place}"
        code = Verbatim(self.question.code).html() if self.question.code else ""
        folds = "".join(
            f'<details name="{name}" data-choice="{letter}"'
            f"{' open' if letter == self.chosen else ''} "
            'style="margin:0.25em 0 0.25em 1em">'
            f'<summary style="cursor:pointer">{letter}. {inline(str(choice.says))}'
            f'</summary><div style="margin:0.1em 0 0.5em 1.2em">'
            f"<strong>{html.escape(_verdict(choice))}</strong> "
            f"{inline(str(choice.why))}</div></details>"
            for letter, choice in self.choices
        )
        return f"{self.place}. {inline(str(self.question.asks))}{code}{folds}"


def _verdict(choice: Choice) -> str:
    return f"✓ {sentences.YES}" if choice.right else f"✗ {sentences.NO}"


def questions_of(lesson: str) -> tuple[Question, ...]:
    """Return the quiz of a lesson, two digits; empty if it has none."""
    module = content.load(lesson, "quiz")
    return module.QUIZ if module else ()


@clear_errors('quiz("02")')
def quiz(lesson: str, *answers: str) -> Card:
    """Show the quiz of a lesson: choose an answer, and see why.

    A click on an answer unfolds why it is right or wrong. Where nothing can be clicked,
    the letters of the answers do the same. Nothing is kept.

    Parameters
    ----------
    lesson : str
        The lesson's number, two digits: ``"02"``.
    *answers : str
        The letter of the answer to the first question, to the second, and so on; ``...``
        leaves one open.

    Returns
    -------
    Card
        The questions, and with answers how many of them are right; shown as the value of
        a notebook's cell.

    Raises
    ------
    ValueError
        If the lesson has no quiz.

    Examples
    --------
    >>> import gradtape as gt
    >>> print(str(gt.quiz("02", "a")).splitlines()[0])
    → The quiz of lesson 2: 0 of 1 right
    """
    questions = questions_of(lesson) if isinstance(lesson, str) else ()
    if not questions:
        having = [number for number in content.lesson_folders() if questions_of(number)]
        existing = Listed(f'"{number}"' for number in having)
        says = sentences.NO_QUIZ(lesson=shown(lesson), existing=existing)
        raise ValueError(str(says))
    chosen = [None if answer is ... else answer for answer in answers]
    if odd := _not_letters(questions, chosen):
        return _card("wrong", sentences.NO_LETTER(found=shown(odd[0])), lesson, [])
    if not any(chosen):
        return _card("open", sentences.QUIZ(lesson=int(lesson)), lesson, [])
    right = [
        question.choices[_LETTERS.index(letter)].right
        for question, letter in zip(questions, chosen, strict=False)
        if letter
    ]
    heading = sentences.QUIZ_DONE(
        lesson=int(lesson), right=sum(right), count=len(right)
    )
    kind = "right" if sum(right) == len(questions) else "note"
    return _card(kind, heading, lesson, chosen)


def _not_letters(questions: tuple[Question, ...], chosen: list) -> list:
    """Return the answers that stand for no choice, or for no question."""
    known = [_LETTERS[: len(question.choices)] for question in questions]
    return [
        answer
        for place, answer in enumerate(chosen)
        if answer is not None
        and not (
            isinstance(answer, str)
            and place < len(known)
            and answer in tuple(known[place])
        )
    ]


def _card(kind: str, heading: Words, lesson: str, chosen: list) -> Card:
    questions = questions_of(lesson)
    letters = [*chosen, *[None] * len(questions)]
    asked = [
        _Asked(lesson, place, question, letter)
        for place, (question, letter) in enumerate(
            zip(questions, letters, strict=False), start=1
        )
    ]
    how = [] if any(chosen) else [sentences.CLICK(lesson=lesson)]
    return Card(kind, heading, [*how, *asked])
