"""A kernel that is ready at once: forked from a process that has TensorFlow imported.

Jupyter starts :mod:`gradtape.kernel.launcher` for each kernel, as it would start any
kernel. The launcher asks the user's fork server (:mod:`gradtape.kernel.fork_server`) for a
fork of itself, relays signals to it from then on, and ends with it. The fork becomes an
ordinary IPython kernel (:mod:`gradtape.kernel.forked`). Where a fork would not be what a
new process is, the launcher becomes the plain kernel instead.
"""
