"""What is done of all exercises: what ``gt.progress`` shows."""

from __future__ import annotations

from gradtape.clear_errors import clear_errors
from gradtape.exercises import progress_file as record
from gradtape.exercises import sentences
from gradtape.exercises.card import Bar, Card
from gradtape.exercises.exercise import exercises_of, lessons


@clear_errors("progress()")
def progress() -> Card:
    """Show which exercises are done, in words and a bar for each lesson.

    Returns
    -------
    Card
        What is done in this learner's folder, by whichever notebook. Outside of one,
        what was done since the kernel started.

    Examples
    --------
    >>> import gradtape as gt
    >>> gt.progress()  # doctest: +ELLIPSIS
    → ...
    """
    folder = record.learners_folder()
    done = record.passed(folder)
    count, number_done, following, bars = 0, 0, None, []
    for lesson in lessons():
        numbers = [each.number for each in exercises_of(lesson)]
        finished = [number for number in numbers if number in done.get(lesson, ())]
        count += len(numbers)
        number_done += len(finished)
        following = following or next((n for n in numbers if n not in finished), None)
        label = sentences.LESSON_LINE(
            lesson=int(lesson), done=len(finished), count=len(numbers)
        )
        bars.append(Bar(len(finished), len(numbers), label))
    heading = sentences.PROGRESS(done=number_done, count=count)
    if not number_done:
        heading = sentences.NO_PROGRESS
    parts = [*bars]
    if following:
        parts.append(sentences.NEXT(number=following))
    if folder is None:
        parts.append(sentences.NOT_KEPT)
    return Card("note", heading, parts)
