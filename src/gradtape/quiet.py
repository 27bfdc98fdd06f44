"""Keep TensorFlow's start-up log away from the reader, and nothing else."""


def quiet_tensorflow() -> None:
    """Hold back TensorFlow's log lines when it is imported for the first time."""
