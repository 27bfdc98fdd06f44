"""The code that gives figures their descriptions, in the kernel of a notebook."""

from __future__ import annotations

from pathlib import Path

_SOURCE = Path(__file__).with_name("figure_description.py").read_text("utf-8")
# Once matplotlib is imported; it need not be there, and no name is left behind.
DESCRIBER = f"""
def _(source):
    def printed(figure, printer, cycle):
        names = {{"__name__": "figure_description"}}
        exec(source, names)
        try:
            printer.text(names["describe_figure"](figure))
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

_({_SOURCE!r})
del _
"""
