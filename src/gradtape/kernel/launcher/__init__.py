"""What Jupyter starts for a kernel: a small program of the standard library alone.

It runs as ``python -I -S .../gradtape/kernel/launcher``, without the packages that are
installed, to be there within milliseconds. So its modules know nothing of gradtape and
nothing of each other; ``__main__.py`` puts them together. The fork server reads them too.
"""
