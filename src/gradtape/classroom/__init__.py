"""A class of learners: handing out, collecting and grading with nbgrader.

:func:`make_class` makes a course of the sources of lessons (``course``, ``assignment``,
``written``, ``settings``). While nbgrader grades, ``grading`` is in the kernel,
``restoring`` puts back what a learner deleted, and ``fence`` keeps a notebook to its own
folder.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={"course": ["make_class"], "grading": ["grade"]},
)
