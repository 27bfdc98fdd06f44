"""A regression test for notebooks: a pytest plugin on top of nbval.

``plugin`` holds the options and hooks, ``notebooks`` the tests that a notebook gives,
``cells`` the test of a cell, ``kernels`` the process that runs it, ``screen`` what its
reader would see, ``sources`` the comparison with a lesson's source, ``updating`` the way
to store what came out, and ``messages`` what is said when something is wrong.
"""
