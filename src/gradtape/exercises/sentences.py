"""What exercises say in general, in both languages: the catalogue.

What one exercise says (its hints, its misconceptions) stands in its lesson's module.
"""

from gradtape.exercises.words import Words

YOUR_ANSWER = Words("your answer", "你的答案")
MODULE = Words("the module `{name}`", "模块 `{name}`")
ARGUMENT = Words("argument {number}", "第 {number} 个参数")
RESULT_OF = Words("what {what} returns", "{what} 的返回值")
MANY = Words("{count} numbers of shape {shape}", "{count} 个数，形状 {shape}")

# Headings of what a check shows

RIGHT = Words("{number} is right.", "{number} 正确。")
WRONG = Words("{number} is not right yet.", "{number} 还不对。")
NOT_BEGUN = Words("{number} is waiting for your answer.", "{number} 等着你来做。")
CHECK_FAILED = Words("{number} could not be checked.", "{number} 没能检查。")

# What stands below them

REPLACE_DOTS = Words(
    'Put your work where `...` stands and run both cells. `gt.hint("{number}")` helps.',
    '在 `...` 处写上你的解答，再运行这两个单元格。`gt.hint("{number}")` 会给出提示。',
)
LOOK_AGAIN = Words("Look again at “{heading}”.", "请再看看“{heading}”一节。")
HINT_HELPS = Words(
    'One hint after the other: `gt.hint("{number}")`.',
    '需要提示就运行 `gt.hint("{number}")`，一次给一条。',
)
ALL_DONE = Words(
    "That was the last exercise of the lesson: all {count} are done.",
    "本课的 {count} 道练习全部完成了。",
)
PRINTED = Words("Your code printed:", "你的代码打印了：")
PRINTED_MUCH = Words(
    "Your code printed {count} lines; the first of them:",
    "你的代码打印了 {count} 行，开头是：",
)
CHECK_BROKE = Words(
    "With this answer the check could not go on: {error}. Usually the answer gives "
    "something of another kind (a number, a tensor, a function, a pair) than the task "
    "asks for.",
    "用这个答案，检查没法继续：{error}。多半是答案给出的东西，种类和题目要的不同（一个数、张量、函数，还是一对）。",
)

# An answer of the wrong kind

PARTS = Words(
    "The answer has {count} parts, in the order of the task; this has {found}.",
    "答案有 {count} 个部分，按题目里的顺序；这里有 {found} 个。",
)
NO_FUNCTION = Words(
    "{what} should be a function, and is {found}. Give the function itself, without "
    "calling it: `f`, not `f(1.0)`.",
    "{what} 应该是一个函数，现在却是 {found}。请把函数本身交给检查，不要调用它：写 `f`，不写 `f(1.0)`。",
)
ARGUMENTS = Words(
    "{what} should take {wanted}, and takes {found}.",
    "{what} 应该接受参数 {wanted}，现在的参数是 {found}。",
)
IS_NONE = Words(
    "{what} is `None`. That is the result where a tape's record does not connect target "
    "and source; `gt.explain_gradient` says why.",
    "{what} 是 `None`。梯度带的记录里目标和源未连接时，得到的就是 `None`；`gt.explain_gradient` 会说明原因。",
)
IS_FUNCTION = Words(
    "{what} should be numbers, and is the function `{name}`. Call it.",
    "{what} 应该是数，现在却是函数 `{name}`。请调用它。",
)
NO_NUMBERS = Words(
    "{what} should be numbers (one, a list, an array or a tensor), and is {found}.",
    "{what} 应该是数（一个数、列表、数组或张量），现在却是 {found}。",
)
TOO_MANY = Words(
    "{what} holds {count} numbers, far more than the task asks for.",
    "{what} 里有 {count} 个数，远远超过题目要的。",
)
COMPLEX = Words(
    "{what} is a complex number, {found}: a root was taken of a negative number. Which "
    "of the numbers in it can be negative?",
    "{what} 是复数 {found}：对负数开了方。里面哪个数可能是负的？",
)
TABLE = Words(
    "{what} has the shape {found}, a table; wanted is {wanted}. Entry by entry, a vector "
    "combined with a matrix, or with a column, makes a table: bring both to the same shape.",
    "{what} 的形状是 {found}，是一张表；应该是 {wanted}。向量和矩阵（或者和一列）逐个元素地算，会得到一张表：请先让两者形状相同。",
)
SHAPE = Words(
    "{what} is {found}; wanted: {wanted}.",
    "{what} 是{found}，应该是{wanted}。",
)
ONE_NUMBER = Words("one number, of shape ()", "一个数，形状 ()")
SEVERAL_NUMBERS = Words(
    "{count} numbers, of shape {shape}", " {count} 个数，形状 {shape}"
)
ROWS_AND_COLUMNS = Words(
    "a table of {rows} rows and {columns} columns, of shape {shape}",
    " {rows} 行 {columns} 列的表，形状 {shape}",
)
A_SHAPE = Words("numbers of shape {shape}", "形状为 {shape} 的数组")
PARTS_OF_MANY_LENGTHS = Words(
    "{what} has parts of different lengths: {found}. Is there more in it than the task "
    "asks for, or one number where each entry has its own?",
    "{what} 的几个部分长短不一：{found}。是不是多返回了题目没有要的东西，或者本该每个元素一个数，却只写了一个？",
)
VALUE_AND_FUNCTION = Words(
    "{what} is a value together with a function, {found}. Only under "
    "`@tf.custom_gradient` such a pair becomes a function with its own gradient.",
    "{what} 是一个值加一个函数：{found}。只有写上 `@tf.custom_gradient`，这样的一对才成为带自定义梯度的函数。",
)
NO_TEXT = Words(
    '{what} should be a text between quotes, such as "108.0", and is {found}.',
    '{what} 应该是引号里的文字，例如 "108.0"，现在却是 {found}。',
)
NO_VARIABLE = Words(
    "{what} should be a `tf.Variable`, and is {found}.",
    "{what} 应该是一个 `tf.Variable`，现在却是 {found}。",
)
NO_AXES = Words(
    "The answer is a figure: hand over its Axes, as `ax`; this is {found}.",
    "答案是一幅图：请把图的 Axes 对象赋给 `ax`；这里却是 {found}。",
)

FORBIDDEN = Words(
    "The result is right, but `{name}` is used for it, and the task asks to do without.",
    "结果对了，可是用到了 `{name}`，而题目要求不用它。",
)

# What an answer does

EXITS = Words(
    "{what} calls `exit` or `quit`, which would end the kernel and lose your values. "
    "Take it out; `return` ends a function.",
    "{what} 调用了 `exit` 或 `quit`，那会结束内核、丢掉所有的值。请把它去掉；结束函数用 `return`。",
)
RAISES = Words("{what} stops with {error}", "{what} 运行时出错：{error}")
CHANGES = Words(
    "{what} changes {name}, so that the next call starts from something else. Compute "
    "a new value instead. (It has its old value again.)",
    "{what} 改动了 {name}，下一次调用就从别的值开始了。请改为计算新的值。（它的旧值已经恢复。）",
)
TIME = Words(
    "It ran for {seconds} seconds and was stopped. Is there a loop that never ends?",
    "运行了 {seconds} 秒仍未结束，已经停下。是不是有个循环永远不停？",
)
STUCK = Words(
    "The check has been running for more than {seconds} seconds, inside TensorFlow, "
    "where it cannot be stopped. If it does not end, choose Kernel > Restart and run "
    "your cells again. Your notebook and your progress are saved.",
    "检查已经运行了 {seconds} 秒以上，卡在 TensorFlow 内部，没法停下。如果一直不结束，请选“内核 > 重启”，"
    "再运行你的单元格。笔记本和进度不会丢失。",
)
NOT_STOPPABLE = Words(
    "The check is taking long. It does not run in the main thread and cannot be "
    "stopped from here; if it does not end, choose Kernel > Restart and run your cells "
    "again. Your notebook and your progress are saved.",
    "检查花的时间很长。它不在主线程里运行，从这里没法停下；如果一直不结束，请选“内核 > 重启”，"
    "再运行你的单元格。笔记本和进度不会丢失。",
)
RETURNS_NOTHING = Words(
    "{what} returns `None`. Is a `return` missing?",
    "{what} 返回 `None`。是不是忘了写 `return`？",
)
REACHES_NO_RETURN = Words(
    "{what} returns `None`: with these arguments it comes to its end without reaching one "
    "of its `return`s.",
    "{what} 返回 `None`：在这样的参数下，它运行到末尾也没有走到任何一个 `return`。",
)
HOLDS_NOTHING = Words(
    "There is a `None` in what {what} returns, where a number is wanted.",
    "{what} 返回的结果里有一个 `None`，那里应该是数。",
)
GRADIENT_NONE = Words(
    "{what} returns `None`: the tape's record does not connect target and source.",
    "{what} 返回 `None`：梯度带的记录里，目标和源未连接。",
)
HOLDS_GRADIENT_NONE = Words(
    "There is a `None` in what {what} returns: the tape's record does not connect the "
    "target and this source.",
    "{what} 返回的结果里有一个 `None`：梯度带的记录里，目标和这个源未连接。",
)
EXCHANGED = Words(
    "{what} returns `None`: target and source are exchanged. In `tape.gradient(y, x)` "
    "what is differentiated comes first, then with respect to what.",
    "{what} 返回 `None`：目标和源写反了。在 `tape.gradient(y, x)` 里，先写对谁求导数（目标），再写关于谁（源）。",
)
PITFALL = Words("{title} ({row} in lesson 12)", "{title}（常见错误 {row}，见第 12 课）")

# What an error usually means

MEANS_NUMPY = Words(
    "It usually means that a plain Python number or a NumPy array stands where a tensor "
    "is wanted. `tf.Variable(...)` makes a source of a number; and between source and "
    "target only TensorFlow's functions are of use, not `float()`, `math` and `np`.",
    "多半是该用张量的地方用了普通的 Python 数或 NumPy 数组。源要先用 `tf.Variable(...)` 变成变量；"
    "从源到目标只用 TensorFlow 的函数，不用 `float()`、`math` 和 `np`。",
)
MEANS_PERSISTENT = Words(
    "`gradient` can be called once, unless the tape was made with `persistent=True`. Or "
    "call it once, with a list of sources.",
    "对一个梯度带只能调用一次 `gradient`，除非创建时写了 `persistent=True`。也可以只调用一次，把源写成列表。",
)
MEANS_UNCONNECTED = Words(
    '`unconnected_gradients` takes a word: `"none"` (that is how it is set) or `"zero"`.',
    '`unconnected_gradients` 要写成文字：`"none"`（默认值）或 `"zero"`。',
)
MEANS_TEXT = Words(
    "A text stands where numbers are wanted. An option goes by its name, as in "
    '`unconnected_gradients="none"`.',
    '该写数的地方写了文字。选项要带上名字，例如 `unconnected_gradients="none"`。',
)
MEANS_NO_ASSIGN = Words(
    "Only a variable has `assign`; this is a tensor, which never changes. Compute a new "
    "one.",
    "只有变量才有 `assign`；这是张量，不能改动。请算出一个新的张量。",
)
MEANS_WAY_BACK = Words(
    "The second thing that a function under `@tf.custom_gradient` returns is the inner "
    "function itself, without calling it: `back`, not `back(x)`.",
    "用了 `@tf.custom_gradient` 的函数，返回的第二样东西是里面那个函数本身，不要调用它：写 `back`，不写 `back(x)`。",
)
MEANS_LAYER = Words(
    "A layer is called with the wrong input: each layer takes what the one before it "
    "gives.",
    "某一层得到的输入不对：每一层的输入，都是前一层的输出。",
)
MEANS_IN_PLACE = Words(
    "A variable takes no `-=` or `+=`; it is changed in place with `assign_sub(...)` or "
    "`assign_add(...)`.",
    "变量不能用 `-=` 或 `+=`；要就地修改它，请用 `assign_sub(...)` 或 `assign_add(...)`。",
)
MEANS_POWER = Words(
    "In Python `^` compares bits; a power is written `x**2`.",
    "在 Python 里，`^` 是按位运算；乘方写作 `x**2`。",
)
MEANS_NO_RULE = Words(
    "TensorFlow has no derivative for one of the operations; use another one.",
    "其中有个运算 TensorFlow 没有它的导数，请换一个运算。",
)
MEANS_NONE = Words(
    "It usually means that a gradient is `None`, or that a function does not return "
    "anything, and that the code computes on with it.",
    "多半是某个梯度是 `None`，或者某个函数没有返回值，而代码又拿它接着算。",
)
MEANS_ARGUMENTS = Words(
    "A function is called with other arguments than it takes.",
    "调用函数时给的参数，与它接受的参数不一致。",
)
MEANS_DTYPES = Words(
    "It usually means that two dtypes meet, such as float32 and float64, or whole "
    "numbers and floats. `tf.cast`, or a point as in `3.0`, makes them the same.",
    "多半是两种 dtype 碰到一起，例如 float32 和 float64，或整数和浮点数。用 `tf.cast`，或像 `3.0` 这样写上小数点。",
)
MEANS_SHAPES = Words(
    "It usually means that two shapes do not fit together; print the `.shape` of both.",
    "多半是两个形状对不上，请把两边的 `.shape` 打印出来看看。",
)
MEANS_ONE_TARGET = Words(
    "The target of `jacobian` is one tensor: `tf.stack([...])` makes one of several "
    "numbers.",
    "`jacobian` 的目标必须是一个张量：用 `tf.stack([...])` 把几个数合成一个。",
)
MEANS_LIST = Words(
    "With a list of sources the result is a list. `tf.stack(...)` makes one "
    "tensor of it, to calculate with.",
    "源写成列表，结果也是列表。要拿它计算，先用 `tf.stack(...)` 合成一个张量。",
)
MEANS_RANKS = Words(
    "TensorFlow wants matrices on both sides here. A vector becomes a matrix of one "
    "column by `v[:, tf.newaxis]`; `tf.linalg.matvec(H, v)` multiplies a matrix and a "
    "vector.",
    "这里两边都得是矩阵。用 `v[:, tf.newaxis]` 可以把向量变成只有一列的矩阵；矩阵乘向量可以用 `tf.linalg.matvec(H, v)`。",
)
MEANS_TRUTH = Words(
    "An `if` wants one truth value, and here there is one for each number. `tf.where` "
    "chooses for each number; `tf.reduce_all` and `tf.reduce_any` make one of them.",
    "`if` 只能判断一个真假值，而这里每个数各有一个。`tf.where` 逐个选择；`tf.reduce_all` 和 `tf.reduce_any` 把它们合成一个。",
)
MEANS_PAIR = Words(
    "There are other parts than expected. `gt.derivatives(f, x, order=2)` gives three "
    "rows, f, f′ and f″; a function under `@tf.custom_gradient` returns two things, its "
    "value and a function for the way back.",
    "个数和预期的不一样。`gt.derivatives(f, x, order=2)` 给出三行：f、f′ 和 f″；用了 `@tf.custom_gradient` "
    "的函数要返回两样东西：函数值，和一个用于反向传播的函数。",
)
MEANS_ONE_NUMBER = Words(
    "The functions of Python's `math` take one plain number. For tensors take those of "
    "TensorFlow: `tf.exp`, `tf.cos`.",
    "Python 的 `math` 里的函数只接受一个普通的数。对张量要用 TensorFlow 的函数：`tf.exp`、`tf.cos`。",
)
MEANS_EXCHANGED = Words(
    "Target and source are exchanged, and the gradient is `None`: in `tape.gradient(y, x)` "
    "what is differentiated comes first, then with respect to what.",
    "目标和源写反了，所以梯度是 `None`：在 `tape.gradient(y, x)` 里，先写目标，再写源。",
)
MEANS_DOMAIN = Words(
    "A root or a logarithm was taken of a negative number. Which of the numbers in it "
    "can be negative?",
    "对负数开了方，或取了对数。里面哪个数可能是负的？",
)
MEANS_NAME = Words(
    "The name is misspelt or deleted, or what makes it (an import, another cell) has not "
    "run in this kernel.",
    "名字拼错了，或者已经删除，或者产生它的 import 或单元格在这个内核里还没有运行。",
)
MEANS_RECURSION = Words(
    "The function calls itself without end.", "这个函数没完没了地调用自己。"
)
MEANS_MEMORY = Words(
    "It asks for more memory than there is; make the tensors smaller.",
    "要的内存超过了现有的，请把张量变小。",
)
MEANS_TAPE = Words(
    "What is handed to the tape is not a tensor or a variable: `tf.constant(...)` and "
    "`tf.Variable(...)` make one of a number.",
    "交给梯度带的不是张量或变量：用 `tf.constant(...)` 或 `tf.Variable(...)` 把数变成它们。",
)

# Numbers that disagree

NOT_FINITE = Words(
    "At {point}, {what} gives {found}, which is not finite.",
    "在 {point} 处，{what} 给出 {found}，不是有限的数。",
)
DIFFERS = Words(
    "At {point}, {what} gives {found}: {how}. Work it out by hand at this point, and "
    "compare step by step where your code gives something else.",
    "在 {point} 处，{what} 给出 {found}：{how}。请用纸笔在这个点上算一遍，逐步对照，看代码从哪一步起不同。",
)
DIFFERS_SOMEWHERE = Words(
    "{what} is right at {right} of {count} points. At {point} it gives {found}: {how}. "
    "What is different about this point?",
    "{count} 个点里，{what} 在 {right} 个点处是对的。在 {point} 处它给出 {found}：{how}。这个点有什么不同？",
)
NOT_RIGHT = Words("that is not right", "这不对")
NOT_RIGHT_IN_SEVERAL = Words(
    "several of these numbers are not right, each in another way",
    "这里有几个数不对，错的方式也不同",
)
SHOULD_BE_ZERO = Words("the right number is 0 there", "那里应该是 0")
WRONG_SIGN = Words("the sign is not right", "符号不对")
TOO_LARGE = Words("too large in size", "绝对值偏大")
TOO_SMALL = Words("too small in size", "绝对值偏小")
SIGN_TURNED = Words(
    "At every point the size is right, and the sign is not: at {point}, {what} gives "
    "{found}.",
    "大小处处都对，符号反了：在 {point} 处，{what} 给出 {found}。",
)
SIGN_SOMETIMES = Words(
    "At every point the size is right, but the sign is not at some: at {point}, {what} "
    "gives {found}.",
    "大小处处都对，符号在有些点上不对：在 {point} 处，{what} 给出 {found}。",
)
FACTOR = Words(
    "At {point}, {what} gives {found}; at every point it is {factor} times what it should "
    "be. A factor is too much or missing.",
    "在 {point} 处，{what} 给出 {found}；在每个点上，它都是应有值的 {factor} 倍。多了或少了一个因子。",
)
SHIFTED = Words(
    "At {point}, {what} gives {found}; at every point it is off by the same amount, "
    "{shift}. A term is too much or missing.",
    "在 {point} 处，{what} 给出 {found}；在每个点上，它都差同一个数 {shift}。多了或少了一项。",
)
PARTS_RIGHT = Words(
    "Right at every point: {right} of {count} numbers, counted from 1 in their order. "
    "Number {number} is not: {says}",
    "{count} 个数里有 {right} 个处处都对。第 {number} 个（从 1 数起）不对：{says}",
)
NAMED_PARTS_RIGHT = Words(
    "Right at every point: {right}. Not yet right is {part}. {says}",
    "处处都对的：{right}。还不对的：{part}。{says}",
)
TIMES_AN_ARGUMENT = Words(
    "At {point}, {what} gives {found}; at every point it is what it should be, times "
    "`{factor}`. A factor is too much or missing.",
    "在 {point} 处，{what} 给出 {found}；在每个点上，它都等于应有的值乘以 `{factor}`。多了或少了一个因子。",
)
SQUARED = Words(
    "At {point}, {what} gives {found}. Point by point it changes like the square of what "
    "it should be: a root is missing, or a square is too much.",
    "在 {point} 处，{what} 给出 {found}。逐点比较，它与应有值的平方成正比：少开了一次方，或者多了一个平方。",
)
ROOTED = Words(
    "At {point}, {what} gives {found}. Point by point it changes like the root of what it "
    "should be: a root is too much, or a square is missing.",
    "在 {point} 处，{what} 给出 {found}。逐点比较，它与应有值的平方根成正比：多开了一次方，或者少了一个平方。",
)
UPSIDE_DOWN = Words(
    "At {point}, {what} gives {found}. It is large where it should be small, and small "
    "where it should be large: as if numerator and denominator were exchanged, or a "
    "division forgotten.",
    "在 {point} 处，{what} 给出 {found}。该大的地方小，该小的地方大：像是分子和分母颠倒了，或者忘了做除法。",
)
IN_PROPORTION = Words(
    "The numbers of a point are in the right proportion, and all of them are off by one "
    "factor, another one at each point: at {point}, {what} gives {found}, {factor} times "
    "what it should be.",
    "每个点上，几个数的比例是对的，但都差一个共同的因子，各点的因子又不同：在 {point} 处，{what} 给出 {found}，是应有值的 {factor} 倍。",
)
OTHER_ORDER = Words(
    "The numbers are right, in another order: at {point}, {what} gives {found}.",
    "数都对，顺序不对：在 {point} 处，{what} 给出 {found}。",
)
AS_IF = Words(
    "What comes out is what would be right with `{instead}` in place of `{name}`. Look "
    "for where `{name}` comes in.",
    "得到的，正是把 `{name}` 换成 `{instead}` 时的正确结果。请检查用到 `{name}` 的地方。",
)
IN_DEGREES = Words(
    "What comes out would be right if `{name}` were in degrees. It is in radians, as "
    "`tf.sin` and `tf.cos` take it.",
    "得到的，正是 `{name}` 以度为单位时的正确结果。它的单位是弧度，`tf.sin` 和 `tf.cos` 要的也是弧度。",
)
EXCHANGED_ARGUMENTS = Words(
    "What comes out is what would be right with `{first}` and `{second}` exchanged.",
    "得到的，正是把 `{first}` 和 `{second}` 对调时的正确结果。",
)
IGNORES = Words(
    "`{name}` makes no difference to what comes out, and it should make one.",
    "不管 `{name}` 是什么，得到的都一样；结果本来应该随它而变。",
)
ALWAYS_SAME = Words(
    "{what} gives {found} at every point. The right result differs from point to "
    "point: does yours use all the arguments?",
    "不管参数是什么，{what} 都给出 {found}。正确的结果随参数而变：参数都用上了吗？",
)
CLOSE = Words(
    "Close, but not right: at {point}, {what} is off by {error} %. A finite difference "
    "or rounding leaves such errors, a tape does not. If you use neither, a small term "
    "is missing, two numbers are exchanged, or one is not exact enough.",
    "接近，但不对：在 {point} 处，{what} 差了 {error}%。有限差分或舍入会留下这样的误差，梯度带不会。"
    "如果两样都没用到，就是少了一个小项，两个数换了位置，或者某个数不够准。",
)
DIFFERS_PLAINLY = Words(
    "{what} is {found}, and that is not it.", "{what} 是 {found}，这不对。"
)
TEXT_OF_A_TENSOR = Words(
    "{what} is {found}. What is printed there is the number or the vector alone, without "
    "`tf.Tensor`.",
    "{what} 是 {found}。那里打印的只有数或向量本身，没有 `tf.Tensor`。",
)
TEXT_THEN = Words(
    "{what} is {found}, and that is not it. {says}", "{what} 是 {found}，这不对。{says}"
)
TEXT_OF_ANOTHER_KIND = Words(
    "{what} is {found}, and something of another kind is printed there: a number, a "
    "vector in brackets, or `None`?",
    "{what} 是 {found}，而那里打印的是另一类东西：是一个数，方括号里的向量，还是 `None`？",
)
TEXT_OF_THE_KIND = Words(
    "{what} is {found}, and that is not what comes out. Follow the steps one by one "
    "with pencil and paper.",
    "{what} 是 {found}，但结果不是它。请用纸笔一步一步算。",
)
OF_A_PART = Words("{what}: {says}", "先看 {what}：{says}")

# Figures

NOTHING_DRAWN = Words(
    "The figure is empty. If you drew in it: `plt.show()` puts a figure away, and "
    "`plt.gca()` after it begins a new one. Take `ax` first.",
    "图是空的。如果你画过：`plt.show()` 之后图就收起来了，再写 `plt.gca()` 得到的是一幅新图。"
    "请在它之前取得 `ax`。",
)
NO_CURVES = Words(
    "There is no curve in the figure; {name} is asked for.",
    "图里没有曲线；题目要的是 {name}。",
)
ANOTHER_CURVE = Words(
    "The curve in the figure is not {name}.", "图里的曲线不是 {name}。"
)
OTHER_CURVES = Words(
    "None of the {count} curves in the figure is {name}.",
    "图里有 {count} 条曲线，都不是 {name}。",
)
CURVE_TOO_SHORT = Words(
    "{name} is drawn from {low} to {high}; the task asks for {wanted_low} to "
    "{wanted_high}.",
    "{name} 画的是从 {low} 到 {high} 的一段，题目要的是从 {wanted_low} 到 {wanted_high}。",
)
NOT_MARKED = Words(
    'No point is marked in the figure yet, as `ax.plot(x, y, "o")` does; wanted: {name}.',
    '图中还没有标出任何点，例如用 `ax.plot(x, y, "o")`；要标出的是 {name}。',
)
MARKED_ELSEWHERE = Words(
    "There are marks in the figure, in another place: {where}. Wanted: {name}.",
    "图中有标记，但位置不对：{where}。要标出的是 {name}。",
)
MARKED_AT_OTHER_HEIGHTS = Words(
    "The places along x are right, the heights are not: {where}. Wanted: {name}.",
    "横坐标对了，高度不对：{where}。要标出的是 {name}。",
)
MARKED_NEARLY = Words(
    "There are marks near {name}, but not exactly there. A place that is read off a "
    "picture is not exact enough: compute it.",
    "{name}的附近有标记，但不够准。从图上读出的位置总有误差，请把它算出来。",
)
MARKED_TOO_MUCH = Words(
    "All places are marked that should be, and others besides; wanted, and nothing "
    "else: {name}.",
    "该标的都标了，可还标了别的点；要标出的只有：{name}。",
)
MARKED_IN_PART = Words(
    "{found} of {wanted} places are marked; wanted: {name}.",
    "{wanted} 处里标对了 {found} 处；要标出的是 {name}。",
)

# Hints

HINT = Words("Hint {place} of 3 for {number}", "{number} 的提示 {place}/3")
LAST_HINT = Words(
    "That was the last hint. If it is not enough, read “{heading}” once more.",
    "这是最后一条提示。还不够的话，请重读“{heading}”一节。",
)

# Progress

PROGRESS = Words(
    "{done} of {count} exercises done.", "{count} 道练习，已完成 {done} 道。"
)
NOT_KEPT = Words(
    "This folder was not made by `gradtape lab`: here it counts until the kernel ends.",
    "这个文件夹不是 `gradtape lab` 建立的：这里的进度只保留到内核结束。",
)
NO_PROGRESS = Words("No exercise is done yet.", "还没有完成任何练习。")
LESSON_LINE = Words(
    "Lesson {lesson}: {done} of {count}", "第 {lesson} 课：{done}/{count}"
)
NEXT = Words("Next: {number}.", "接下来：{number}。")
NOT_SAVED = Words(
    "Your progress could not be saved: {reason}. Your answer counts until the kernel "
    "ends.",
    "进度没能保存：{reason}。在内核结束之前，你的答案仍然算数。",
)
KEPT_ASIDE = Words(
    "The file with your progress was damaged. It is kept as “{name}”, and a new one "
    "is begun.",
    "记录进度的文件损坏了。它已改名为“{name}”保留下来，新的记录从现在开始。",
)

# Predictions

CHOOSE = Words("{number}: what do you expect?", "{number}：你觉得会怎样？")
CHOICES = Words(
    "Write one of these in place of `...`:",
    "请在 `...` 处写上其中一个：",
)
A_NUMBER = Words("Write a number in place of `...`.", "请在 `...` 处写上一个数。")
NO_CHOICE = Words(
    "{number}: {found} is none of the choices.", "{number}：{found} 不在选项里。"
)
NO_GUESS = Words("{number}: {found} is not a number.", "{number}：{found} 不是一个数。")
CHOSEN = Words(
    "{number}: you expect {choice}. Now run the next cell.",
    "{number} 你的预测：{choice}。现在运行下一个单元格。",
)
CAME_OUT = Words("{number}: what came out", "{number}：结果")
GUESS = Words("You expected {choice}.", "你的预测：{choice}。")
LATE_GUESS = Words(
    "You chose {choice}, after the result had been shown.",
    "你的选择：{choice}。不过那是在结果出来之后。",
)
SKIPPED = Words("You made no prediction.", "你没有预测。")
OUTCOME = Words("It came out: {outcome}.", "实际结果：{outcome}。")
AS_EXPECTED = Words("That is what you expected.", "和你预测的一样。")
OTHERWISE = Words(
    "It came out otherwise. Worth a minute: what did you leave out?",
    "和你预测的不一样。值得花一分钟想想：漏掉了什么？",
)
STAYS = Words(
    "{number}: the result has been shown already, so your prediction stays: {choice}.",
    "{number}：结果已经出来了，你的预测不再改动：{choice}。",
)

# The quiz

QUIZ = Words("The quiz of lesson {lesson}", "第 {lesson} 课小测验")
QUIZ_DONE = Words(
    "The quiz of lesson {lesson}: {right} of {count} right",
    "第 {lesson} 课小测验：{count} 题答对 {right} 题",
)
CLICK = Words(
    "Click an answer to see why. Letters do the same: "
    '`gt.quiz("{lesson}", "a", "b", "c")`.',
    '点一个答案，看看为什么。写字母也行：`gt.quiz("{lesson}", "a", "b", "c")`。',
)
YES = Words("Right.", "对。")
NO = Words("No.", "不对。")
NO_LETTER = Words(
    "{found} is no letter of an answer; write one for each question.",
    "{found} 不是选项的字母；请给每道题写一个。",
)

# Wrong use

NO_QUIZ = Words(
    "there is no quiz for {lesson}; write one of {existing}",
    "{lesson} 没有小测验；请写 {existing} 中的一个",
)
NO_NUMBER = Words(
    'there is no exercise {number}; write it as in the lesson, such as "2.1"',
    '没有练习 {number}；请照正文里的写法，例如 "2.1"',
)
NO_SUCH = Words(
    "lesson {lesson} has no {number}; it has {existing}",
    "没有 {number}；第 {lesson} 课有 {existing}",
)
NONE_IN_LESSON = Words(
    "there is no {number}; lessons {existing} have some",
    "没有 {number}；第 {existing} 课才有",
)
