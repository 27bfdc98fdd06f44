"""The code that gives figures their descriptions, in the kernel of a notebook."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("description")
# Once matplotlib is imported; it need not be there, and no name is left behind.
DESCRIBER = f"""
def _(folder):
    import sys
    from importlib import util

    name = "gradtape_figure_descriptions"

    def printed(figure, printer, cycle):
        try:
            if name not in sys.modules:
                spec = util.spec_from_file_location(
                    name, folder + "/__init__.py", submodule_search_locations=[folder]
                )
                sys.modules[name] = util.module_from_spec(spec)
                spec.loader.exec_module(sys.modules[name])
            printer.text(sys.modules[name].describe_figure(figure))
        except Exception as error:
            printer.text(f"Figure that can't be described: {{type(error).__name__}}: {{error}}")

    plain = get_ipython().display_formatter.formatters["text/plain"]
    plain.for_type_by_name("matplotlib.figure", "Figure", printed)
    forget = plain.pop

    # IPython forgets all that is registered for figures when it sets up their formats.
    def keep(kind, *default):
        if getattr(kind, "__module__", "") != "matplotlib.figure":
            return forget(kind, *default)
        return default[0] if default else None

    plain.pop = keep

_({str(_FOLDER)!r})
del _
"""
