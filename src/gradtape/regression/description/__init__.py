"""What a figure of matplotlib shows, in words and numbers, read from its artists.

This package is imported in the notebook's kernel, in whatever environment that has: it
needs matplotlib and NumPy alone, and draws nothing. ``figures`` says what a figure and
its Axes are, ``artists`` what is drawn in them, ``words`` writes numbers and colours.
"""

from .figures import describe_figure

__all__ = ["describe_figure"]
