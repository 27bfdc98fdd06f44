"""Exercises that answer back: checks, hints, predictions and the learner's progress.

An exercise is a function in the folder of its lesson, in ``exercises.py``, that
judges an answer in a few lines. What it is written with: ``exercise`` (the decorator),
``answers`` (what kind of thing an answer is), ``comparing`` (right, or which
misconception), ``drawings`` (what a figure shows), ``prediction`` (guesses before a
result), ``quiz`` (choose, see why; in ``quiz.py``) and ``words`` (both languages).

The learner meets five functions, and :mod:`~gradtape.exercises.progress_file` keeps what was
done. Nothing here imports TensorFlow before an answer is checked.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "checking": ["check", "hint"],
        "overview": ["progress"],
        "prediction": ["predict"],
        "quiz": ["quiz"],
    },
)
