"""Put the plugin's source into this distribution, under a name of its own.

The source lies in the course's package, whose imports within it are relative; in an
unpacked source distribution of this one it lies beside this file.
"""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "gradtape_regression"


class Source(BuildHookInterface):
    """Adds the files of the package."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Say where the source is."""
        inside = Path(self.root, NAME)
        course = Path(self.root).parents[1] / "src" / "gradtape" / "regression"
        source = inside if inside.is_dir() else course
        build_data["force_include"][str(source)] = NAME
