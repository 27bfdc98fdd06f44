"""A regression test for notebooks: a pytest plugin on top of nbval.

It stands alone: nothing here imports anything else of gradtape, and the imports are
relative, so that the same files are also the package ``gradtape_regression`` of a
distribution that needs neither TensorFlow nor the course (``packages/regression``).

``plugin`` holds the options and hooks, ``notebooks`` the tests that a notebook gives,
``cells`` the test of a cell, ``kernels`` the process that runs it (``late_output`` is run
in there), ``connection`` the way to it, ``final_output`` what its reader would see,
``outputs`` the comparison with what is stored, ``description`` the words for a
figure, ``consequences`` which failures may follow from others, ``messages`` what is said when something is wrong. ``updating``
stores what came out, ``suggesting`` proposes settings, ``against`` compares two
environments, ``report`` shows it all on a page; ``hooks`` is for other plugins.
"""
