"""What TensorFlow did: the operations, values and gradients that a tape recorded."""
