# ---
# jupyter:
#   gradtape:
#     minutes: 15
#     teaches:
#       en: every pitfall of the tape by its number, to look things up in
#       zh: 按编号列出梯度带的全部常见错误，供查阅
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 12 · The pitfalls, one by one
#
# Every way in which a gradient goes wrong in this course has a number, and `gt.explain_gradient` names it. They are listed here in order, each with the same four lines: what was done, what the result is, why, and the repair, followed by a cell that shows the mistake and then the repair: it prints ✗ before what the mistake gives, ✓ before what the repair gives. It is a place to look things up in, not a lesson to read through.
#
# With this page you will be able to
#
# - look up a number that `gt.explain_gradient` has named;
# - find the number of what you see, by the table;
# - run the mistake and its repair side by side.
#
# You need lesson [9](09_when_gradients_go_missing.ipynb), which teaches how to find the cause. Reading one section takes a minute.

# %% [markdown] lang="zh"
# # 12 · 常见错误速查
#
# 这门课里，梯度出错的每一种方式都有编号，`gt.explain_gradient` 会指出是哪一个。这里按顺序逐一列出，每个都是同样的四行：做了什么、得到什么、原因、改法；随后的单元格先重现错误，再改正：✗ 后面是错误写法的结果，✓ 后面是改正后的结果。这一课用来查阅，不必从头读到尾。
#
# 有了这一课，你能够
#
# - 查到 `gt.explain_gradient` 指出的编号；
# - 根据现象，从表中找到编号；
# - 把错误和改法放在一起运行。
#
# 请先学[第 9 课](09_when_gradients_go_missing.ipynb)，那里讲怎样找出原因。读一节只要一分钟。

# %%
import contextlib
import threading
import weakref

import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("12", lang="en")


@contextlib.contextmanager
def reporting():
    try:
        yield
    except (AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        print("✗", type(error).__name__)
    except tf.errors.OpError as error:
        print("✗", type(error).__name__)


# %% [markdown] lang="en"
# For example, this tape does not watch the constant `x`. The answer names the number, and the number is a heading below.

# %% [markdown] lang="zh"
# 比如，下面这个梯度带（gradient tape，也译梯度磁带、求导记录器）没有监视（watch）常量 `x`。诊断给出了编号，这个编号就是后面的标题。

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**2

print(gt.explain_gradient(tape, y, x).causes)

# %% [markdown] lang="en"
# ## What you see
#
# | you see | look at |
# |---|---|
# | `None` | [P1](#P1), [P2](#P2), [P3](#P3), [P4](#P4), [P5](#P5), [P6](#P6), [P7](#P7), [P10](#P10), [P11](#P11), [P15](#P15), [P23](#P23), [P29](#P29), [P30](#P30), [P33](#P33), [P34](#P34), [P43](#P43) |
# | `None` for a second derivative | [P10](#P10), [P23](#P23), [P41](#P41) |
# | 0 everywhere | [P15](#P15), [P27](#P27), [P35](#P35), [P38](#P38), [P41](#P41) |
# | `nan` or `inf` | [P16](#P16), [P17](#P17), [P38](#P38), [P39](#P39) |
# | an error from `gradient` or `watch` | [P5](#P5), [P8](#P8), [P18](#P18), [P22](#P22), [P29](#P29), [P32](#P32), [P36](#P36), [P40](#P40) |
# | an error from the optimizer, or nothing is trained | [P19](#P19), [P20](#P20), [P21](#P21), [P31](#P31), [P42](#P42) |
# | a number that is wrong or surprises | [P5](#P5), [P12](#P12), [P13](#P13), [P24](#P24), [P25](#P25), [P26](#P26), [P35](#P35), [P37](#P37), [P39](#P39) |
# | right, but slow or large | [P9](#P9), [P14](#P14), [P32](#P32) |
# | no GPU | [P28](#P28) |

# %% [markdown] lang="zh"
# ## 你看到的现象
#
# | 你看到的 | 请看 |
# |---|---|
# | `None` | [P1](#P1)、[P2](#P2)、[P3](#P3)、[P4](#P4)、[P5](#P5)、[P6](#P6)、[P7](#P7)、[P10](#P10)、[P11](#P11)、[P15](#P15)、[P23](#P23)、[P29](#P29)、[P30](#P30)、[P33](#P33)、[P34](#P34)、[P43](#P43) |
# | 二阶导数是 `None` | [P10](#P10)、[P23](#P23)、[P41](#P41) |
# | 处处为 0 | [P15](#P15)、[P27](#P27)、[P35](#P35)、[P38](#P38)、[P41](#P41) |
# | `nan` 或 `inf` | [P16](#P16)、[P17](#P17)、[P38](#P38)、[P39](#P39) |
# | `gradient` 或 `watch` 报错 | [P5](#P5)、[P8](#P8)、[P18](#P18)、[P22](#P22)、[P29](#P29)、[P32](#P32)、[P36](#P36)、[P40](#P40) |
# | 优化器报错，或者没有训练 | [P19](#P19)、[P20](#P20)、[P21](#P21)、[P31](#P31)、[P42](#P42) |
# | 数值不对，或出乎意料 | [P5](#P5)、[P12](#P12)、[P13](#P13)、[P24](#P24)、[P25](#P25)、[P26](#P26)、[P35](#P35)、[P37](#P37)、[P39](#P39) |
# | 数值没错，但慢或占内存 | [P9](#P9)、[P14](#P14)、[P32](#P32) |
# | 没有 GPU | [P28](#P28) |

# %% [markdown] lang="en"
# ### The message
#
# A part of what TensorFlow 2.21 or Keras says, to search for:
#
# | the message says | look at |
# |---|---|
# | `'numpy.float32' object has no attribute '_id'` | [P5](#P5) |
# | `'KerasTensor' object has no attribute '_id'` | [P29](#P29) |
# | `'IndexedSlices' object has no attribute 'numpy'` | [P36](#P36) |
# | `A non-persistent GradientTape can only be used to compute one set of gradients` | [P8](#P8) |
# | `` `variable -= value` with `tf.Variable`s is not supported `` | [P6](#P6) |
# | `not tf.Tensor or tf.Variable or ExtensionType` | [P18](#P18) |
# | `This optimizer can only be called for the variables it was originally built with` | [P21](#P21) |
# | `gradient registry has no entry for` | [P22](#P22) |
# | `not enough values to unpack (expected 2, got 0)` | [P31](#P31) |
# | `Input is not invertible` | [P40](#P40) |
# | `No gradients provided for any variable` | every gradient was `None`: the first row of the table above |
#
# ### The names
#
# [P1](#P1) A constant that is not watched · [P2](#P2) Whole numbers · [P3](#P3) A step outside the block · [P4](#P4) Watched too late · [P5](#P5) Through NumPy or plain Python · [P6](#P6) The name means another thing now · [P7](#P7) An assignment on the way · [P8](#P8) One tape, used twice · [P9](#P9) A persistent tape that stays · [P10](#P10) The inner gradient outside the outer tape · [P11](#P11) Nothing connects them · [P12](#P12) A vector is summed · [P13](#P13) A Jacobian the wrong way round · [P14](#P14) A Jacobian in a loop · [P15](#P15) A stair or a switch on the way · [P16](#P16) A branch of tf.where that was not taken · [P17](#P17) A root or a norm at 0 · [P18](#P18) Watching a variable of Keras 3 · [P19](#P19) A weight that is in no list · [P20](#P20) A list that holds too much · [P21](#P21) An optimizer that knows other variables · [P22](#P22) An operation without a rule · [P23](#P23) None or 0, by the way it is written · [P24](#P24) A kink or a tie · [P25](#P25) The moment of recording · [P26](#P26) The check is wrong, not the tape · [P27](#P27) Flat ground · [P28](#P28) A GPU that is not found · [P29](#P29) No tensor that took part · [P30](#P30) Target and source exchanged · [P31](#P31) No source at all · [P32](#P32) A tape asked inside its own block · [P33](#P33) In another thread, or in a replica · [P34](#P34) Through a dataset · [P35](#P35) NumPy inside py_function · [P36](#P36) The gradient of an embedding · [P37](#P37) Complex numbers · [P38](#P38) The range of float16 · [P39](#P39) A rule that is wrong or arbitrary there · [P40](#P40) An error on the way back only · [P41](#P41) Made of straight pieces · [P42](#P42) Frozen, and watched all the same · [P43](#P43) A record that was thrown away

# %% [markdown] lang="zh"
# ### 报错信息
#
# 从 TensorFlow 2.21 和 Keras 的报错里各取一段，便于搜索：
#
# | 报错里写着 | 请看 |
# |---|---|
# | `'numpy.float32' object has no attribute '_id'` | [P5](#P5) |
# | `'KerasTensor' object has no attribute '_id'` | [P29](#P29) |
# | `'IndexedSlices' object has no attribute 'numpy'` | [P36](#P36) |
# | `A non-persistent GradientTape can only be used to compute one set of gradients` | [P8](#P8) |
# | `` `variable -= value` with `tf.Variable`s is not supported `` | [P6](#P6) |
# | `not tf.Tensor or tf.Variable or ExtensionType` | [P18](#P18) |
# | `This optimizer can only be called for the variables it was originally built with` | [P21](#P21) |
# | `gradient registry has no entry for` | [P22](#P22) |
# | `not enough values to unpack (expected 2, got 0)` | [P31](#P31) |
# | `Input is not invertible` | [P40](#P40) |
# | `No gradients provided for any variable` | 所有梯度都是 `None`：见上面那张表的第一行 |
#
# ### 名称
#
# [P1](#P1) 没人监视的常量 · [P2](#P2) 整数 · [P3](#P3) 有一步写在块外面 · [P4](#P4) 监视得太晚 · [P5](#P5) 经过 NumPy 或普通的 Python · [P6](#P6) 名字指向了别的东西 · [P7](#P7) 途中的赋值 · [P8](#P8) 同一个梯度带求了两次 · [P9](#P9) 用完还留着的记录 · [P10](#P10) 内层梯度写到了外层梯度带外面 · [P11](#P11) 两者未连接（unconnected） · [P12](#P12) 向量会被求和 · [P13](#P13) 雅可比矩阵（Jacobian）用反了 · [P14](#P14) 循环里的雅可比矩阵 · [P15](#P15) 途中有台阶或开关 · [P16](#P16) tf.where 中没有选中的分支 · [P17](#P17) 0 处的根号或范数 · [P18](#P18) 监视 Keras 3 的变量 · [P19](#P19) 不在任何列表里的权重 · [P20](#P20) 列表里的东西太多 · [P21](#P21) 优化器认识的是别的变量 · [P22](#P22) 没有求导法则的运算 · [P23](#P23) 写法不同，None 或 0 · [P24](#P24) 尖点，或几个数相等 · [P25](#P25) 记录的那一刻 · [P26](#P26) 错的是验算，不是梯度带 · [P27](#P27) 平坦的地方 · [P28](#P28) 找不到 GPU · [P29](#P29) 求导的对象没有参与计算 · [P30](#P30) 目标和源写反了 · [P31](#P31) 一个源也没有 · [P32](#P32) 在自己的块里求梯度 · [P33](#P33) 在另一个线程或副本里 · [P34](#P34) 经过了数据集 · [P35](#P35) py_function 里用了 NumPy · [P36](#P36) 嵌入层的梯度 · [P37](#P37) 复数 · [P38](#P38) float16 的范围 · [P39](#P39) 求导法则在该点失效 · [P40](#P40) 只在反向传播时出错 · [P41](#P41) 由直线段组成 · [P42](#P42) 冻结了，仍受监视 · [P43](#P43) 记录被清除了

# %% [markdown] lang="en"
# ## P1 to P14: what the tape has on record
#
# ### P1
#
# **A constant that is not watched**
#
# - **What was done:** differentiated with respect to a `tf.constant`, or another plain tensor.
# - **The result:** `None`.
# - **Why:** by itself a tape watches trainable variables and nothing else, so it recorded nothing.
# - **Repair:** `tape.watch(x)` first, or make it a `tf.Variable`.

# %% [markdown] lang="zh"
# ## P1 到 P14：梯度带记录了什么
#
# ### P1
#
# **没人监视的常量**
#
# - **做了什么**：对 `tf.constant` 或别的普通张量求导。
# - **得到什么**：`None`。
# - **原因**：梯度带自动监视的只有可训练的变量，所以什么也没有记录。
# - **改法**：先写 `tape.watch(x)`，或者改用 `tf.Variable`。

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**2
print("✗", tape.gradient(y, x))

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**2
print("✓", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P2
#
# **Whole numbers**
#
# - **What was done:** used whole numbers for a source or a target, such as `tf.Variable(3)`.
# - **The result:** `None`, without a warning for a variable; only `tape.watch` warns.
# - **Why:** between two neighbouring whole numbers there is nothing to move to; only numbers that stand for a continuum, floating-point and complex ones, have a gradient.
# - **Repair:** write `3.0`, or give `dtype=tf.float32`.

# %% [markdown] lang="zh"
# ### P2
#
# **整数**
#
# - **做了什么**：源或目标是整数，比如 `tf.Variable(3)`。
# - **得到什么**：`None`。变量是整数时没有警告，只有用 `tape.watch` 监视整数时才警告。
# - **原因**：相邻两个整数之间没有别的数，无从变化；只有代表连续量的数（浮点数和复数）才有梯度。
# - **改法**：写成 `3.0`，或者指定 `dtype=tf.float32`。

# %%
for start in (3, 3.0):
    x = tf.Variable(start)
    with tf.GradientTape() as tape:
        y = x * x
    print(x.dtype.name, tape.gradient(y, x))

# %% [markdown] lang="en"
# ### P3
#
# **A step outside the block**
#
# - **What was done:** computed the target, or the last part of it, after the `with` block; or a part before it, which an object may have kept.
# - **The result:** `None`.
# - **Why:** the tape records only while its block runs; `tape.stop_recording()` has the same effect inside.
# - **Repair:** indent the step into the block.

# %% [markdown] lang="zh"
# ### P3
#
# **有一步写在块外面**
#
# - **做了什么**：在 `with` 块之后才计算目标或它的最后一部分；或者有一部分在块之前就算好了（可能存在某个对象里）。
# - **得到什么**：`None`。
# - **原因**：梯度带只在块运行时记录；块内的 `tape.stop_recording()` 效果相同。
# - **改法**：把这一步缩进到块里。

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
loss = 2.0 * y
print("✗", tape.gradient(loss, x))

with tf.GradientTape() as tape:
    y = x**2
    loss = 2.0 * y
print("✓", tape.gradient(loss, x).numpy())

# %% [markdown] lang="en"
# ### P4
#
# **Watched too late**
#
# - **What was done:** called `watch` after the operation.
# - **The result:** `None`, or a gradient that lacks a part.
# - **Why:** a tape follows a tensor from the moment when it watches it; what came before is not recorded.
# - **Repair:** watch first.

# %% [markdown] lang="zh"
# ### P4
#
# **监视得太晚**
#
# - **做了什么**：先运算，后 `watch`。
# - **得到什么**：`None`，或者缺了一部分的梯度。
# - **原因**：从监视的那一刻起才跟踪，之前的运算不在记录里。
# - **改法**：先监视。

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**2
    tape.watch(x)
print("✗", tape.gradient(y, x))

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**2
print("✓", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P5
#
# **Through NumPy or plain Python**
#
# - **What was done:** went through NumPy, `.numpy()`, `float()`, `model.predict` on the way.
# - **The result:** `None`; an `AttributeError` if the target itself is no tensor; a wrong number if only one of two ways leaves.
# - **Why:** the tape sees TensorFlow's operations only.
# - **Repair:** use the function of `tf` or `tf.math`; take numbers out when the gradient is done.

# %% [markdown] lang="zh"
# ### P5
#
# **经过 NumPy 或普通的 Python**
#
# - **做了什么**：途中经过 NumPy、`.numpy()`、`float()` 或 `model.predict`。
# - **得到什么**：`None`；如果目标本身不是张量，则是 `AttributeError`；如果两条路中只有一条离开，得到错误的数。
# - **原因**：梯度带只看得到 TensorFlow 的运算。
# - **改法**：改用 `tf` 或 `tf.math` 里的函数；要取出数值，等求完梯度再取。

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = np.sin(x)
with reporting():
    tape.gradient(y, x)

with tf.GradientTape() as tape:
    y = tf.constant(x.numpy()) ** 3
print("✗", tape.gradient(y, x))

with tf.GradientTape() as tape:
    y = x**2 * x.numpy()
print("✗", tape.gradient(y, x).numpy())

with tf.GradientTape() as tape:
    y = x**2 * x
print("✓", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P6
#
# **The name means another thing now**
#
# - **What was done:** wrote `w = w - step`, or `x = x + 1`.
# - **The result:** right the first time, `None` from then on.
# - **Why:** the name now belongs to a new tensor, which is not watched; the variable is left behind.
# - **Repair:** change the variable in place, `w.assign_sub(step)`.

# %% [markdown] lang="zh"
# ### P6
#
# **名字指向了别的东西**
#
# - **做了什么**：写了 `w = w - step` 或 `x = x + 1`。
# - **得到什么**：第一次是对的，以后都是 `None`。
# - **原因**：名字现在属于一个没人监视的新张量，原来的变量就丢了。
# - **改法**：原地修改变量：`w.assign_sub(step)`。

# %%
w = tf.Variable(2.0)
for _ in range(2):
    with tf.GradientTape() as tape:
        loss = (w - 1.0) ** 2
    gradient = tape.gradient(loss, w)
    print("✗", type(w).__name__, gradient)
    w = w - 0.1 * (0.0 if gradient is None else gradient)

w = tf.Variable(2.0)
for _ in range(2):
    with tf.GradientTape() as tape:
        loss = (w - 1.0) ** 2
    gradient = tape.gradient(loss, w)
    print("✓", gradient.numpy())
    w.assign_sub(0.1 * gradient)

# %% [markdown] lang="en"
# ### P7
#
# **An assignment on the way**
#
# - **What was done:** stored a result with `assign`, `assign_add`, `set_weights` or an optimizer's step, and differentiated through it.
# - **The result:** `None`.
# - **Why:** a variable keeps a number, not how it was computed.
# - **Repair:** compute with tensors; `tf.tensor_scatter_nd_update` changes entries (lesson [7](07_controlling_the_tape.ipynb)).

# %% [markdown] lang="zh"
# ### P7
#
# **途中的赋值**
#
# - **做了什么**：用 `assign`、`assign_add`、`set_weights` 或优化器的一步存下结果，再透过它求导。
# - **得到什么**：`None`。
# - **原因**：变量存的是数，不是它的计算过程。
# - **改法**：用张量计算；要修改元素，用 `tf.tensor_scatter_nd_update`（第 [7](07_controlling_the_tape.ipynb) 课）。

# %%
w, total = tf.Variable(2.0), tf.Variable(0.0)
with tf.GradientTape() as tape:
    for number in (1.0, 2.0, 3.0):
        total.assign_add((w * number) ** 2)
    loss = total / 3.0
print("✗", tape.gradient(loss, w))

with tf.GradientTape() as tape:
    total = 0.0
    for number in (1.0, 2.0, 3.0):
        total = total + (w * number) ** 2
    loss = total / 3.0
print("✓", tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# ### P8
#
# **One tape, used twice**
#
# - **What was done:** called `gradient` a second time on the same tape.
# - **The result:** `RuntimeError`.
# - **Why:** an ordinary tape lets go of its record with the first call.
# - **Repair:** one call with a list of sources; two tapes; or `persistent=True`.

# %% [markdown] lang="zh"
# ### P8
#
# **同一个梯度带求了两次**
#
# - **做了什么**：对同一个梯度带第二次调用 `gradient`。
# - **得到什么**：`RuntimeError`。
# - **原因**：普通梯度带在第一次调用后就释放了记录。
# - **改法**：一次调用，把源写成列表；用两个梯度带；或者 `persistent=True`。

# %%
x, y = tf.Variable(2.0), tf.Variable(3.0)
with tf.GradientTape() as tape:
    z = 3.0 * x**2 + 2.0 * y
tape.gradient(z, x)
with reporting():
    tape.gradient(z, y)

with tf.GradientTape() as tape:
    z = 3.0 * x**2 + 2.0 * y
print("✓", [g.numpy().item() for g in tape.gradient(z, [x, y])])

# %% [markdown] lang="en"
# ### P9
#
# **A persistent tape that stays**
#
# - **What was done:** kept a persistent tape (`persistent=True`) after its last use.
# - **The result:** right numbers, and every intermediate value stays in memory.
# - **Why:** the record is there for a further call.
# - **Repair:** `del tape` when done, or build the tape inside a function. (The cell prints whether an intermediate value still exists.)

# %% [markdown] lang="zh"
# ### P9
#
# **用完还留着的记录**
#
# - **做了什么**：持久梯度带（persistent）用完之后还留着。
# - **得到什么**：数值没错，但所有中间结果都留在内存里。
# - **原因**：记录要留着，以备再次调用。
# - **改法**：用完就 `del tape`，或者把梯度带写在函数里。（单元格打印一个中间结果是否还在。）

# %%
x = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    middle = tf.exp(x)
    y = middle * middle
kept = weakref.ref(middle)
del middle
tape.gradient(y, x)
print("✗", kept() is not None)

del tape
print("✓", kept() is not None)

# %% [markdown] lang="en"
# ### P10
#
# **The inner gradient outside the outer tape**
#
# - **What was done:** for a second derivative, called the inner `gradient` after both blocks.
# - **The result:** `None` for the second derivative.
# - **Why:** the outer tape has to record how the first derivative is computed.
# - **Repair:** indent the inner call into the outer block.

# %% [markdown] lang="zh"
# ### P10
#
# **内层梯度写到了外层梯度带外面**
#
# - **做了什么**：求二阶导数时，在两个块之后才调用内层的 `gradient`。
# - **得到什么**：二阶导数是 `None`。
# - **原因**：外层梯度带必须记录一阶导数的计算过程。
# - **改法**：把内层的调用缩进到外层的块里。

# %%
x = tf.Variable(2.0)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
first = inner_tape.gradient(y, x)
print("✗", outer_tape.gradient(first, x))

with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
    first = inner_tape.gradient(y, x)
print("✓", outer_tape.gradient(first, x).numpy())

# %% [markdown] lang="en"
# ### P11
#
# **Nothing connects them**
#
# - **What was done:** differentiated with respect to something that the target does not depend on.
# - **The result:** `None`, not 0.
# - **Why:** the derivative is 0; TensorFlow says `None`, since a missing connection is so often a mistake.
# - **Repair:** if there is meant to be none, `unconnected_gradients="zero"`.

# %% [markdown] lang="zh"
# ### P11
#
# **两者未连接**
#
# - **做了什么**：对目标并不依赖的量求导。
# - **得到什么**：`None`，不是 0。
# - **原因**：导数是 0；TensorFlow 给出 `None`，因为未连接往往是写错了。
# - **改法**：如果本来就与它无关，写 `unconnected_gradients="zero"`。

# %%
x, y = tf.Variable(2.0), tf.Variable(3.0)
with tf.GradientTape() as tape:
    z = 3.0 * x**2
print("✗", tape.gradient(z, y))

with tf.GradientTape() as tape:
    z = 3.0 * x**2
print("✓", tape.gradient(z, y, unconnected_gradients="zero").numpy())

# %% [markdown] lang="en"
# ### P12
#
# **A vector is summed**
#
# - **What was done:** took the `gradient` of a target with several entries.
# - **The result:** the derivatives of all entries, added up.
# - **Why:** a gradient has the shape of its source, so the entries of the target are added first.
# - **Repair:** `tape.jacobian` keeps them apart (lesson [8](08_jacobians_and_hessians.ipynb)).

# %% [markdown] lang="zh"
# ### P12
#
# **向量会被求和**
#
# - **做了什么**：目标有多个元素，却用了 `gradient`。
# - **得到什么**：各元素导数之和。
# - **原因**：梯度的形状与源相同，所以先把目标的各元素加起来。
# - **改法**：用 `tape.jacobian` 求雅可比矩阵，各元素分开（第 [8](08_jacobians_and_hessians.ipynb) 课）。

# %%
x = tf.Variable([1.0, 2.0])
with tf.GradientTape(persistent=True) as tape:
    y = tf.stack([x[0] * x[1], x[0] ** 2])
print("✗", tape.gradient(y, x).numpy())
print("✓", tape.jacobian(y, x).numpy().tolist())
del tape

# %% [markdown] lang="en"
# ### P13
#
# **A Jacobian the wrong way round**
#
# - **What was done:** multiplied a Jacobian from the wrong side, or read its axes in the wrong order.
# - **The result:** wrong numbers; no error if it is square.
# - **Why:** the target's axes come first, then the source's.
# - **Repair:** move one input a little and compare.

# %% [markdown] lang="zh"
# ### P13
#
# **雅可比矩阵用反了**
#
# - **做了什么**：把左乘、右乘弄反了，或者读反了雅可比矩阵的轴。
# - **得到什么**：错误的数；如果是方阵，连报错也没有。
# - **原因**：目标的轴在前，源的轴在后。
# - **改法**：把一个输入改变一点点，对比一下。


# %%
def q(p):
    return tf.stack([p[0] * p[1], p[0] + 10.0 * p[1]])


p, change = tf.constant([2.0, 3.0]), tf.constant([0.01, 0.0])
J = gt.jacobian(q, p)
print("✗", tf.linalg.matvec(J, change, transpose_a=True).numpy().round(3))
print("✓", tf.linalg.matvec(J, change).numpy().round(3))
print("q(p + Δp) - q(p) =", (q(p + change) - q(p)).numpy().round(3))

# %% [markdown] lang="en"
# ### P14
#
# **A Jacobian in a loop**
#
# - **What was done:** called `tape.jacobian` again and again in a Python loop.
# - **The result:** right numbers, slowly, and from the fifth call on a warning about retracing.
# - **Why:** each call traces a graph of its own; below, the traces are counted.
# - **Repair:** put the whole function into `tf.function`.

# %% [markdown] lang="zh"
# ### P14
#
# **循环里的雅可比矩阵**
#
# - **做了什么**：在 Python 循环里反复调用 `tape.jacobian`。
# - **得到什么**：数值没错，但很慢；从第五次调用起，还有 retracing 的警告。
# - **原因**：每次调用都重新构建一张计算图；下面数一数构建了几次。
# - **改法**：把整个函数放进 `tf.function`。

# %%
traced = []


@tf.custom_gradient
def counted(x):
    def backward(upstream):
        traced.append(1)
        return upstream

    return tf.identity(x), backward


def jacobian_at(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = counted(x) ** 2
    return tape.jacobian(y, x)


for function in (jacobian_at, tf.function(jacobian_at)):
    traced.clear()
    for _ in range(2):
        function(tf.constant([1.0, 2.0]))
    print("✗" if function is jacobian_at else "✓", len(traced))

# %% [markdown] lang="en"
# ## P15 to P28: numbers, operations and Keras
#
# ### P15
#
# **A stair or a switch on the way**
#
# - **What was done:** used `round`, `floor`, `argmax`, a comparison, a cast to whole numbers, or `sign`.
# - **The result:** `None`, with `sign` 0.
# - **Why:** these are constant nearly everywhere and jump in between: their derivative is 0 or does not exist.
# - **Repair:** a smooth function in its place, or a straight-through estimator.

# %% [markdown] lang="zh"
# ## P15 到 P28：数值、运算和 Keras
#
# ### P15
#
# **途中有台阶或开关**
#
# - **做了什么**：用了 `round`、`floor`、`argmax`、比较、转成整数，或 `sign`。
# - **得到什么**：`None`；`sign` 是 0。
# - **原因**：它们几乎处处是常量，中间突然一跳：导数是 0，或者不存在。
# - **改法**：换成光滑函数，或者用直通估计器（straight-through estimator, STE）。

# %%
steps = {
    "round": tf.round,
    "x > 2": lambda x: tf.cast(x > 2.0, tf.float32),
    "sign": tf.sign,
    "sigmoid": lambda x: tf.sigmoid(4.0 * (x - 2.0)),
    "straight through": lambda x: x + tf.stop_gradient(tf.round(x) - x),
}
x = tf.Variable(2.7)
for name, step in steps.items():
    with tf.GradientTape() as tape:
        y = step(x)
    gradient = tape.gradient(y, x)
    print(f"{name:16}", gradient if gradient is None else gradient.numpy().round(3))

# %% [markdown] lang="en"
# ### P16
#
# **A branch of tf.where that was not taken**
#
# - **What was done:** guarded `log(0)`, `1/0` or a root with `tf.where`.
# - **The result:** a right value, and `nan` for the gradient.
# - **Why:** both branches are computed and differentiated; the 0 that goes back to the other branch meets an infinite derivative.
# - **Repair:** make the input safe first: a second `where` inside the function.

# %% [markdown] lang="zh"
# ### P16
#
# **tf.where 中没有选中的分支**
#
# - **做了什么**：用 `tf.where` 来防 `log(0)`、`1/0` 或根号。
# - **得到什么**：值是对的，梯度是 `nan`。
# - **原因**：两个分支都会计算，也都会求导；传回另一个分支的 0 遇上无穷大的导数。
# - **改法**：先让输入安全：对函数的输入再套一个 `where`。


# %%
def guarded_log(x):
    return tf.where(x > 0.0, tf.math.log(x), 0.0)


def safe_log(x):
    return tf.where(x > 0.0, tf.math.log(tf.where(x > 0.0, x, 1.0)), 0.0)


for function in (guarded_log, safe_log):
    print(function.__name__, gt.value_and_gradient(function, 0.0)[1].numpy())
gt.draw_tape(guarded_log, 0.0)
plt.show()

# %% [markdown] lang="en"
# ### P17
#
# **A root or a norm at 0**
#
# - **What was done:** differentiated `tf.sqrt` or `tf.norm` at 0.
# - **The result:** `inf`, or `nan`.
# - **Why:** the derivative $1/(2\sqrt{x})$ is infinite there, and times 0 it is no number.
# - **Repair:** add a small number under the root (the value changes by a little, too).

# %% [markdown] lang="zh"
# ### P17
#
# **0 处的根号或范数**
#
# - **做了什么**：在 0 处对 `tf.sqrt` 或 `tf.norm` 求导。
# - **得到什么**：`inf` 或 `nan`。
# - **原因**：导数 $1/(2\sqrt{x})$ 在那里是无穷大，再乘以 0 就成了 `nan`。
# - **改法**：在根号里加一个很小的数（函数值也会略有改变）。


# %%
def safe_norm(x):
    return tf.sqrt(tf.reduce_sum(x**2) + 1e-12)


print("✗", gt.value_and_gradient(tf.sqrt, 0.0)[1].numpy())
print("✗", gt.value_and_gradient(tf.norm, [0.0, 0.0])[1].numpy())
print("✓", gt.value_and_gradient(safe_norm, [0.0, 0.0])[1].numpy())

# %% [markdown] lang="en"
# ### P18
#
# **Watching a variable of Keras 3**
#
# - **What was done:** called `tape.watch(layer.kernel)`.
# - **The result:** an error.
# - **Why:** a variable of Keras 3 wraps TensorFlow's; `watch` wants the one inside.
# - **Repair:** `tape.watch(layer.kernel.value)`.

# %% [markdown] lang="zh"
# ### P18
#
# **监视 Keras 3 的变量**
#
# - **做了什么**：写了 `tape.watch(layer.kernel)`。
# - **得到什么**：报错。
# - **原因**：Keras 3 的变量里面包着 TensorFlow 的变量，`watch` 要的是里面那个。
# - **改法**：`tape.watch(layer.kernel.value)`。

# %%
layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
layer.build((None, 2))
with tf.GradientTape(watch_accessed_variables=False) as tape:
    with reporting():
        tape.watch(layer.kernel)
    tape.watch(layer.kernel.value)
    y = tf.reduce_sum(layer(tf.constant([[1.0, 2.0]])))
print("✓", tape.gradient(y, layer.kernel.value).numpy().ravel())

# %% [markdown] lang="en"
# ### P19
#
# **A weight that is in no list**
#
# - **What was done:** gave a layer of Keras 3 a `tf.Variable` as an attribute.
# - **The result:** it is not in `trainable_variables`, and is silently not trained.
# - **Why:** Keras 3 lists its own variables only.
# - **Repair:** `self.add_weight(...)`, or a `tf.Module`.

# %% [markdown] lang="zh"
# ### P19
#
# **不在任何列表里的权重**
#
# - **做了什么**：把 `tf.Variable` 设为 Keras 3 层的属性。
# - **得到什么**：它不在 `trainable_variables` 里，不会被训练，也没有提示。
# - **原因**：Keras 3 只登记自己的变量。
# - **改法**：用 `self.add_weight(...)`，或者用 `tf.Module`。


# %%
class Gain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = tf.Variable(1.0)


class TrainedGain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = self.add_weight(initializer="ones", name="gain")


print("✗", len(Gain().trainable_variables))
print("✓", len(TrainedGain().trainable_variables))

# %% [markdown] lang="en"
# ### P20
#
# **A list that holds too much**
#
# - **What was done:** differentiated with respect to `model.variables`.
# - **The result:** `None` for some, such as the running mean of a normalisation layer.
# - **Why:** these are not trained but assigned; the tape does not watch them.
# - **Repair:** `model.trainable_variables`.

# %% [markdown] lang="zh"
# ### P20
#
# **列表里的东西太多**
#
# - **做了什么**：对 `model.variables` 求导。
# - **得到什么**：有几个是 `None`，比如归一化层的滑动平均。
# - **原因**：它们不参与训练，只靠赋值更新；梯度带不监视它们。
# - **改法**：用 `model.trainable_variables`。

# %%
model = tf.keras.Sequential(
    [tf.keras.layers.Dense(2), tf.keras.layers.BatchNormalization()]
)
model.build((None, 3))
for variables in (model.variables, model.trainable_variables):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(tf.ones((4, 3)), training=True) - 1.0) ** 2)
    gradients = tape.gradient(loss, variables)
    print(len(gradients), "- None:", sum(g is None for g in gradients))

# %% [markdown] lang="en"
# ### P21
#
# **An optimizer that knows other variables**
#
# - **What was done:** gave one Keras optimizer new variables.
# - **The result:** `ValueError`: unknown variable.
# - **Why:** an optimizer is built for the variables that it meets first.
# - **Repair:** a new optimizer, or `optimizer.build` with all of them.

# %% [markdown] lang="zh"
# ### P21
#
# **优化器认识的是别的变量**
#
# - **做了什么**：把新的变量交给了用过的 Keras 优化器。
# - **得到什么**：`ValueError`：变量不认识。
# - **原因**：优化器按最先遇到的变量建立。
# - **改法**：换一个新的优化器，或者用 `optimizer.build` 一次登记全部变量。

# %%
first, second = tf.Variable(1.0), tf.Variable(1.0)
one = tf.constant(1.0)
optimizer = tf.keras.optimizers.SGD(0.1)
optimizer.apply_gradients([(one, first)])
with reporting():
    optimizer.apply_gradients([(one, second)])

optimizer = tf.keras.optimizers.SGD(0.1)
optimizer.build([first, second])
optimizer.apply_gradients([(one, first)])
optimizer.apply_gradients([(one, second)])
print("✓", second.numpy().round(1))

# %% [markdown] lang="en"
# ### P22
#
# **An operation without a rule**
#
# - **What was done:** used an operation for which TensorFlow has no gradient, or no second one.
# - **The result:** `LookupError`, or `None`.
# - **Why:** nobody has registered how to differentiate it.
# - **Repair:** another operation that does the same, or `tf.custom_gradient`.

# %% [markdown] lang="zh"
# ### P22
#
# **没有求导法则的运算**
#
# - **做了什么**：用了 TensorFlow 没有求导法则（或没有二阶求导法则）的运算。
# - **得到什么**：`LookupError` 或 `None`。
# - **原因**：没有登记过它怎样求导。
# - **改法**：换一个作用相同的运算，或者用 `tf.custom_gradient`。

# %%
classes = tf.constant([0, 1, 0])
weights = tf.Variable([1.0, 2.0, 3.0])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.math.bincount(classes, weights=weights) ** 2)
with reporting():
    tape.gradient(loss, weights)

with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.math.unsorted_segment_sum(weights, classes, 2) ** 2)
print("✓", tape.gradient(loss, weights).numpy())

# %% [markdown] lang="en"
# ### P23
#
# **None or 0, by the way it is written**
#
# - **What was done:** differentiated `x * x` three times.
# - **The result:** `None`, where `x ** 2` gives 0.
# - **Why:** the second derivative of `x * x` is a plain 2 without a record; that of `x ** 2` goes on multiplying by 0.
# - **Repair:** know it; `unconnected_gradients="zero"` makes the `None` a 0. (At $x = 0$, `x ** 2` gives `nan` all the same: $0 \cdot \infty$.)

# %% [markdown] lang="zh"
# ### P23
#
# **写法不同，None 或 0**
#
# - **做了什么**：对 `x * x` 求了三次导。
# - **得到什么**：`None`，而 `x ** 2` 给出 0。
# - **原因**：`x * x` 的二阶导数是没有记录的常数 2；`x ** 2` 的还会继续乘以 0。
# - **改法**：知道就好；`unconnected_gradients="zero"` 使 `None` 变成 0。（在 $x = 0$ 处，`x ** 2` 仍是 `nan`，即 $0 \cdot \infty$。）


# %%
def derivative(f, x, order, **options):
    if order == 0:
        return f(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = derivative(f, x, order - 1, **options)
    return tape.gradient(y, x, **options)


x = tf.constant(1.0)
print("✗", derivative(lambda x: x * x, x, 3))
print("x ** 2 :", derivative(lambda x: x**2, x, 3).numpy())
zero = {"unconnected_gradients": "zero"}
print("✓", derivative(lambda x: x * x, x, 3, **zero).numpy())
print("x = 0  :", derivative(lambda x: x**2, tf.constant(0.0), 3, **zero).numpy())

# %% [markdown] lang="en"
# ### P24
#
# **A kink or a tie**
#
# - **What was done:** differentiated `abs` at 0, or `maximum` of two equal numbers.
# - **The result:** a number by convention: 0 for `abs`, 1 and 0 for `maximum`, shared for `reduce_max`.
# - **Why:** two derivatives meet there, and neither is the right one.
# - **Repair:** know the convention; where it matters, a smooth function such as `reduce_logsumexp` (its value is larger than the maximum, by up to $\ln n$ for $n$ numbers).

# %% [markdown] lang="zh"
# ### P24
#
# **尖点，或几个数相等**
#
# - **做了什么**：在 0 处对 `abs` 求导，或者对两个相等的数求 `maximum` 的导数。
# - **得到什么**：按约定的数：`abs` 是 0，`maximum` 是 1 和 0，`reduce_max` 平分。
# - **原因**：两侧的导数不同，哪个都不算对。
# - **改法**：了解约定；要紧的话，换成光滑的函数，比如 `reduce_logsumexp`（它的值比最大值大，$n$ 个数时最多大 $\ln n$）。

# %%
ties = {
    "abs(a - b)": lambda a, b: tf.abs(a - b),
    "maximum": tf.maximum,
    "reduce_max": lambda a, b: tf.reduce_max(tf.stack([a, b])),
    "reduce_logsumexp": lambda a, b: tf.reduce_logsumexp(tf.stack([a, b])),
}
a, b = tf.Variable(2.0), tf.Variable(2.0)
for name, function in ties.items():
    with tf.GradientTape() as tape:
        y = function(a, b)
    print(f"{name:16}", [abs(g.numpy().item()) for g in tape.gradient(y, [a, b])])

# %% [markdown] lang="en"
# ### P25
#
# **The moment of recording**
#
# - **What was done:** assigned to a variable between the forward pass and `gradient`.
# - **The result:** the gradient at the old value.
# - **Why:** the record keeps the values of the forward pass.
# - **Repair:** it is right; for the new value, compute again.

# %% [markdown] lang="zh"
# ### P25
#
# **记录的那一刻**
#
# - **做了什么**：在前向传播之后、`gradient` 之前给变量赋了值。
# - **得到什么**：旧值处的梯度。
# - **原因**：记录里保存的是前向传播时的值。
# - **改法**：这并没有错；要新值处的梯度，就重新计算。

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
x.assign(10.0)
print("✗", tape.gradient(y, x).numpy())

with tf.GradientTape() as tape:
    y = x**2
print("✓", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P26
#
# **The check is wrong, not the tape**
#
# - **What was done:** compared with a finite difference in float32 with a tiny step.
# - **The result:** noise: for $x^4$ at 3, where 108 is right, 0 at $10^{-7}$.
# - **Why:** two nearly equal numbers are subtracted, and only their rounding errors are left.
# - **Repair:** `gt.check_gradients`, which takes float64 and a step that suits it.

# %% [markdown] lang="zh"
# ### P26
#
# **错的是验算，不是梯度带**
#
# - **做了什么**：在 float32 下用极小的步长求有限差分（数值微分），拿来对比。
# - **得到什么**：全是误差：$x^4$ 在 3 处应为 108，步长 $10^{-7}$ 时得到 0。
# - **原因**：两个几乎相等的数相减，剩下的只有舍入误差。
# - **改法**：用 `gt.check_gradients`，它采用 float64 和合适的步长。


# %%
def fourth_power(x):
    return (x * x) * (x * x)


x = tf.constant(3.0)
for h in (1e-2, 1e-7):
    difference = (fourth_power(x + h) - fourth_power(x - h)) / (2.0 * h)
    print(f"h = {h:.0e}: {difference.numpy():.0f}")
print("✓", bool(gt.check_gradients(fourth_power, 3.0)))
gt.plot_step_error(fourth_power, at=3.0)
plt.show()

# %% [markdown] lang="en"
# ### P27
#
# **Flat ground**
#
# - **What was done:** sent values into the flat part of ReLU or of a sigmoid.
# - **The result:** 0, or nearly 0, everywhere; nothing is learned.
# - **Why:** the function is flat there, and its derivative is 0: dead, or saturated.
# - **Repair:** another activation or scale; a loss that takes logits.

# %% [markdown] lang="zh"
# ### P27
#
# **平坦的地方**
#
# - **做了什么**：输入落在 ReLU 或 sigmoid 的平坦部分。
# - **得到什么**：处处为 0 或接近 0，什么也学不到。
# - **原因**：函数在那里是平的，导数为 0：ReLU 死亡，或者饱和。
# - **改法**：换激活函数，或者调整数值范围；用直接接收 logits 的损失函数。

# %%
x = tf.Variable([-2.0, 20.0])
with tf.GradientTape(persistent=True) as tape:
    flat = tf.stack([tf.nn.relu(x[0]), tf.sigmoid(x[1])])
    sloped = tf.stack([tf.nn.leaky_relu(x[0]), tf.math.softplus(x[1])])
print("✗", tape.gradient(flat, x).numpy().round(6))
print("✓", tape.gradient(sloped, x).numpy().round(6))
del tape

fig, (left, right) = plt.subplots(1, 2)
gt.plot_derivatives(tf.nn.relu, (-3.0, 3.0), order=1, mark=(), ax=left)
gt.plot_derivatives(tf.sigmoid, (-25.0, 25.0), order=1, mark=(), ax=right)
left.axvline(-2.0, color="C3", linestyle=":")
right.axvline(20.0, color="C3", linestyle=":")
plt.show()

# %% [markdown] lang="en"
# ### P28
#
# **A GPU that is not found**
#
# - **What was done:** used a GPU on native Windows.
# - **The result:** no GPU, since TensorFlow 2.11.
# - **Why:** TensorFlow for native Windows is built for the CPU only.
# - **Repair:** WSL2, with TensorFlow for Linux inside it; the gradients are the same on both.

# %% [markdown] lang="zh"
# ### P28
#
# **找不到 GPU**
#
# - **做了什么**：在 Windows 上直接使用 GPU。
# - **得到什么**：从 TensorFlow 2.11 起找不到 GPU。
# - **原因**：用于 Windows 的 TensorFlow 只支持 CPU。
# - **改法**：用 WSL2，在其中安装 Linux 版的 TensorFlow；两种设备上的梯度相同。

# %%
x = tf.Variable(3.0)
with tf.device("CPU:0"), tf.GradientTape() as tape:
    y = x**4
print(y.device[-5:], tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ## P29 to P43: seen in real programs
#
# ### P29
#
# **No tensor that took part**
#
# - **What was done:** differentiated with respect to `model.input`, a layer's output, a model, or `get_weights()`.
# - **The result:** an error, or `None`.
# - **Why:** they describe a model or are copies of its numbers; the calculation ran with other tensors.
# - **Repair:** watch the tensor that you feed; `model.trainable_variables` for the weights.

# %% [markdown] lang="zh"
# ## P29 到 P43：真实程序里见到的
#
# ### P29
#
# **求导的对象没有参与计算**
#
# - **做了什么**：对 `model.input`、层的输出、模型或 `get_weights()` 求导。
# - **得到什么**：报错，或者 `None`。
# - **原因**：它们描述模型，或者只是数值的副本；实际计算用的是别的张量。
# - **改法**：监视输入的那个张量；权重用 `model.trainable_variables`。

# %%
inputs = tf.keras.Input((2,))
model = tf.keras.Model(
    inputs, tf.keras.layers.Dense(1, kernel_initializer="ones")(inputs)
)
image = tf.constant([[1.0, 2.0]])
with tf.GradientTape() as tape:
    score = model(image)
with reporting():
    print("✗", tape.gradient(score, model.input))

with tf.GradientTape() as tape:
    tape.watch(image)
    score = model(image)
print("✓", tape.gradient(score, image).numpy())

# %% [markdown] lang="en"
# ### P30
#
# **Target and source exchanged**
#
# - **What was done:** wrote `tape.gradient(x, y)`.
# - **The result:** `None`.
# - **Why:** `x` was not computed from `y`.
# - **Repair:** the target first: what is differentiated, then by what.

# %% [markdown] lang="zh"
# ### P30
#
# **目标和源写反了**
#
# - **做了什么**：写成了 `tape.gradient(x, y)`。
# - **得到什么**：`None`。
# - **原因**：`x` 不是由 `y` 算出来的。
# - **改法**：目标在前：先写被求导的函数值（`y`），再写自变量（`x`）。

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
print("✗", tape.gradient(x, y))

with tf.GradientTape() as tape:
    y = x**2
print("✓", tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P31
#
# **No source at all**
#
# - **What was done:** differentiated with respect to an empty list: `trainable_variables` of a model that was not built yet, or is frozen.
# - **The result:** an empty list, and an error from the optimizer.
# - **Why:** the list was read before there was anything in it, or everything in it is frozen.
# - **Repair:** build or call the model first; unfreeze what is to be trained.

# %% [markdown] lang="zh"
# ### P31
#
# **一个源也没有**
#
# - **做了什么**：对空列表求导：模型还没有建立，或者已经冻结，它的 `trainable_variables` 是空的。
# - **得到什么**：得到空列表，随后优化器报错。
# - **原因**：取列表时模型还没有建立，列表是空的；或者全部冻结了。
# - **改法**：先建立或调用一次模型；要训练的先解冻。

# %%
data = tf.constant([[1.0, 2.0]])
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
print("✗", len(model.trainable_variables))
model.build((None, 2))
print("✓", len(model.trainable_variables))

# %% [markdown] lang="en"
# ### P32
#
# **A tape asked inside its own block**
#
# - **What was done:** called `gradient` inside the tape's own block, for a second derivative.
# - **The result:** persistent: right, with a warning, and a growing record; not persistent: `RuntimeError` the second time.
# - **Why:** the tape records its own backward pass; an ordinary one is used up.
# - **Repair:** a second tape around it (lesson [4](04_higher_order_derivatives.ipynb)).

# %% [markdown] lang="zh"
# ### P32
#
# **在自己的块里求梯度**
#
# - **做了什么**：为求二阶导数，在梯度带自己的块里调用 `gradient`。
# - **得到什么**：持久梯度带：结果对，但有警告，记录越来越长；普通梯度带：第二次调用时 `RuntimeError`。
# - **原因**：梯度带把自己的反向传播也记录下来；普通梯度带则已用完。
# - **改法**：外面再套一个梯度带（第 [4](04_higher_order_derivatives.ipynb) 课）。

# %%
x = tf.Variable(2.0)
with tf.GradientTape() as tape:
    y = x**3
    first = tape.gradient(y, x)
with reporting():
    tape.gradient(first, x)

with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
    first = inner_tape.gradient(y, x)
print("✓", outer_tape.gradient(first, x).numpy())

# %% [markdown] lang="en"
# ### P33
#
# **In another thread, or in a replica**
#
# - **What was done:** computed in another thread, or in `strategy.run`, under a tape outside.
# - **The result:** `None`.
# - **Why:** a tape records the thread of its own block only.
# - **Repair:** put the tape, block and `gradient` call, into the function that runs there.

# %% [markdown] lang="zh"
# ### P33
#
# **在另一个线程或副本里**
#
# - **做了什么**：梯度带在外面，计算在另一个线程或 `strategy.run` 里进行。
# - **得到什么**：`None`。
# - **原因**：梯度带只记录自己的块所在的线程。
# - **改法**：把整个梯度带（块和 `gradient` 的调用）放进在那里运行的函数。

# %%
x = tf.Variable(2.0)
results = {}


def outside():
    results["y"] = x**3


def inside():
    with tf.GradientTape() as tape:
        y = x**3
    results["gradient"] = tape.gradient(y, x)


with tf.GradientTape() as tape:
    thread = threading.Thread(target=outside)
    thread.start()
    thread.join()
print("✗", tape.gradient(results["y"], x))

thread = threading.Thread(target=inside)
thread.start()
thread.join()
print("✓", results["gradient"].numpy())

# %% [markdown] lang="en"
# ### P34
#
# **Through a dataset**
#
# - **What was done:** sent the source through `tf.data`, or looped over a dataset inside `tf.function`.
# - **The result:** `None`.
# - **Why:** a dataset is a pipeline of its own, and a loop over it in a graph is one operation without a rule.
# - **Repair:** index the tensor; loop in eager execution, or over tensors.

# %% [markdown] lang="zh"
# ### P34
#
# **经过了数据集**
#
# - **做了什么**：让源经过 `tf.data`，或者在 `tf.function` 里对数据集循环。
# - **得到什么**：`None`。
# - **原因**：数据集是另一条流水线；在计算图里对它循环，是一个没有求导法则的运算。
# - **改法**：直接用下标取张量；在即时执行（eager execution，即动态图）下循环，或者对张量循环。

# %%
numbers = tf.constant([1.0, 2.0, 3.0])
with tf.GradientTape() as tape:
    tape.watch(numbers)
    total = 0.0
    for number in tf.data.Dataset.from_tensor_slices(numbers):
        total += number**2
print("✗", tape.gradient(total, numbers))

with tf.GradientTape() as tape:
    tape.watch(numbers)
    total = 0.0
    for place in range(3):
        total += numbers[place] ** 2
print("✓", tape.gradient(total, numbers).numpy())

# %% [markdown] lang="en"
# ### P35
#
# **NumPy inside py_function**
#
# - **What was done:** called a function of NumPy inside `tf.py_function`.
# - **The result:** 0, not `None`.
# - **Why:** `py_function` differentiates what TensorFlow does inside it, and NumPy leaves nothing to differentiate.
# - **Repair:** TensorFlow's function inside, or `tf.custom_gradient` (lesson [7](07_controlling_the_tape.ipynb)).

# %% [markdown] lang="zh"
# ### P35
#
# **py_function 里用了 NumPy**
#
# - **做了什么**：在 `tf.py_function` 里调用 NumPy 函数。
# - **得到什么**：是 0，不是 `None`。
# - **原因**：`py_function` 对里面 TensorFlow 的运算求导，而 NumPy 没有留下可求导的东西。
# - **改法**：里面改用 TensorFlow 的函数，或者用 `tf.custom_gradient`（第 [7](07_controlling_the_tape.ipynb) 课）。

# %%
x = tf.Variable(3.0)
for square in (np.square, tf.square):
    with tf.GradientTape() as tape:
        y = tf.py_function(lambda v: square(v), [x], tf.float32)
    print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P36
#
# **The gradient of an embedding**
#
# - **What was done:** took `.numpy()` of the gradient of an embedding, or of `tf.gather`.
# - **The result:** `AttributeError`: it is a `tf.IndexedSlices`.
# - **Why:** only the rows that were looked up are stored, with their numbers.
# - **Repair:** `tf.convert_to_tensor(gradient)`; an optimizer takes it as it is.

# %% [markdown] lang="zh"
# ### P36
#
# **嵌入层的梯度**
#
# - **做了什么**：对嵌入层或 `tf.gather` 的梯度取 `.numpy()`。
# - **得到什么**：`AttributeError`：它是 `tf.IndexedSlices`。
# - **原因**：只存了查过的那几行，连同行号。
# - **改法**：`tf.convert_to_tensor(gradient)`；优化器可以直接接收。

# %%
table = tf.Variable(tf.ones([4, 2]))
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.gather(table, [1, 1, 3]))
gradient = tape.gradient(loss, table)
with reporting():
    gradient.numpy()

print("✓", tf.convert_to_tensor(gradient).numpy().tolist())

# %% [markdown] lang="en"
# ### P37
#
# **Complex numbers**
#
# - **What was done:** differentiated a complex result.
# - **The result:** $2\bar z = 2 - 4i$ for $z^2$ at $1 + 2i$, the conjugate of what one expects.
# - **Why:** TensorFlow returns the gradient of the real part, written as a complex number; for a holomorphic function that is the conjugate of the derivative. Descent goes against it.
# - **Repair:** differentiate a real function, such as a squared length.

# %% [markdown] lang="zh"
# ### P37
#
# **复数**
#
# - **做了什么**：对复数结果求导。
# - **得到什么**：$z^2$ 在 $1 + 2i$ 处得到 $2\bar z = 2 - 4i$，是预想结果的共轭。
# - **原因**：TensorFlow 返回的是实部的梯度，写成一个复数；对全纯函数来说，就是导数的共轭。下降时逆着它走。
# - **改法**：对实值函数求导，比如模的平方。

# %%
z = tf.constant(1.0 + 2.0j)
for function in (lambda z: z**2, lambda z: tf.abs(z) ** 2):
    with tf.GradientTape() as tape:
        tape.watch(z)
        y = function(z)
    print(np.round(tape.gradient(y, z).numpy(), 3))

# %% [markdown] lang="en"
# ### P38
#
# **The range of float16**
#
# - **What was done:** let values, or a gradient, pass through float16.
# - **The result:** 0 below about $3 \cdot 10^{-8}$, `inf` from 65520 on, on the way back also where the loss is finite.
# - **Why:** the smallest number of float16 is about $6 \cdot 10^{-8}$, and less than half of it is rounded to 0; the largest is 65504.
# - **Repair:** multiply the loss, divide the gradient (loss scaling); or bfloat16, or float32.

# %% [markdown] lang="zh"
# ### P38
#
# **float16 的范围**
#
# - **做了什么**：让数值或梯度经过 float16。
# - **得到什么**：小于约 $3 \cdot 10^{-8}$ 就成了 0，从 65520 起就成了 `inf`；反向时，即使损失是有限的也会这样。
# - **原因**：float16 最小的正数约为 $6 \cdot 10^{-8}$，不到它一半的数舍入成 0；最大的数是 65504。
# - **改法**：先放大损失，再把梯度缩小（损失缩放）；或者用 bfloat16、float32。

# %%
w = tf.constant(1.0, tf.float16)
for scale in (1.0, 2.0**15):
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = tf.cast(w, tf.float32) * 1e-8 * scale
    print(f"{tf.cast(tape.gradient(loss, w), tf.float32) / scale:.1e}")

# %% [markdown] lang="en"
# ### P39
#
# **A rule that is wrong or arbitrary there**
#
# - **What was done:** used `cumprod` with a 0 among the numbers, or eigenvectors of equal eigenvalues.
# - **The result:** 0 or `nan`, or some number that means nothing.
# - **Why:** the rule divides by the entries, or by differences of eigenvalues.
# - **Repair:** another formula, such as `tf.reduce_prod`; check with `gt.check_gradients`.

# %% [markdown] lang="zh"
# ### P39
#
# **求导法则在该点失效**
#
# - **做了什么**：`cumprod` 的数里有 0，或者用了特征值相等时的特征向量。
# - **得到什么**：0 或 `nan`，或者没有意义的数。
# - **原因**：求导法则要除以各个元素，或者除以特征值之差。
# - **改法**：换一个公式，比如 `tf.reduce_prod`；用 `gt.check_gradients` 检验。

# %%
x = tf.constant([2.0, 0.0, 3.0])
for function in (lambda x: tf.math.cumprod(x)[-1], tf.reduce_prod):
    agrees = bool(gt.check_gradients(function, x))
    print(gt.value_and_gradient(function, x)[1].numpy(), agrees)

# %% [markdown] lang="en"
# ### P40
#
# **An error on the way back only**
#
# - **What was done:** took `det` of a singular matrix, or `qr` of a tall matrix with `full_matrices=True`.
# - **The result:** a value forwards, an error from `tape.gradient`.
# - **Why:** the rule needs an inverse that is not there, or is written for another form only.
# - **Repair:** another form: the determinant written out, `full_matrices=False`.

# %% [markdown] lang="zh"
# ### P40
#
# **只在反向传播时出错**
#
# - **做了什么**：对奇异矩阵求 `det`，或者对行多于列的矩阵用 `qr` 时写了 `full_matrices=True`。
# - **得到什么**：前向有值，`tape.gradient` 报错。
# - **原因**：求导法则要用到并不存在的逆矩阵，或者只实现了另一种形式。
# - **改法**：换一种形式：把行列式展开，或者 `full_matrices=False`。

# %%
M = tf.constant([[1.0, 2.0], [2.0, 4.0]])
for function in (tf.linalg.det, lambda m: m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]):
    with tf.GradientTape() as tape:
        tape.watch(M)
        value = function(M)
    with reporting():
        print(tape.gradient(value, M).numpy().tolist())

# %% [markdown] lang="en"
# ### P41
#
# **Made of straight pieces**
#
# - **What was done:** needed a second derivative of a network with ReLU.
# - **The result:** 0 everywhere, or `None`.
# - **Why:** ReLU consists of straight pieces, which do not bend.
# - **Repair:** a smooth activation: tanh, softplus, swish.

# %% [markdown] lang="zh"
# ### P41
#
# **由直线段组成**
#
# - **做了什么**：对用了 ReLU 的网络求二阶导数。
# - **得到什么**：处处为 0，或者 `None`。
# - **原因**：ReLU 由直线段组成，没有弯曲。
# - **改法**：换成光滑的激活函数：tanh、softplus、swish。

# %%
for activation in (tf.nn.relu, tf.math.softplus):
    print(gt.derivatives(activation, 1.0, order=2)[2].numpy().round(3))

# %% [markdown] lang="en"
# ### P42
#
# **Frozen, and watched all the same**
#
# - **What was done:** set `layer.trainable = False` in Keras 3.
# - **The result:** the tape still watches the layer's variables.
# - **Why:** the flag empties the layer's list; TensorFlow's variables inside stay trainable.
# - **Repair:** differentiate by the list that you want, `model.trainable_variables`.

# %% [markdown] lang="zh"
# ### P42
#
# **冻结了，仍受监视**
#
# - **做了什么**：在 Keras 3 里设了 `layer.trainable = False`。
# - **得到什么**：梯度带仍然监视这一层的变量。
# - **原因**：这个属性只是清空了层的列表，里面 TensorFlow 的变量仍是可训练的。
# - **改法**：对想要的列表求导：`model.trainable_variables`。

# %%
layer = tf.keras.layers.Dense(1)
layer.build((None, 2))
layer.trainable = False
with tf.GradientTape() as tape:
    y = tf.reduce_sum(layer(tf.ones([1, 2])))
print("✗", len(tape.watched_variables()))
print("✓", len(tape.gradient(y, layer.trainable_variables)))

# %% [markdown] lang="en"
# ### P43
#
# **A record that was thrown away**
#
# - **What was done:** called `tape.reset()` inside the block.
# - **The result:** `None` for what came before it.
# - **Why:** `reset` clears the record, and what was watched by `tape.watch`.
# - **Repair:** no reset between, or a tape of its own for each part.

# %% [markdown] lang="zh"
# ### P43
#
# **记录被清除了**
#
# - **做了什么**：在块里调用了 `tape.reset()`。
# - **得到什么**：之前的部分都是 `None`。
# - **原因**：`reset` 清空记录，也清除 `tape.watch` 的监视。
# - **改法**：中间不要清空，或者每部分各用一个梯度带。

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
    tape.reset()
    z = 2.0 * y
print("✗", tape.gradient(z, x))

with tf.GradientTape() as tape:
    y = x**2
    z = 2.0 * y
print("✓", tape.gradient(z, x).numpy())

# %% [markdown] lang="en"
# ## Without a number
#
# ### A function that returns nothing
#
# - **What was done:** a loss function without `return`, or with `return` in one branch only.
# - **The result:** `TypeError` from `tape.gradient`: the target that it received is `None`.
# - **Why:** a Python function without `return` returns `None`, and `None` is no tensor.
# - **Repair:** return the loss.

# %% [markdown] lang="zh"
# ## 没有编号的
#
# ### 没有返回值的函数
#
# - **做了什么**：损失函数没有写 `return`，或者只在一个分支里写了。
# - **得到什么**：`tape.gradient` 抛出 `TypeError`：它收到的目标是 `None`。
# - **原因**：没有 `return` 的 Python 函数返回 `None`，而 `None` 不是张量。
# - **改法**：返回损失。

# %%
w = tf.Variable(2.0)


def loss_without_return():
    loss = (w - 1.0) ** 2


def loss_with_return():
    return (w - 1.0) ** 2


with tf.GradientTape() as tape:
    loss = loss_without_return()
with reporting():
    tape.gradient(loss, w)

with tf.GradientTape() as tape:
    loss = loss_with_return()
print("✓", tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# ### Values that are not finite
#
# - **What was done:** computed something whose *value* is already `inf` or `nan`: `acos(2)`, an exponential that is too large, data with holes.
# - **The result:** often `nan` or `inf` for the gradient.
# - **Why:** local derivatives there are often infinite or `nan`, and $\infty \cdot 0$ is `nan`; a step such as `x + inf` passes a gradient of 1, and the value stays useless.
# - **Repair:** find the first such value, with `tf.debugging.check_numerics`, and mend the formula or the data.

# %% [markdown] lang="zh"
# ### 不是有限数的值
#
# - **做了什么**：算出的**值**就已经是 `inf` 或 `nan`：`acos(2)`、过大的指数、有缺失的数据。
# - **得到什么**：梯度往往是 `nan` 或 `inf`。
# - **原因**：那里的局部导数往往是无穷大或 `nan`，而 $\infty \cdot 0$ 就是 `nan`；`x + inf` 这样的步骤虽然传回 1，值却没有用。
# - **改法**：用 `tf.debugging.check_numerics` 找到第一个这样的值，再修改公式或数据。


# %%
def naive(x):
    return tf.math.log(1.0 + tf.exp(x))


for function in (naive, tf.math.softplus):
    value, gradient = gt.value_and_gradient(function, tf.constant(100.0))
    print(f"{function.__name__:8}", value.numpy(), gradient.numpy())

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("12")

# %% [markdown] lang="en"
# ## Recap
#
# - The number that `gt.explain_gradient` names is a heading here; a link ends with it, as in `12_the_pitfalls_one_by_one.ipynb#P5`.
# - If you have a symptom and no number, begin with the table at the top.
#
# Back to [11 · Gradients at work](11_gradients_at_work.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - `gt.explain_gradient` 指出的编号就是这里的标题；链接以它结尾，如 `12_the_pitfalls_one_by_one.ipynb#P5`。
# - 只有现象、没有编号时，从开头的表查起。
#
# 上一课：[11 · 梯度的用武之地](11_gradients_at_work.ipynb)
