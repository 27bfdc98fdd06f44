"""The command ``gradtape``: each subcommand in a few lines, the work is elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from gradtape.cli import lessons
from gradtape.cli.exit_codes import FAILED, WRONG_USE
from gradtape.cli.parser import make_parser
from gradtape.file_errors import WorkspaceError, refusal
from gradtape.language import say, set_language, system_language
from gradtape.termination import interrupted_when_told_to_end


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with its arguments; return its exit code.

    0 is success, 1 a lesson or a check that failed, 2 a wrong use, told in one
    sentence.
    """
    set_language(system_language())
    _print_whatever_the_encoding()
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    own, options_for_jupyter = _split_at_dashes(arguments)
    parser = make_parser()
    options = parser.parse_args(own)
    if getattr(options, "lang", None):
        set_language(options.lang)
    if getattr(options, "plain_kernel", False):
        os.environ["GRADTAPE_PLAIN_KERNEL"] = "1"
    if options.run is lessons.lab:
        options.for_jupyter = options_for_jupyter
    elif "--" in arguments:
        parser.error(say(en="only lab takes --", zh="只有 lab 可以用 --"))
    with interrupted_when_told_to_end() as interruption:
        try:
            return _run_command(options)
        except KeyboardInterrupt:
            return interruption.exit_code


def _run_command(options: argparse.Namespace) -> int:
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except WorkspaceError as error:
        print(f"gradtape: {error}", file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        place = error.filename or say(en="The disk", zh="磁盘")
        print(f"gradtape: {refusal(error, place)}", file=sys.stderr)
        return WRONG_USE


def _print_whatever_the_encoding() -> None:
    """Print ``?`` for a character that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")


def _split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split the arguments into those before a lone ``--`` and those after it."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:place], arguments[place + 1 :]
