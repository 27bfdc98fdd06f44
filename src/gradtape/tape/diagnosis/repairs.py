"""All repairs by name: the code that mends a gradient, at the place of the fault."""

# ruff: noqa: F401

from gradtape.tape.diagnosis.repairs_elsewhere import none_in_one_line
from gradtape.tape.diagnosis.repairs_of_departures import (
    stay_in_tensorflow,
)
from gradtape.tape.diagnosis.repairs_of_operations import (
    other_form,
    own_gradient,
    smooth_activation,
    smooth_kink,
    use_own_gradient,
    wake,
)
from gradtape.tape.diagnosis.repairs_of_questions import (
    ask_as_a_function,
    ask_for_what_was_used,
    ask_for_zero,
    dense,
    differentiate_by_the_whole,
    exchange,
    have_variables,
    jacobian,
    only_trained,
    real_function,
    right_source,
    scale_loss,
    trainable_variables,
    use_the_source,
)
from gradtape.tape.diagnosis.repairs_of_recording import (
    compute_inside,
    indent_inner,
    leave_out,
    persistent,
    record_again,
    tape_inside,
    use_floats,
    watch,
    without_reset,
)
from gradtape.tape.diagnosis.repairs_of_steps import smooth
from gradtape.tape.diagnosis.repairs_of_values import (
    add_epsilon,
    double_where,
    finite,
)
from gradtape.tape.diagnosis.repairs_of_variables import (
    assign_in_place,
    compute_with_tensors,
    other_name,
    without_dataset,
)
