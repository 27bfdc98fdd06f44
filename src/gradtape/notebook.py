"""What a notebook needs: a quiet start, the language, figures that can be read.

A lesson calls :func:`start` once, in its first cell.
"""

from __future__ import annotations

import logging
import re
import sys
import types
import warnings
from typing import Any

from gradtape.clear_errors import clear_errors, shown
from gradtape.content import open_lesson
from gradtape.language import say, set_language
from gradtape.learner_code.lines import is_own
from gradtape.prerequisites import require
from gradtape.quiet import hold_back_log

_FIRST_IPYTHON_WITH_NOTES = 8  # Colab's is 7, and shows none of an error's notes
_STYLE = {
    "axes.grid": True,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "figure.figsize": (7.2, 4.2),
    "grid.alpha": 0.3,
    "mathtext.fontset": "cm",
}


@clear_errors('start("02", lang="en")')
def start(lesson: str, lang: str = "en", *, needs: str = "") -> None:
    """Get a notebook ready: quiet, in the reader's language, with figures described.

    TensorFlow's first operation runs here, so that the log lines of its devices do not
    land under a cell of the lesson. Matrix products keep all digits of float32 on every
    graphics card: TensorFlow's TF32 is switched off. In a notebook, TensorFlow's own
    warnings become ordinary text, errors show the reader's lines rather than the
    library's, and every figure carries its description: as plain text, as alternative
    text, and as text that only a screen reader meets. Nothing is printed.

    Parameters
    ----------
    lesson : str
        The lesson's number, two digits: ``"02"``.
    lang : {"en", "zh"}
        The language of figure descriptions and of everything else gradtape says.
    needs : str, optional
        A package that this lesson alone needs, as it is installed: ``"scikit-learn"``.

    Raises
    ------
    ModuleNotFoundError
        If that package is not installed.
    ValueError
        If ``lesson`` is not a number of two digits or ``lang`` is not spoken here.

    Examples
    --------
    >>> start("02", lang="en")
    """
    set_language(lang)
    if not (isinstance(lesson, str) and re.fullmatch(r"\d\d", lesson)):
        raise ValueError(
            say(
                en=f'lesson is {shown(lesson)}; write the number with two digits, such as "02"',
                zh=f'lesson 是 {shown(lesson)}；课号请写两位数字，例如 "02"',
            )
        )
    if needs:
        require(needs)
    open_lesson(lesson)
    import tensorflow as tf

    with hold_back_log():
        tf.zeros(())
    # On graphics cards since NVIDIA's Ampere, TensorFlow would round what goes into a
    # matrix product to three digits, and a lesson promises seven.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    if shell := _interactive_shell():
        _describe_figures(shell)
        _shorten_tracebacks(shell)
        _print_warnings(tf.get_logger())


def _interactive_shell() -> Any | None:
    """Return IPython's shell, or None in a plain Python program."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _describe_figures(shell: Any) -> None:
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    from gradtape.display import show_figure
    from gradtape.figures.style import accent

    plt.rcParams.update(_STYLE)
    # Curves that a reader draws have the colours of those that the library draws.
    ax = Figure().add_subplot()
    colours = [accent(ax, number) for number in range(1, 6)]
    plt.rcParams["axes.prop_cycle"] = plt.cycler(color=colours)
    shell.display_formatter.ipython_display_formatter.for_type(Figure, show_figure)


def _shorten_tracebacks(shell: Any) -> None:
    """Show the reader's own lines of a traceback; ``%tb`` still shows all of it."""
    import IPython

    def show_own_lines(shell, error_type, error, traceback, tb_offset=None):
        note = say(
            en="(Lines inside libraries are not shown; %tb shows them.)",
            zh="（库内部的代码行已省略，可用 %tb 查看。）",
        )
        own = _own_frames(traceback)
        if own is not traceback and note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        for earlier in (error.__cause__, error.__context__):
            if earlier is not None:
                earlier.__traceback__ = _own_frames(earlier.__traceback__)
        shell.showtraceback((error_type, error, own), tb_offset=0)
        if IPython.version_info[0] < _FIRST_IPYTHON_WITH_NOTES:
            print(*getattr(error, "__notes__", ()), sep="\n")
        sys.last_traceback = traceback

    shell.set_custom_exc((Exception,), show_own_lines)


def _own_frames(
    traceback: types.TracebackType | None,
) -> types.TracebackType | None:
    """Return the traceback without the frames that lie in libraries."""
    if traceback is None:
        return None
    rest = _own_frames(traceback.tb_next)
    if not is_own(traceback.tb_frame.f_code):
        return rest
    if rest is traceback.tb_next:
        return traceback
    return types.TracebackType(
        rest, traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno
    )


def _print_warnings(logger: logging.Logger) -> None:
    """Turn warnings into ordinary output, without the place in the library."""
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stdout)
            handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))

    def print_warning(message, category, filename, lineno, file=None, line=None):
        print(f"{category.__name__}: {message}")

    warnings.showwarning = print_warning
