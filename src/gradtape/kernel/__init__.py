"""A kernel that is ready at once: forked from a process that has TensorFlow imported.

Jupyter starts :mod:`gradtape.kernel.launcher` for each kernel, as it would start any
kernel. The launcher asks the user's resident process (:mod:`gradtape.kernel.resident`)
for a fork of itself and stands for it from then on: it passes signals on, and ends with
it. The fork becomes an ordinary IPython kernel (:mod:`gradtape.kernel.forked`). Whatever
does not hold, the launcher turns into the plain kernel instead.
"""
