"""Test the tests: make faults, one at a time, and see whether the suite turns red.

``python -m tests.mutation`` makes some hundreds of them in a copy of the
checkout: in the code of lessons, in the library, in stored outputs and figures, in
sources and their twins. The same seed gives the same faults. A survivor is a gap in the
tests, or it changes nothing that can be seen; then ``equivalent.toml`` argues for it.

The way of a fault: ``plan`` chooses it among those that ``edits``, ``cells``, ``library``
and ``prose`` can make, ``campaign`` has it judged by ``trials`` and ``judging``, and
``table`` shows what became of it.
"""
