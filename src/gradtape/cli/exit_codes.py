"""What the command ends with."""

GOOD = 0
FAILED = 1  # a lesson or a check
WRONG_USE = 2  # told in one sentence
