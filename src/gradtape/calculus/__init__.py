"""Calculus on ``tf.GradientTape``: functions in, numbers out."""
