"""P19: variables of TensorFlow's in a Keras layer, which Keras 3 does not list."""

from __future__ import annotations

import tensorflow as tf

from gradtape.learner_code.reading import Reading
from gradtape.tape.diagnosis.before import held_by
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.record.sources import Source


def unlisted(
    sources: list[Source], used: list[tf.Variable], reading: Reading
) -> list[Reason]:
    """Return the variables that a model uses, and its trainable_variables lacks.

    Parameters
    ----------
    sources : list of Source
        What was asked for, such as a model's trainable variables.
    used : list of tf.Variable
        The variables that the block used and a tape watches by itself.
    reading : Reading
        The code around the question, with the values of its names.

    Returns
    -------
    list of Reason
        One for each such variable.
    """
    if not all(source.is_of_keras for source in sources):
        return []
    written = {source.written for source in sources}
    lacking = {id(each) for each in used} - {id(source.tensor) for source in sources}
    models = {
        name: value
        for name, value in reading.names.items()
        if isinstance(value, tf.keras.layers.Layer)
        and any(f"{name}.trainable_variables" in text for text in written)
    }
    found = [
        Reason("P19", f"{layer.name}.{attribute}", name=attribute, target=name)
        for name, model in models.items()
        for layer in model._flatten_layers()
        for attribute, value in vars(layer).items()
        if any(
            isinstance(each, tf.Variable) and id(each) in lacking
            for each in held_by(value)
        )
    ]
    return list(dict.fromkeys(found))
