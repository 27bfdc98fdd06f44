"""Derivatives from a compiled program: recorded once for a function, run again and again."""
