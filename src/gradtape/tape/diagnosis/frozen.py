"""P42: variables of a frozen layer of Keras 3, which a tape watches all the same."""

from __future__ import annotations

import tensorflow as tf

from gradtape.learner_code.reading import Reading
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.reason_of_event import reason
from gradtape.tape.diagnosis.trace import Question
from gradtape.tape.record.sources import Source


def frozen_though_watched(
    source: Source, question: Question, reading: Reading, all_sources: list[Source]
) -> list[Reason]:
    """Return that a source with a gradient belongs to a layer that is frozen.

    Whoever asks for a frozen layer's weights and no others means them.

    Parameters
    ----------
    source : Source
        What was differentiated by; its gradient is a number.
    question : Question
        What was asked.
    reading : Reading
        The code around the question, with the values of its names.
    all_sources : list of Source
        Everything that was asked about.

    Returns
    -------
    list of Reason
        One or none.
    """
    if not isinstance(source.tensor, tf.Variable) or not source.tensor.trainable:
        return []
    if not source.is_trainable and not any(each.is_trainable for each in all_sources):
        return []
    layers = {
        name: layer
        for name, layer in reading.names.items()
        if isinstance(layer, tf.keras.layers.Layer)
    }
    held = [v for layer in layers.values() for v in layer.variables]
    if source.is_trainable and not any(
        each.value is source.tensor and not each.trainable for each in held
    ):
        return []
    asked = {id(each.tensor) for each in all_sources}
    owners = {
        name: layer
        for name, layer in layers.items()
        if any(id(each.value) in asked for each in layer.variables)
    }
    # A layer inside another is in the list of that one.
    outer = [
        name
        for name, layer in owners.items()
        if not any(
            layer is not other
            and {*map(id, layer.variables)} < {*map(id, other.variables)}
            for other in owners.values()
        )
    ]
    lists = " + ".join(f"{name}.trainable_variables" for name in outer)
    return [reason("P42", None, question, name=lists)]
