"""What Jupyter starts for a kernel: a small program of the standard library alone.

It runs as ``python -I -S .../gradtape/kernel/launcher``, without the packages that are
installed, to be there within milliseconds. So its modules know nothing of gradtape and
nothing of each other; ``__main__.py`` puts them together. The fork server reads them too.

A kernel provisioner of jupyter_client could ask the fork server from within Jupyter's
process and save this one, 5 MB and 30 ms. It was tried, and is not used: it has to be
installed in the Python of each Jupyter that is to start the kernel (elsewhere the kernel
is not listed and does not start), editors that start kernels by themselves know of none,
and the launcher would still be needed for both.
"""
