"""The learner's own code: which lines are theirs, and what those lines do with names."""
