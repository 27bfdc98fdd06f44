"""Settings of nbgrader for a class, by language."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    OverwriteCells,
    OverwriteKernelspec,
)
from traitlets.config import Config

from gradtape.classroom.feedback import FeedbackOfClass
from gradtape.classroom.restoring import RestoreCells

_STUB = "# your work\n..."
_NO_ANSWER = {"en": "*Write your answer here.*", "zh": "*在这里写下你的回答。*"}
# Who, then the notebook as it was handed out: 李华_02_automatic_differentiation.ipynb, or
# the notebook alone in a folder or an archive of that name.
_COLLECTED = (
    r".*[\\/](?!extracted[\\/])(?P<student_id>\w[\w .-]*?)[ _-]*[\\/ _-]"
    r"(?P<file_id>\d\d_[a-z][a-z0-9_]*[a-z0-9])[^\\/]*$"
)


def settings(language: str) -> Config:
    """Return what nbgrader has to know to hand out and grade gradtape's exercises.

    Parameters
    ----------
    language : {"en", "zh"}
        The language of the class: of stubs and of feedback pages.
    """
    _find_programs_of_this_python()
    c = Config()
    c.IncludeHeaderFooter.header = "source/header.ipynb"
    c.ClearSolutions.code_stub = {"python": _STUB}
    c.ClearSolutions.text_stub = _NO_ANSWER[language]
    c.FileNameCollectorPlugin.named_regexp = _COLLECTED

    c.Autograde.sanitize_preprocessors = [
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        RestoreCells,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Execute.extra_arguments = [
        "--HistoryManager.hist_file=:memory:",
        "--InteractiveShellApp.extensions=gradtape.classroom.grading",
    ]
    c.Execute.startup_timeout = 180

    c.GenerateFeedback.exporter_class = FeedbackOfClass
    c.FeedbackOfClass.template_name = "feedback_of_class"
    c.FeedbackOfClass.extra_template_basedirs = [
        str(Path(__file__).parent / "templates")
    ]
    c.FeedbackOfClass.language_code = language
    return c


def _find_programs_of_this_python() -> None:
    """Let nbgrader find alembic, which it calls by name, in a Python not activated."""
    ours = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([ours, os.environ.get("PATH", "")])
