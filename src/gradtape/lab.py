"""JupyterLab, opened on the learner's lessons."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_core.paths import jupyter_config_dir, jupyter_runtime_dir

from gradtape.kernel import spec
from gradtape.language import say
from gradtape.workspace import README

_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_TO_STOP = 10
_SECONDS_TO_CONNECT = 5
_LINES_OF_LOG_SHOWN = 15

# Settings of JupyterLab for this server alone; what users have set themselves wins.
_SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Markdown Preview"}
    },
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
}
_LOCALES = {"en": "en", "zh": "zh_CN"}
# Figures are drawn dark on white: in a dark theme they are turned, and keep their hues.
_STYLE = """\
[data-jp-theme-light="false"] .jp-OutputArea-output img {
  filter: invert(0.93) hue-rotate(180deg);
}
"""
# The build needs jupytext; a learner is better off without a second way to open files.
_WITHOUT_JUPYTEXT = {"disabledExtensions": {"jupyterlab-jupytext": True}}


def open_lab(
    folder: Path,
    lang: str,
    *,
    browser: bool = True,
    verbose: bool = False,
    arguments: Sequence[str] = (),
) -> int:
    """Run JupyterLab in a folder until it is stopped.

    Parameters
    ----------
    folder : Path
        The learner's folder, with the lessons of the language in it.
    lang : {"en", "zh"}
        The language of the lessons and of JupyterLab's menus.
    browser : bool
        Whether a browser is opened.
    verbose : bool
        Whether the server's log is shown.
    arguments : sequence of str
        Passed on to JupyterLab.

    Returns
    -------
    int
        JupyterLab's exit code, 0 if it was stopped from here.
    """
    with tempfile.TemporaryDirectory(prefix="gradtape-lab-") as temporary:
        settings = Path(temporary, "settings")
        settings.mkdir()
        locale = {
            "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[lang]}
        }
        (settings / "overrides.json").write_text(json.dumps(_SETTINGS | locale))
        (settings / "page_config.json").write_text(json.dumps(_WITHOUT_JUPYTEXT))
        (settings / "custom.css").write_text(_STYLE)
        # Called as in the lessons: JupyterLab marks a lesson as changed if it is not.
        name = spec.NAME_IN_LESSONS
        spec.write(Path(temporary, "kernels", NATIVE_KERNEL_NAME), display_name=name)
        environment = _environment(temporary)
        spec.warm(environment)
        log = Path(temporary, "server.log")
        page = f"lab/tree/{lang}/{README}"
        command = [
            sys.executable,
            "-m",
            "gradtape.lab_server",
            temporary,
            f"--ServerApp.root_dir={folder.absolute()}",
            "--ServerApp.jpserver_extensions={'jupyterlab_jupytext': False}",
            f"--LabApp.app_settings_dir={settings}",
            f"--LabApp.default_url=/{page}",
            "--LabApp.custom_css=True",
            f"--ServerApp.tornado_settings={{'static_custom_path': {_styles(settings)}}}",
            *([] if browser else ["--no-browser"]),
            *(["--allow-root"] if _is_root() else []),
            *arguments,
        ]
        with log.open("wb") as log_file:
            output = None if verbose else log_file
            server = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,  # by which it learns that this process is gone
                stdout=output,
                stderr=output,
                # Ctrl-C is for this process; it then asks the server to stop.
                start_new_session=True,
            )
            with _stopped_with_us(server):
                return _attend(server, folder, page, browser, log, verbose)


def _styles(settings: Path) -> list[str]:
    """Return where JupyterLab looks for a ``custom.css``: the user's own comes first."""
    return [str(Path(jupyter_config_dir(), "custom")), str(settings)]


def _environment(data: str) -> dict[str, str]:
    folders = [data, os.environ.get("JUPYTER_PATH", "")]
    return os.environ | {
        "JUPYTER_TOKEN": os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24),
        # Kernels are this Python's, also where the user has others of that name.
        "JUPYTER_PATH": os.pathsep.join(filter(None, folders)),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def _attend(
    server: subprocess.Popen,
    folder: Path,
    page: str,
    browser: bool,
    log: Path,
    verbose: bool,
) -> int:
    """Say where the server is, then wait until it ends or is to be stopped."""
    try:
        if address := _wait_for_address(server, page):
            print(_welcome(address, folder, browser), flush=True)
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        try:
            server.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
        print(
            say(
                en=f"\nStopped. What you have saved is in {folder.absolute()}.",
                zh=f"\n已停止。你保存过的内容都在 {folder.absolute()}。",
            )
        )
        return 0
    if code and not verbose:
        lines = log.read_text("utf-8", errors="replace").splitlines()
        print(*lines[-_LINES_OF_LOG_SHOWN:], sep="\n", file=sys.stderr)
        print(
            say(
                en="JupyterLab could not go on; its last words are above.",
                zh="JupyterLab 无法继续运行；上面是它最后的输出。",
            ),
            file=sys.stderr,
        )
    return code


def _wait_for_address(server: subprocess.Popen, page: str) -> str | None:
    """Return a page's address once the server answers; None if it ended before."""
    information = Path(jupyter_runtime_dir(), f"jpserver-{server.pid}.json")
    while server.poll() is None:
        try:
            about = json.loads(information.read_text())
            _require_that_it_listens(about)
            return f"{about['url']}{page}?token={about['token']}"
        except (FileNotFoundError, ConnectionRefusedError, ValueError):
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    return None


def _require_that_it_listens(about: dict) -> None:
    """Raise ConnectionRefusedError if a server has an address and is not there yet."""
    if about.get("sock"):
        return  # a Unix socket, which has no port to ask
    try:
        place = about["hostname"] or "localhost", about["port"]
        socket.create_connection(place, timeout=_SECONDS_TO_CONNECT).close()
    except ConnectionRefusedError:
        raise
    except OSError:
        pass  # such as an address that stands for all: it can't be asked everywhere


def _welcome(address: str, folder: Path, browser: bool) -> str:
    opening = (
        say(
            en="The course is open in your browser. If it is not, go to",
            zh="课程已在浏览器中打开。如果没有打开，请访问",
        )
        if browser
        else say(en="The course is at", zh="课程的地址是")
    )
    return say(
        en=f"""
  {opening}

      {address}

  Your lessons:  {folder.absolute()}
  To stop:       press Ctrl+C here
""",
        zh=f"""
  {opening}

      {address}

  你的课文：  {folder.absolute()}
  停止：      在这里按 Ctrl+C
""",
    )


@contextlib.contextmanager
def _stopped_with_us(server: subprocess.Popen) -> Iterator[None]:
    """Stop the server in any case."""
    try:
        yield
    finally:
        if server.poll() is None:
            server.terminate()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
