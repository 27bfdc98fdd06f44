"""Each part of gradtape needs no package beyond those of the extra that it belongs to."""

import importlib.metadata
import subprocess
import sys
import textwrap

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.test_installing import asked_by_the_project

_REFUSE_OTHERS = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name in {refused!r}:
            raise ModuleNotFoundError(f"{{name}} is not among what was asked for")

sys.meta_path.insert(0, Refuse())
"""

# What each part does first; the extra is what README and messages tell to install.
PARTS = {
    None: """
        import gradtape as gt
        gt.start("02", lang="en")
        for name in gt.__all__:
            getattr(gt, name)
        gt.plot_derivatives(lambda x: x**3, (-1.0, 1.0))
        gt.explore_tangent(lambda x: x**3, (-1.0, 1.0))
        gt.step_through_tape(lambda x: x**2, 3.0)
        assert gt.explain_gradient(lambda x: x**2, 3.0) is not None
        gt.check("2.1", None)
        from gradtape import cli
        assert cli.main(["list"]) == 0
        assert cli.main(["reset", "02"]) == 0
        """,
    "lab": """
        import gradtape.lab
        import gradtape.authoring.execute
        import gradtape.kernel.control
        import gradtape.kernel.forked
        import gradtape.kernel.fork_server
        from gradtape import cli
        assert cli.main(["kernel", "status"]) == 0
        """,
    "classroom": """
        import gradtape.authoring.pipeline
        import gradtape.classroom.course
        """,
}


def asked_for(requirements):
    """Return the names of the distributions that requirements bring, all the way down."""
    names = {}
    waiting = [(each, {""}) for each in requirements]
    while waiting:
        requirement, extras = waiting.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": e}) for e in extras):
            continue
        name = canonicalize_name(requirement.name)
        further = {"", *requirement.extras}
        if name in names and further <= names[name]:
            continue
        names[name] = names.get(name, set()) | further
        try:
            inner = importlib.metadata.requires(name) or ()
        except importlib.metadata.PackageNotFoundError:
            continue
        waiting += [(Requirement(text), names[name]) for text in inner]
    return set(names)


def refused(extra):
    """Return the modules that are here and that an extra does not bring."""
    names = asked_for(asked_by_the_project(extra)) | {"gradtape"}
    return {
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if not names & {canonicalize_name(owner) for owner in owners}
    }


@pytest.mark.parametrize("extra", PARTS)
def test_a_part_needs_no_more_than_its_extra_brings(tmp_path, extra):
    without = refused(extra)
    assert {"pytest", "hypothesis", "nbval"} <= without
    assert ("jupyterlab" in without) == (extra is None)
    code = _REFUSE_OTHERS.format(refused=without) + textwrap.dedent(PARTS[extra])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
    )
    assert done.returncode == 0, done.stderr
