"""The rows from P29 on, and what has no number: the words and the repairs."""

from __future__ import annotations

from collections.abc import Callable

from gradtape.language import say
from gradtape.tape.diagnosis import repairs
from gradtape.tape.diagnosis.catalogue_without_number import no_number
from gradtape.tape.diagnosis.edits import Repair
from gradtape.tape.diagnosis.reason import Reason
from gradtape.tape.diagnosis.words import Explanation


def _keras_variable_watched(it: Reason) -> Explanation:
    """P18."""
    return Explanation(
        title=say(
            en="a variable of Keras was to be watched", zh="要监视的是 Keras 的变量"
        ),
        why=say(
            en="tape.watch takes TensorFlow's tensors and variables; a variable of Keras 3 "
            "wraps one, which it holds as .value. A tape watches trainable variables by "
            "itself: the call can be left out.",
            zh="tape.watch 接受 TensorFlow 的张量和变量；Keras 3 的变量把它包在 .value 里。"
            "梯度带会自动监视可训练的变量：这个调用可以去掉。",
        ),
        repair=repairs.leave_out(it),
    )


def _no_tensor(it: Reason) -> Explanation:
    """P29."""
    names = it.source or say(en="what was given", zh="给出的对象")
    kinds = {
        "symbol": say(
            en=f"{names} is a KerasTensor: it stands for a value in the plan of a model and "
            "holds no numbers, so nothing can be differentiated by it. Take the tensor that "
            "was fed to the model, watched before the call; for the value inside, build a "
            "model with two outputs and differentiate by the first: "
            "keras.Model(model.inputs, [layer.output, model.outputs[0]]).",
            zh=f"{names} 是 KerasTensor：它只是模型结构里的占位符号，不含数值，"
            "不能对它求导。请用送进模型的张量，并在调用之前监视它；要对中间的值求导，"
            "就建一个有两个输出的模型，对第一个输出求导："
            "keras.Model(model.inputs, [layer.output, model.outputs[0]])。",
        ),
        "model": say(
            en=f"{names} is a model or layer, not a tensor. Differentiate by the variables "
            "that it holds.",
            zh=f"{names} 是模型或层，不是张量。请对它包含的变量求导。",
        ),
        "weights": say(
            en=f"{names} holds NumPy arrays: get_weights() copies the numbers out of the "
            "variables. Differentiate by the variables themselves.",
            zh=f"{names} 是 NumPy 数组：get_weights() 把变量的数值复制了出来。请对变量本身求导。",
        ),
        "sparse": say(
            en=f"{names} is a SparseTensor, of which a tape differentiates the values alone. "
            "Watch its .values, and differentiate by them.",
            zh=f"{names} 是 SparseTensor，梯度带只能对它的值求导。"
            "请监视它的 .values，并对 .values 求导。",
        ),
    }
    return Explanation(
        title=say(en="no tensor that took part", zh="不是参与计算的张量"),
        why=kinds.get(it.kind, kinds["symbol"]),
        repair=repairs.right_source(it),
    )


def _exchanged(it: Reason) -> Explanation:
    """P30."""
    return Explanation(
        title=say(en="target and source are exchanged", zh="目标和源写反了"),
        why=say(
            en=f"{it.source} was computed from {it.target}, not the other way round. "
            "tape.gradient takes the target first, what is differentiated, and then the "
            "sources.",
            zh=f"是由 {it.target} 算出了 {it.source}，而不是反过来。"
            "tape.gradient 先写目标（被求导的量），再写源。",
        ),
        repair=repairs.exchange(it),
    )


def _nothing_asked(it: Reason) -> Explanation:
    """P31."""
    owner = it.name or say(en="the model", zh="模型")
    kinds = {
        "frozen": say(
            en=f"{owner} is frozen (trainable=False), so its list of trainable variables is "
            "empty.",
            zh=f"{owner} 被冻结了（trainable=False），所以可训练变量的列表是空的。",
        ),
        "hidden": say(
            en=f"{owner} is a tf.Variable. A layer of Keras 3 does not see it among its "
            "variables: only what add_weight made is trained.",
            zh=f"{owner} 是 tf.Variable。Keras 3 的层不把它算作自己的变量："
            "只有 add_weight 创建的才会训练。",
        ),
        "early": say(
            en=f"The list was taken before {owner} was built. It is empty and stays so; now "
            f"{owner} has variables. Take the list after the first call.",
            zh=f"取列表时 {owner} 还没有构建，列表是空的，而且不会再变；"
            f"现在 {owner} 有变量了。请在第一次调用之后再取。",
        ),
        "unbuilt": say(
            en=f"{owner} has no variables yet: a model makes them at its first call.",
            zh=f"{owner} 还没有变量：模型在第一次调用时才创建变量。",
        ),
    }
    return Explanation(
        title=say(en="there is no source", zh="没有源"),
        why=say(
            en="The list of sources is empty, and so is the list of gradients. ",
            zh="源的列表是空的，所以梯度的列表也是空的。",
        )
        + kinds.get(it.kind, ""),
        repair=repairs.have_variables(it),
    )


def _asked_inside(it: Reason) -> Explanation:
    """P32."""
    tape = it.tape or "tape"
    rest = {
        "": say(
            en="The number is right, but the tape records its own way back, and the record "
            "grows with every question; TensorFlow warns of it.",
            zh="数没有错，但梯度带把自己的反向传播也记了下来，每问一次记录就长一截；"
            "TensorFlow 会给出警告。",
        ),
        "used up": say(
            en="A tape that is not persistent is used up by that, and cannot answer again.",
            zh="普通的梯度带问过一次就用完了，不能再回答。",
        ),
    }[it.kind]
    return Explanation(
        title=say(en="asked inside its own block", zh="在自己的块里求梯度"),
        why=say(
            en=f"{it.target} was computed from a gradient that {tape} gave inside its own "
            f"block. {rest} Take two tapes, one inside the other.",
            zh=f"{it.target} 由 {tape} 在自己的块里求出的梯度算出。{rest}"
            "请用两个梯度带，一个套在另一个里面。",
        ),
        repair=repairs.persistent(it),
    )


def _unlisted(it: Reason) -> Explanation:
    """P19."""
    return Explanation(
        title=say(en="a variable that Keras does not list", zh="Keras 没有列出的变量"),
        why=say(
            en=f"The block used {it.source}, a tf.Variable that a layer holds. Keras 3 lists "
            f"what add_weight has made and nothing else: {it.target}.trainable_variables "
            "lacks it, so it gets no gradient and is never trained.",
            zh=f"块里用到了 {it.source}，它是层里的一个 tf.Variable。Keras 3 只列出由 add_weight "
            f"创建的变量：{it.target}.trainable_variables 里没有它，"
            "所以它得不到梯度，永远不会训练。",
        ),
        repair=Repair(
            f'self.{it.name} = self.add_weight(shape=(...), name="{it.name}")'
        ),
    )


def _frozen(it: Reason) -> Explanation:
    """P42."""
    return Explanation(
        title=say(en="frozen, and watched all the same", zh="冻结了，仍受监视"),
        why=say(
            en=f"{it.source} belongs to a layer with trainable=False. In Keras 3 that only "
            "takes it out of the layer's list: TensorFlow's variable inside stays trainable, "
            "the tape watches it, and the gradient is right. An optimizer that is given this "
            "list would train it.",
            zh=f"{it.source} 所属的层设了 trainable=False。在 Keras 3 里，这只是把它从"
            "层的列表中去掉：里面 TensorFlow 的变量仍是可训练的，梯度带监视它，梯度也没有错。"
            "如果把这个列表交给优化器，它就会被训练。",
        ),
        repair=repairs.only_trained(it),
    )


def _other_thread(it: Reason) -> Explanation:
    """P33."""
    name = it.operation or say(en="A part", zh="一部分")
    return Explanation(
        title=say(en="computed in another thread", zh="在另一个线程中计算"),
        why=say(
            en=f"{name} ran in another thread, or in a replica of a strategy, which has one. "
            "A tape records the thread in which its block runs: the way back to "
            f"{it.source} is cut there, though the value depends on it. The block belongs "
            "inside the function that the thread or replica runs.",
            zh=f"{name} 在另一个线程里执行，或者在分布式策略的副本里执行，而副本有自己的线程。"
            f"梯度带只记录它的块所在的线程：数值依赖 {it.source}，回去的路却在那里断了。"
            "应当把梯度带的块写进线程或副本所执行的函数里。",
        ),
        repair=repairs.tape_inside(it),
    )


def _dataset(it: Reason) -> Explanation:
    """P34."""
    if it.kind == "compiled":
        why = say(
            en=f"Inside the compiled function {it.name} the loop over a dataset becomes one "
            f"operation, {it.operation}, which has no gradient: nothing comes back to "
            f"{it.source}, though the value depends on it. Eagerly, without tf.function, "
            "the gradient is there; or loop over a tensor (tf.range, tf.scan).",
            zh=f"在编译函数 {it.name} 里，对数据集的循环变成了一个运算 {it.operation}，"
            f"它没有梯度：数值依赖 {it.source}，梯度却传不回去。"
            "不用 tf.function、即时执行时梯度就有；也可以改为对张量循环（tf.range、tf.scan）。",
        )
    else:
        why = say(
            en=f"{it.source} went into a tf.data pipeline. A dataset holds a copy of the "
            "numbers; what comes out of it is data to the tape. The value depends on "
            f"{it.source}, but no gradient comes back. Index the tensor itself.",
            zh=f"{it.source} 进入了 tf.data 管道。数据集保存的是数值的副本，"
            f"从里面出来的，对梯度带来说只是数据。结果依赖 {it.source}，梯度却传不回去。"
            "请直接对张量取下标。",
        )
    return Explanation(
        title=say(en="through a dataset", zh="经过了数据集"),
        why=why,
        repair=repairs.without_dataset(it),
    )


def _py_function(it: Reason) -> Explanation:
    """P35."""
    return Explanation(
        title=say(en="NumPy inside py_function", zh="py_function 里用了 NumPy"),
        why=say(
            en="tf.py_function records on a tape of its own, and NumPy breaks that record. "
            "TensorFlow then answers 0, where it should be None: the number is wrong, the "
            "derivative is not 0.",
            zh="tf.py_function 用自己的梯度带记录，而 NumPy 打断了这个记录。"
            "TensorFlow 这时回答 0，而不是 None：这个数是错的，导数并不是 0。",
        ),
        repair=repairs.stay_in_tensorflow(it),
    )


def _slices(it: Reason) -> Explanation:
    """P36."""
    return Explanation(
        title=say(en="a gradient of some rows", zh="只含若干行的梯度"),
        why=say(
            en="The gradient of a table of which rows were looked up is a tf.IndexedSlices: "
            "the rows that were used, and their numbers. It has no .numpy(). An optimizer "
            "takes it as it is.",
            zh="从表中按行查找，表的梯度就是 tf.IndexedSlices：只含用到的行和它们的数值，"
            "它没有 .numpy()。优化器可以直接使用它。",
        ),
        repair=repairs.dense(it),
    )


def _complex(it: Reason) -> Explanation:
    """P37."""
    return Explanation(
        title=say(en="a complex target", zh="复数目标"),
        why=say(
            en=f"{it.target} is complex. A gradient belongs to a real function: TensorFlow "
            "differentiates the real part of the sum, and gives the complex conjugate of "
            "what a textbook calls the derivative. Differentiate the real function that is "
            "meant: tf.abs, tf.math.real, tf.math.imag of it.",
            zh=f"{it.target} 是复数。梯度属于实值函数：TensorFlow 求的是各项之和的实部的导数，"
            "给出的是教科书里导数的共轭。请对真正想要的实值函数求导："
            "取它的 tf.abs、tf.math.real 或 tf.math.imag。",
        ),
        repair=repairs.real_function(it),
    )


def _half(it: Reason) -> Explanation:
    """P38."""
    kinds = {
        "half": say(
            en=f"At {it.operation} a value grew beyond 65504, where float16 ends, and "
            "became infinite. This is the first such value; no gradient can come back "
            "through it. In float32 there is room for it.",
            zh=f"在 {it.operation} 处，数值超过了 float16 的上限 65504，变成了无穷大。"
            "这是第一个这样的值；梯度无法穿过它传回来。用 float32 就放得下。",
        ),
        "overflow": say(
            en=f"On the way back through {it.operation} a gradient in float16 grew beyond "
            "65504, the largest number of that dtype, and became infinite. The values on the "
            "way forward are finite, and in float32 the gradient is, too.",
            zh=f"反向经过 {it.operation} 时，float16 的梯度超过了这个类型的最大值 65504，"
            "变成了无穷大。前向的数值是有限的，用 float32 算，梯度也是有限的。",
        ),
        "underflow": say(
            en=f"On the way back through {it.operation} a gradient in float16 became smaller "
            "than 6e-8, the smallest number of that dtype, and was rounded to 0. In float32 it "
            "is not 0.",
            zh=f"反向经过 {it.operation} 时，float16 的梯度小于这个类型的最小正数 6e-8，"
            "被舍入成了 0。用 float32 算，它不是 0。",
        ),
    }
    return Explanation(
        title=say(en="the range of float16", zh="float16 的范围"),
        why=kinds.get(it.kind, kinds["overflow"]),
        repair=repairs.scale_loss(it),
    )


def _arbitrary(it: Reason) -> Explanation:
    """P39."""
    kinds = {
        "cumprod": say(
            en="TensorFlow's rule for cumprod divides by the entries: with a 0 among them "
            "the gradient is NaN or a wrong 0, though the function is smooth there.",
            zh="TensorFlow 对 cumprod 的求导法则要除以各项：其中有 0 时，梯度是 NaN "
            "或错误的 0，尽管函数在那里是光滑的。",
        ),
    }
    if it.kind == "forward":
        return Explanation(
            title=say(en="forward over forward", zh="前向套前向"),
            why=say(
                en="One ForwardAccumulator stands inside another, and run eagerly TensorFlow "
                f"gives a wrong number here: {it.slope} in place of {it.name}, which "
                "tf.function gives. Take a tape inside the accumulator (forward over "
                "reverse), or two tapes.",
                zh="一个 ForwardAccumulator 套在另一个里面，即时执行时 TensorFlow 在这里给出的"
                f"数是错的：是 {it.slope}，而 tf.function 给出 {it.name}。"
                "请在外层的累加器里用梯度带（前向套反向），或者用两个梯度带。",
            ),
            repair=Repair(
                "with tf.autodiff.ForwardAccumulator(x, direction) as outer:\n"
                "    with tf.GradientTape() as inner:\n"
                "        inner.watch(x)\n        y = ...\n"
                "    first = inner.gradient(y, x)\nouter.jvp(first)"
            ),
        )
    other = say(
        en=f"Two of the values of {it.operation} coincide. Then the vectors that belong to "
        "them are not determined, and neither is their derivative: what comes back is NaN, "
        "0 or an arbitrary number. The values alone have derivatives.",
        zh=f"{it.operation} 的值中有两个相等。这时对应的向量不唯一，导数也不唯一："
        "得到的是 NaN、0 或任意一个数。单独的值则有导数。",
    )
    return Explanation(
        title=say(en="no right number here", zh="这里没有正确的数"),
        why=kinds.get(it.operation, other),
    )


def _raises(it: Reason) -> Explanation:
    """P40."""
    name = it.operation or say(en="an operation", zh="某个运算")
    said = say(en=f' ("{it.name}")', zh=f"（“{it.name}”）") if it.name else ""
    return Explanation(
        title=say(en="the way back ends in an error", zh="反向传播以错误结束"),
        why=say(
            en=f"The value can be computed, but TensorFlow's rule for the gradient of {name} "
            f"ends in an error here{said}. The function may well have a derivative; this "
            "rule does not give it.",
            zh=f"函数值可以算出，但 TensorFlow 对 {name} 的求导法则在这里以错误结束{said}。"
            "函数本身很可能有导数，只是这个法则给不出来。",
        ),
        repair=repairs.other_form(it),
    )


def _straight_pieces(it: Reason) -> Explanation:
    """P41."""
    function = it.operation.removesuffix("_grad") or "relu"
    function = {"sign": "abs"}.get(function, function)
    return Explanation(
        title=say(en="made of straight pieces", zh="由直线段组成"),
        why=say(
            en=f"{function} is made of straight pieces. Its first derivative jumps and is "
            "constant between the jumps, so the second derivative is 0 everywhere (or "
            "None): nothing can be learned from it. A smooth function in its place "
            "(tanh, softplus, swish) has a second derivative.",
            zh=f"{function} 由直线段组成。它的一阶导数只在折点跳变，其余处不变，"
            "所以二阶导数处处为 0（或 None）：学不到东西。"
            "换成光滑的函数（tanh、softplus、swish）就有二阶导数。",
        ),
        repair=repairs.smooth_activation(it),
    )


def _reset(it: Reason) -> Explanation:
    """P43."""
    tape = it.tape or "tape"
    return Explanation(
        title=say(en="the record was thrown away", zh="记录被清除了"),
        why=say(
            en=f"{tape}.reset() threw away what had been recorded. What was computed from "
            f"{it.source} before that is a constant to the tape; the value depends on "
            f"{it.source}, but the way back is gone.",
            zh=f"{tape}.reset() 清除了已有的记录。在那之前由 {it.source} 算出的量，"
            f"对梯度带来说成了常量；结果依赖 {it.source}，回去的路却没有了。",
        ),
        repair=repairs.without_reset(it),
    )


FURTHER: dict[str, Callable[[Reason], Explanation]] = {
    "P18": _keras_variable_watched,
    "P19": _unlisted,
    "P29": _no_tensor,
    "P30": _exchanged,
    "P31": _nothing_asked,
    "P32": _asked_inside,
    "P33": _other_thread,
    "P34": _dataset,
    "P35": _py_function,
    "P36": _slices,
    "P37": _complex,
    "P38": _half,
    "P39": _arbitrary,
    "P40": _raises,
    "P41": _straight_pieces,
    "P42": _frozen,
    "P43": _reset,
    "": no_number,
}
