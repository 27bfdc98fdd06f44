"""Keep TensorFlow's start-up log away from the reader, and nothing else.

TensorFlow's C++ core writes its log to file descriptor 2, partly before any setting of
its own is read: when it is imported, and again at the first operation, when devices are
set up. The only way to keep these lines off the screen is to hold the descriptor back
for that moment. What is held back is sorted afterwards: log lines are dropped, anything
else is written out, and if the moment ends in an error everything is written out.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

# Log levels information, warning and error; a fatal line (F) is never dropped.
_LOG_LINE = re.compile(
    rb"""
    [IWE]\d{4}\ \d\d:\d\d:\d+\.\d+\             # absl: I0000 00:00:1795519162.606635
    | \d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d\.\d+:\ [IWE]\  # TensorFlow's own
    | WARNING:\ All\ log\ messages\ before\ absl::InitializeLog
    | To\ enable\ the\ following\ instructions:      # the second line of a notice
    """,
    re.VERBOSE,
)
_STANDARD_ERROR = 2
_NO_LOG = "3"  # of TensorFlow's levels: nothing but what is fatal
_TO_WHOEVER_IMPORTS = 3  # frames: this module, gradtape itself


@contextmanager
def hold_back_log() -> Iterator[None]:
    """Hold back what is written to file descriptor 2 while the block runs.

    When the block ends well, lines of TensorFlow's log are dropped and every other line
    is written out; when it raises, all is written out. The descriptor is given back in
    both cases. A process without descriptor 2 runs the block as it is.

    Examples
    --------
    >>> with hold_back_log():
    ...     import tensorflow as tf
    """
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:
        yield
        return
    succeeded = False
    with tempfile.TemporaryFile() as held:
        _flush_python_stream()
        os.dup2(held.fileno(), _STANDARD_ERROR)
        try:
            yield
            succeeded = True
        finally:
            _flush_python_stream()
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not (succeeded and _LOG_LINE.match(line)):
                    os.write(_STANDARD_ERROR, line)


def without_log(text: str) -> str:
    r"""Return a text without the lines of TensorFlow's log.

    Parameters
    ----------
    text : str
        What was written to standard error.

    Examples
    --------
    >>> without_log("2026-11-24 11:14:21.123456: I tensor.cc:1] Fast.\nnot a log\n")
    'not a log\n'
    """
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not _LOG_LINE.match(line.encode()))


def quiet_start(then: Callable[[], None]) -> None:
    """Hold back TensorFlow's log when it is imported for the first time.

    Nothing is imported here. TensorFlow's own setting for its log is respected where
    the user has chosen one (``TF_CPP_MIN_LOG_LEVEL=0`` shows everything). Where there is
    no TensorFlow, a warning says so at once, before the first name that needs it.

    Parameters
    ----------
    then : callable
        Called when TensorFlow has been imported; at once if it is already.
    """
    if "tensorflow" not in sys.modules and not importlib.util.find_spec("tensorflow"):
        from gradtape import prerequisites

        # The place that is named is the user's own `import gradtape`.
        warnings.warn(prerequisites.unmet(), stacklevel=_TO_WHOEVER_IMPORTS)
    # On a new machine matplotlib makes a list of its fonts, and says so in red.
    logging.getLogger("matplotlib.font_manager").addFilter(_is_no_news_of_fonts)
    # A process started by one that was quiet inherits the variable and is quiet too.
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", _NO_LOG)
    if "tensorflow" in sys.modules:
        then()
    else:
        sys.meta_path.insert(0, _QuietFinder(level == _NO_LOG, then))


def _is_no_news_of_fonts(record: logging.LogRecord) -> bool:
    return "font cache" not in record.getMessage()


class _QuietFinder:
    """Finds TensorFlow the ordinary way, once, and has it loaded quietly.

    A TensorFlow that is missing or that cannot run here is told in one sentence instead.
    """

    def __init__(self, is_quiet: bool, then: Callable[[], None]) -> None:
        self._is_quiet, self._then = is_quiet, then

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        from gradtape import prerequisites

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None:
            sys.meta_path.insert(0, self)  # the next attempt is told the same
            raise ModuleNotFoundError(prerequisites.unmet(), name=name)
        load = spec.loader.exec_module

        def load_quietly(module):
            if sentence := prerequisites.unmet():
                raise ImportError(sentence, name=name)
            with hold_back_log() if self._is_quiet else nullcontext():
                load(module)
            self._then()

        spec.loader.exec_module = load_quietly
        return spec


def _flush_python_stream() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
