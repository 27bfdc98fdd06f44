"""The site, one language at a time: ``gradtape site`` lays out the pages. See CONTRIBUTING.md."""

import gradtape as gt

project = "gradtape"
author = "The gradtape authors"
copyright = author
version = release = gt.__version__

extensions = [
    "matplotlib.sphinxext.plot_directive",
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
    "sphinx_copybutton",
    "gradtape.site.sphinx_extension",
]
exclude_patterns = ["_build", "hub", "notebooks"]  # the last are there to be downloaded
locale_dirs = ["locale"]
smartquotes = False  # the prime of f' is no apostrophe
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
nb_execution_mode = "off"  # the notebooks are executed, and checked, elsewhere
nb_merge_streams = True
# Tracebacks hold the course's own sentence, in Chinese, which the lexer does not know.
suppress_warnings = ["misc.highlighting_failure"]

# JupyterLab's way to name a heading, so that links work in both.
myst_heading_slug_func = "gradtape.site.sphinx_extension.anchor"
html_title = "gradtape"
html_last_updated_fmt = ""  # the day of the last change, as the language writes it
html_copy_source = False
html_show_sourcelink = False
myst_enable_extensions = ["dollarmath", "html_image"]
myst_heading_anchors = 3

# Of code, not of what it printed.
copybutton_selector = "div.highlight:not(.cell_output *) > pre"

autodoc_typehints = "none"  # numpydoc says the types in words
autosummary_generate = True
numpydoc_show_class_members = False
# What every public docstring must have; the build fails where one has it not.
numpydoc_validation_checks = {
    *("EX01", "PR01", "PR02", "PR03", "PR04", "PR07", "PR10", "RT01", "RT03"),
    *("SS03", "SS05"),
}
numpydoc_validation_exclude = {r"\._"}

plot_pre_code = "import gradtape as gt\nimport tensorflow as tf"
plot_include_source = True
plot_formats = [("png", 144)]
plot_html_show_formats = False
plot_html_show_source_link = False
