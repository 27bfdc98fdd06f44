"""What must be installed for a command."""

from gradtape import prerequisites
from gradtape.file_errors import WorkspaceError
from gradtape.language import say


def require(extra: str) -> None:
    """Refuse, with what to install, where an extra of the project is not here."""
    if lacking := prerequisites.lacking(extra):
        names = ", ".join(lacking)
        install = prerequisites.pip_install(f'"gradtape[{extra}]"')
        raise WorkspaceError(
            say(
                en=f"This needs more than the library alone ({names}); install it by "
                f"{install}.",
                zh=f"只有程序库还不够（{names}）；请运行 {install} 安装。",
            )
        )


def require_tensorflow() -> None:
    """Refuse, with what to do, where TensorFlow cannot run."""
    if sentence := prerequisites.unmet():
        raise WorkspaceError(sentence)
