"""A regression test for notebooks: a pytest plugin on top of nbval."""
