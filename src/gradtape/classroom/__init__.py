"""A class of learners: handing out, collecting, grading and giving back.

:func:`make_class` makes the folder of a class (``course``, ``assignment``, ``written``).
What learners hand in is found by ``collecting`` and read by ``hand_in``. ``grading`` has
every hand-in judged by ``judging``, in a process of its own, while what the learner wrote
runs in a ``sandbox``; ``plan`` says what there is to judge, ``results`` keep what was
found. ``pages`` show it to learner and teacher, ``report`` to the teacher of Monday's
lesson.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__, submod_attrs={"course": ["make_class"]}
)
