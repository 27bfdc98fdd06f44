# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 65
#     teaches:
#       en: forward and backward products, Jacobians and their blocks, Hessians, per-example gradients
#       zh: 前向与反向乘积、雅可比矩阵及其分块、黑塞矩阵、逐样本梯度
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 8 · Jacobians and Hessians
#
# With several inputs and several outputs a derivative is a table, the **Jacobian**. A tape never computes this table in one go. It computes products with it, and so does forward mode, its counterpart. Whoever knows the two products knows what a Jacobian costs, why a Hessian can often be avoided, and what `batch_jacobian` leaves out.
#
# By the end you will be able to
#
# - compute a Jacobian-vector product and a vector-Jacobian product, and say which is a column and which is a row;
# - decide which of the two builds a Jacobian with fewer passes;
# - read a Jacobian's axes and blocks, and know when `batch_jacobian` is allowed;
# - multiply by a Hessian without building it;
# - in optional sections: get the gradient of each example of a batch, find the largest curvature of a network's loss, use Newton's method in several variables, and write forward mode yourself.
#
# You need lessons [3](03_several_variables.ipynb) and [4](04_higher_order_derivatives.ipynb), and from linear algebra the product of a matrix and a vector. The core takes about 45 minutes to read, the sections marked *optional* another 65; the exercises come on top, and the page of puzzles as long as you like.

# %% [markdown] lang="zh"
# # 8 · 雅可比矩阵和黑塞矩阵
#
# 输入和输出都有好几个时，导数是一张表，叫**雅可比矩阵（Jacobian）**。梯度带（gradient tape，也译梯度磁带、求导记录器）从不一次算出整张表，它算的是与这张表的乘积；与它相对的前向模式（forward mode）也是这样。弄清这两种乘积，就知道雅可比矩阵的代价有多大，为什么常常不必求出黑塞矩阵（Hessian，又译海森矩阵），以及 `batch_jacobian` 略去了什么。
#
# 学完这一课，你能够
#
# - 求雅可比-向量积和向量-雅可比积，说清哪个给出一列，哪个给出一行；
# - 判断用哪一种拼出雅可比矩阵更省；
# - 看懂雅可比矩阵的轴和分块，知道什么时候可以用 `batch_jacobian`；
# - 不求黑塞矩阵就算出它与向量的乘积；
# - 在选学的几节里：求出一批样本中每个样本各自的梯度，找出网络损失的最大曲率，把牛顿法用到多个变量，自己写出前向模式。
#
# 请先学完第 [3](03_several_variables.ipynb) 课和第 [4](04_higher_order_derivatives.ipynb) 课；线性代数只需要矩阵与向量的乘法。核心部分大约需要 45 分钟，标着“选学”的几节另需 65 分钟，练习的时间另算，后面那一组小题花多少时间随你。

# %%
import collections

import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("08", lang="en")

# %% [markdown] lang="en"
# ## A column and a row
#
# Take $f(v) = (v_0^2 v_1,\; 5v_0 + \sin v_1)$ at $v = (2, 3)$: two inputs, two outputs. `tf.autodiff.ForwardAccumulator` runs forwards. It is told a direction in which the input moves, and says how the outputs move. The tape runs backwards. It is told a weight for each output (`output_gradients`), and says what the weighted sum gets from each input.

# %% [markdown] lang="zh"
# ## 一列与一行
#
# 取 $f(v) = (v_0^2 v_1,\; 5v_0 + \sin v_1)$，在 $v = (2, 3)$ 处：两个输入，两个输出。`tf.autodiff.ForwardAccumulator` 从前往后算：告诉它输入沿哪个方向变化，它给出各个输出怎样变化。梯度带从后往前算：给每个输出一个权重（`output_gradients`），它给出加权和对各个输入的导数。


# %%
def f(v):
    return tf.stack([v[0] ** 2 * v[1], 5.0 * v[0] + tf.sin(v[1])])


v = tf.constant([2.0, 3.0])
first = tf.constant([1.0, 0.0])

with tf.autodiff.ForwardAccumulator(primals=v, tangents=first) as accumulator:
    y = f(v)
print("jvp:     ", accumulator.jvp(y).numpy())

with tf.GradientTape() as tape:
    tape.watch(v)
    y = f(v)
print("gradient:", tape.gradient(y, v, output_gradients=first).numpy())

# %% [markdown] lang="en"
# - Forwards, along the first *input*: $(12, 5)$, how both outputs change with $v_0$. It is called the **Jacobian-vector product** (JVP).
# - Backwards, from the first *output*: $(12, 4)$, how the first output changes with both inputs. It is called the **vector-Jacobian product** (VJP).
#
# Both are part of one table. Its rows belong to the outputs, its columns to the inputs:
#
# $$
# J = \begin{pmatrix} \partial f_0/\partial v_0 & \partial f_0/\partial v_1 \\ \partial f_1/\partial v_0 & \partial f_1/\partial v_1 \end{pmatrix} = \begin{pmatrix} 2v_0v_1 & v_0^2 \\ 5 & \cos v_1 \end{pmatrix}
# $$
#
# Find the column $(12, 5)$ and the row $(12, 4)$ in the picture. Blue is positive, orange negative; the deeper, the larger.

# %% [markdown] lang="zh"
# - 前向，沿第一个**输入**：$(12, 5)$，即两个输出随 $v_0$ 的变化。这叫**雅可比-向量积（JVP）**。
# - 反向，从第一个**输出**：$(12, 4)$，即第一个输出随两个输入的变化。这叫**向量-雅可比积（VJP）**。
#
# 两者都出自同一张表。它的行对应输出，列对应输入（即分子布局）：
#
# $$
# J = \begin{pmatrix} \partial f_0/\partial v_0 & \partial f_0/\partial v_1 \\ \partial f_1/\partial v_0 & \partial f_1/\partial v_1 \end{pmatrix} = \begin{pmatrix} 2v_0v_1 & v_0^2 \\ 5 & \cos v_1 \end{pmatrix}
# $$
#
# 请在图中找出 $(12, 5)$ 这一列和 $(12, 4)$ 这一行。蓝色为正，橙色为负，颜色越深，绝对值越大。

# %%
gt.plot_jacobian(f, v)
plt.show()

# %% [markdown] lang="en"
# With a direction $d$ the forward product is $J d$, a mixture of columns; with weights $u$ the backward product is $u^\top J$, a mixture of rows. `tape.gradient` without weights takes all weights as 1 and gives the sum of the rows.
#
# **Predict first.** What does `tape.gradient(y, v)` give here, without weights?

# %% [markdown] lang="zh"
# 方向为 $d$ 时，前向乘积是 $J d$，即各列的组合；权重为 $u$ 时，反向乘积是 $u^\top J$，即各行的组合。`tape.gradient` 不给权重时，权重全取 1，得到各行之和。
#
# **先猜一猜。** 这里不给权重，`tape.gradient(y, v)` 得到什么？

# %%
gt.predict("8.a", ...)

# %%
with tf.GradientTape() as tape:
    tape.watch(v)
    y = f(v)
gradient = tape.gradient(y, v)

print(gradient.numpy().round(2))
gt.predict("8.a", outcome=gradient)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $(17, 3.01)$, the sum of the two rows: $12 + 5$ and $4 + \cos 3$. The forward product along $(1, 1)$ would be the sum of the columns, $(16, 4.01)$.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# $(17, 3.01)$，是两行之和：$12 + 5$ 和 $4 + \cos 3$。沿 $(1, 1)$ 的前向乘积则是两列之和，$(16, 4.01)$。
#
# </details>

# %% [markdown] lang="en"
# ## Both products on one graph
#
# Forwards and backwards go over the same graph, here that of $f$. (`[ ]` takes one entry out of $v$.) The dashed arrows bring back the VJP with weights $(1, 1)$. The line $d/dt$ in each box is what the JVP carries forward: how fast the value moves when $v_0$ moves at speed 1 and $v_1$ stays. Follow both ways. Where do the column $(12, 5)$ and the sum of the rows arrive?

# %% [markdown] lang="zh"
# ## 同一张图上的两种乘积
#
# 前向和反向走的是同一张计算图，这里是 $f$ 的图。（`[ ]` 从 $v$ 中取出一个元素。）虚线箭头传回的是权重为 $(1, 1)$ 的 VJP。每个方框里 $d/dt$ 那一行是 JVP 往前传的数：$v_0$ 以速度 1 变化、$v_1$ 不动时，这个值变化得多快。请顺着两条路走一遍：$(12, 5)$ 这一列和各行之和，各到达哪里？

# %%
gt.draw_tape(f, v, tangents=first)
plt.show()

# %% [markdown] lang="en"
# The column arrives in the last box, the sum of the rows, $(17, 3.01)$, in the first. Forwards the rule of each step is applied as soon as the step is done, nothing has to be kept. Backwards the whole record is kept first, and then read from the end. One forward pass answers for *one input and all outputs*, one backward pass for *all inputs and one output*.
#
# That is why networks are trained backwards: a million inputs, the parameters, and one output, the loss.

# %% [markdown] lang="zh"
# 这一列到达最后一个方框，各行之和 $(17, 3.01)$ 到达第一个。前向时，每一步算完就用上这一步的求导法则，不用保存什么。反向时，要先保存整个记录，再从末尾读起。前向一遍，得到的是**一个输入与所有输出**；反向一遍，得到的是**所有输入与一个输出**。
#
# 训练网络用反向模式（reverse mode），原因就在这里：输入（参数）有上百万个，输出（损失）只有一个。

# %% [markdown] lang="en"
# ## The whole matrix: by rows or by columns
#
# To build the matrix, run one pass for each row, or one for each column. We write both, with a counter in the middle that counts how often it is passed.

# %% [markdown] lang="zh"
# ## 整个矩阵：按行还是按列
#
# 要拼出整个矩阵，可以每行走一遍，也可以每列走一遍。两种都写出来，中间放一个计数器，数一数经过它的次数。

# %%
passes = collections.Counter()


@tf.custom_gradient
def counted(x):
    passes["forward"] += 1

    def backward(upstream):
        passes["backward"] += 1
        return upstream

    return tf.identity(x), backward


def by_rows(f, x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(counted(x))
    return tf.stack([tape.gradient(y, x, output_gradients=u) for u in tf.eye(len(y))])


def by_columns(f, x):
    columns = []
    for direction in tf.eye(len(x)):
        with tf.autodiff.ForwardAccumulator(x, direction) as accumulator:
            y = f(counted(x))
        columns.append(accumulator.jvp(y))
    return tf.stack(columns, axis=1)


print(by_rows(f, v).numpy().round(2))
print(by_columns(f, v).numpy().round(2))

# %% [markdown] lang="en"
# The same matrix. (`counted` is the identity, made with `tf.custom_gradient` of lesson [7](07_controlling_the_tape.ipynb).)
#
# **Predict first.** A function has 1000 inputs and 2 outputs. Which way takes fewer passes?

# %% [markdown] lang="zh"
# 矩阵相同。（`counted` 是恒等函数，用第 [7](07_controlling_the_tape.ipynb) 课的 `tf.custom_gradient` 写成。）
#
# **先猜一猜。** 一个函数有 1000 个输入、2 个输出。哪种方式走的遍数少？

# %%
gt.predict("8.b", ...)


# %%
def layer(outputs, inputs):
    weights = tf.sin(
        tf.reshape(tf.range(1.0, 1.0 + outputs * inputs), [outputs, inputs])
    )
    return lambda x: tf.tanh(tf.linalg.matvec(weights, x))


passes.clear()
by_rows(layer(2, 1000), tf.zeros(1000))
print("by_rows:   ", passes["backward"])

passes.clear()
by_columns(layer(2, 1000), tf.zeros(1000))
print("by_columns:", passes["forward"])
gt.predict("8.b", outcome=passes["forward"])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# By rows: 2 against 1000. It is the smaller of the two numbers that counts: rows for few outputs, columns for few inputs.
#
# </details>
#
# `tape.jacobian` and `gt.jacobian` always go by rows, whichever is smaller.
#
# ### Counted, and side by side (optional)
#
# Counted for 4 inputs and 1 to 8 outputs. The figure shows the number $k$ of passes against the number $m$ of outputs:

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 按行：2 遍对 1000 遍。输出少就按行，输入少就按列，取决于两个数中哪个小。
#
# </details>
#
# `tape.jacobian` 和 `gt.jacobian` 总是按行算，不管哪个更少。
#
# ### 数一数，以及并排计算（选学）
#
# 取 4 个输入，输出从 1 个到 8 个，数一数。图中 $m$ 是输出的个数，$k$ 是遍数：

# %%
outputs = range(1, 9)
rows, columns = [], []
for m in outputs:
    passes.clear()
    by_rows(layer(m, 4), tf.ones(4))
    rows.append(passes["backward"])
    passes.clear()
    by_columns(layer(m, 4), tf.ones(4))
    columns.append(passes["forward"])

fig, ax = plt.subplots()
ax.plot(outputs, rows, "o-", color="0.15", label="$u^T J$")
ax.plot(outputs, columns, "s--", color="C1", label="$J d$")
ax.set(xlabel="$m$", ylabel="$k$", ylim=(0, 9))
ax.legend()
plt.show()

# %% [markdown] lang="en"
# The lines cross where there are as many outputs ($m$) as inputs: at 4.
#
# `tape.jacobian` and `gt.jacobian` do not loop over the rows in Python; all rows are computed side by side (vectorised). That is fast, and it holds $m$ copies of every intermediate *gradient* at once. If memory runs out, `experimental_use_pfor=False` computes one row after the other (in eager execution the tape then has to be persistent):

# %% [markdown] lang="zh"
# 两条线在输出个数（$m$）等于输入个数处相交，即 4。
#
# `tape.jacobian` 和 `gt.jacobian` 不在 Python 里逐行循环，而是所有行并排一起算（向量化）。这样快，但每个中间**梯度**要同时保存 $m$ 份。内存不够时，用 `experimental_use_pfor=False` 一行一行地算。在即时执行（eager execution，即动态图）下，这时要用持久梯度带（persistent）：

# %%
for side_by_side in (True, False):
    passes.clear()
    with tf.GradientTape(persistent=True) as tape:
        x = tf.ones(4)
        tape.watch(x)
        y = layer(6, 4)(counted(x))
    tape.jacobian(y, x, experimental_use_pfor=side_by_side)
    print(side_by_side, passes["backward"])

# %% [markdown] lang="en"
# The counter counts how often Python passes it. Side by side that is once, while the graph is traced; all six rows are computed in it.
#
# Columns can be had side by side too: `tf.vectorized_map` runs a function for every row of a tensor at once, here for every direction. Six outputs and four inputs:

# %% [markdown] lang="zh"
# 计数器数的是 Python 经过它的次数。并排计算时只有 1 次，发生在构建计算图的时候；六行都在这张图里一起算。
#
# 列也可以并排算：`tf.vectorized_map` 对一个张量的每一行同时运行一个函数，这里是对每个方向。输出 6 个，输入 4 个：


# %%
@tf.function
def columns_at_once(f, x):
    def column(direction):
        with tf.autodiff.ForwardAccumulator(x, direction) as accumulator:
            y = f(counted(x))
        return accumulator.jvp(y)

    return tf.transpose(tf.vectorized_map(column, tf.eye(len(x))))


for way in (by_columns, columns_at_once):
    passes.clear()
    J = way(layer(6, 4), x)
    print(J.shape, passes["forward"], f"{tf.reduce_sum(J):.4f}")

# %% [markdown] lang="en"
# The same matrix, and again Python passes once. For a function with few inputs and many outputs this is the way to take.

# %% [markdown] lang="zh"
# 矩阵相同，Python 也只经过一次。输入少、输出多的函数，就该这样算。

# %% [markdown] lang="en"
# ## Axes and blocks
#
# A Jacobian has **the target's axes first, then the source's**. For a batch of 3 examples with 2 features, sent through a layer with 2 units, the shape is $(3, 2, 3, 2)$. Laid out as a matrix it has $6 \times 6$ entries, in $3 \times 3$ blocks: one block for each pair of examples.
#
# **Predict first.** How many of the nine blocks hold a number other than 0?

# %% [markdown] lang="zh"
# ## 轴和分块
#
# 雅可比矩阵**目标的轴在前，源的轴在后**。一批 3 个样本，每个有 2 个特征，经过有 2 个单元的层，形状就是 $(3, 2, 3, 2)$。摊开成矩阵是 $6 \times 6$ 个数，分成 $3 \times 3$ 块，每一块对应一对样本。
#
# **先猜一猜。** 这九块里，有几块不全为 0？

# %%
gt.predict("8.c", ...)

# %%
X = tf.constant([[1.0, 2.0], [3.0, 5.0], [-1.0, 1.0]])
W = tf.constant([[3.0, -6.0], [6.0, 3.0]])


def dense(X):
    return X @ W


J = gt.jacobian(dense, X)
blocks = tf.reduce_any(J != 0.0, axis=[1, 3])
print(J.shape, int(tf.reduce_sum(tf.cast(blocks, tf.int32))))
gt.predict("8.c", outcome=blocks)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Three, those on the diagonal: the output for an example depends on that example only. The other six are zeros that were computed and stored for nothing. With 1000 examples, 999 of 1000 numbers would be such zeros.
#
# </details>
#
# `tape.batch_jacobian` computes the blocks on the diagonal only, shape $(3, 2, 2)$. It trusts you that the others are 0, and does not look. A layer that subtracts the mean of the batch, as normalisation does, breaks this trust. Compare the two pictures: what lies off the diagonal?

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 三块，就是对角线上的：一个样本的输出只依赖这个样本自己。其余六块全是 0，白算白存。如果有 1000 个样本，每 1000 个数里就有 999 个是这样的 0。
#
# </details>
#
# `tape.batch_jacobian` 只算对角线上的块，形状是 $(3, 2, 2)$。其余的块它假定为 0，并不检查。批归一化这样的层要减去整批的均值，这个假定就不成立。对比两张图：对角线以外有什么？


# %%
def centred(X):
    return X @ W - tf.reduce_mean(X @ W, axis=0)


fig, axes = plt.subplots(1, 2)
gt.plot_jacobian(dense, X, ax=axes[0])
gt.plot_jacobian(centred, X, ax=axes[1])
plt.show()

# %% [markdown] lang="en"
# Left, blocks on the diagonal only. Right, every block is filled: each output depends on the whole batch. What does `batch_jacobian` say of the two?

# %% [markdown] lang="zh"
# 左图只有对角线上有块。右图每一块都有数：每个输出都依赖整批数据。对这两者，`batch_jacobian` 各给出什么？


# %%
@tf.function
def diagonal_blocks(function, X):
    with tf.GradientTape() as tape:
        tape.watch(X)
        Y = function(X)
    return tape.batch_jacobian(Y, X)


for function in (dense, centred):
    block = diagonal_blocks(function, X)[0].numpy()
    true = gt.jacobian(function, X)[0, :, 0, :].numpy()
    print(function.__name__, block.round(2).tolist(), (true.round(2) + 0.0).tolist())

# %% [markdown] lang="en"
# For `dense` the first block is right. For `centred` it is wrong, and no error is raised: `batch_jacobian` differentiates the sum over the batch, and here the blocks of a column add up to 0. So ask, before you use it: does one example's output depend on another example's input? In a network with batch normalisation in training, it does.

# %% [markdown] lang="zh"
# 对 `dense`，第一块是对的。对 `centred` 就错了，而且不报错：`batch_jacobian` 求的是整批之和的导数，而这里同一列的各块加起来恰好是 0。所以使用之前先问一句：一个样本的输出，会不会依赖另一个样本的输入？训练时带有批归一化的网络就会。

# %% [markdown] lang="en"
# ## One gradient for each example (optional)
#
# A loss is a mean over examples, and its gradient is the mean of their gradients. Sometimes the single ones are wanted: which example pulls hardest? How much do they disagree? The Jacobian of the *losses*, one for each example, by the parameters holds them, one row each. Three ways to the same numbers (`tf.function` keeps the second from being traced at every call, see “Watch out”):

# %% [markdown] lang="zh"
# ## 每个样本各自的梯度（选学）
#
# 损失是各样本损失的平均，它的梯度就是各样本梯度的平均。有时需要单个的梯度：哪个样本的作用最大？它们的分歧有多大？把每个样本的**损失**排成向量，它对参数的雅可比矩阵就是答案，一行对应一个样本。三种办法，结果相同（第二种加 `tf.function` 是为了避免每次调用都重新构建计算图，见“当心”）：

# %%
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y_true = tf.constant([2.0, 4.0, 6.0, 8.0])
parameters = tf.Variable([0.5, 0.1])


def loss_of(example):
    x, y_true = example
    return (parameters[0] * x + parameters[1] - y_true) ** 2


def gradient_of(example):
    with tf.GradientTape() as tape:
        loss = loss_of(example)
    return tape.gradient(loss, parameters)


one_by_one = tf.stack([gradient_of(example) for example in zip(x, y_true)])


@tf.function
def jacobian_of_losses():
    with tf.GradientTape() as tape:
        losses = loss_of((x, y_true))
    return tape.jacobian(losses, parameters)


from_jacobian = jacobian_of_losses()

vectorised = tf.vectorized_map(gradient_of, (x, y_true))

print(one_by_one.numpy().round(2))
print(np.allclose(one_by_one, from_jacobian), np.allclose(one_by_one, vectorised))
print(tf.reduce_mean(one_by_one, axis=0).numpy().round(2))

# %% [markdown] lang="en"
# The mean, $(-22, -7.3)$, is the gradient of lesson [5](05_gradients_in_deep_learning.ipynb), whose data this is. In the figure each thin arrow is one example's gradient, and the thick one is their mean. Which example pulls hardest?

# %% [markdown] lang="zh"
# 平均值 $(-22, -7.3)$ 就是第 [5](05_gradients_in_deep_learning.ipynb) 课的梯度，用的是同一组数据。图中每个细箭头是一个样本的梯度，粗箭头是它们的平均。哪个样本的作用最大？

# %%
fig, ax = plt.subplots()
for number, (by_w, by_b) in enumerate(one_by_one.numpy()):
    ax.annotate(
        "", (by_w, by_b), (0, 0), arrowprops={"arrowstyle": "->", "color": "C0"}
    )
    ax.text(by_w, by_b - 1.0, f"$x = {number + 1}$", ha="center")
mean = tf.reduce_mean(one_by_one, axis=0).numpy()
ax.annotate("", mean, (0, 0), arrowprops={"color": "0.15", "width": 2})
ax.plot(*one_by_one.numpy().T, ".", color="C0")
ax.set(xlim=(-55, 3), ylim=(-14, 2))
ax.set(xlabel=r"$\partial L/\partial w$", ylabel=r"$\partial L/\partial b$")
plt.show()

# %% [markdown] lang="en"
# The last, $x = 4$: its error is largest, and its input multiplies it once more. (The axes have different scales, so angles in the figure are not true.) `vectorized_map` does for most functions of one example what the Jacobian does for losses that stand in a vector; an operation without a vectorised form, such as `tf.numpy_function`, runs in a loop, with a warning.

# %% [markdown] lang="zh"
# 最后一个，$x = 4$：它的误差最大，还要再乘以最大的输入。（两根轴的刻度不同，图上的夹角不是真的。）雅可比矩阵的做法适用于已经排成向量的损失；只处理一个样本的函数，大多可以用 `vectorized_map`。没有向量化形式的运算（例如 `tf.numpy_function`）会改用循环，并给出警告。

# %% [markdown] lang="en"
# ## The Hessian, three ways
#
# The Hessian is the Jacobian of the gradient: rows of second derivatives. The Rosenbrock function $f = (1 - x)^2 + 100\,(y - x^2)^2$, a curved narrow valley, is the usual test. At $(1, 2)$:

# %% [markdown] lang="zh"
# ## 黑塞矩阵的三种求法
#
# 黑塞矩阵是梯度的雅可比矩阵，由二阶导数组成。Rosenbrock 函数 $f = (1 - x)^2 + 100\,(y - x^2)^2$ 是一道弯曲而狭窄的山谷，常用来检验算法。在 $(1, 2)$ 处：


# %%
def rosenbrock(p):
    return (1.0 - p[0]) ** 2 + 100.0 * (p[1] - p[0] ** 2) ** 2


def gradient(p):
    with tf.GradientTape() as tape:
        tape.watch(p)
        value = rosenbrock(p)
    return tape.gradient(value, p)


p = tf.constant([1.0, 2.0])


@tf.function
def backward_over_backward(p):
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(p)
        g = gradient(p)
    return outer_tape.jacobian(g, p)


print(backward_over_backward(p).numpy().tolist())
print(by_columns(gradient, p).numpy().tolist())
print(gt.hessian(rosenbrock, p).numpy().tolist())

# %% [markdown] lang="en"
# The first way is backward over backward. The second, forward over backward, takes the columns by forward mode: the tape inside, the accumulator outside. It does not have to record the backward pass.
#
# With a million parameters the matrix has $10^{12}$ entries and cannot even be stored. Its product with a vector can be had, at the cost of a few gradients: a **Hessian-vector product** (HVP). It tells how the gradient changes along one direction. Here along $(1, -1)$, forward over backward and backward over backward:

# %% [markdown] lang="zh"
# 第一种是反向套反向。第二种是前向套反向，用前向模式求各列：梯度带在里面，`ForwardAccumulator` 在外面。它不必把反向传播也记录下来。
#
# 参数有一百万个时，这个矩阵有 $10^{12}$ 个数，存都存不下。但它与一个向量的乘积求得出来，代价不过几次梯度，这叫**黑塞-向量积（HVP）**，说明梯度沿某个方向怎样变化。下面取方向 $(1, -1)$，先用前向套反向，再用反向套反向：

# %%
direction = tf.constant([1.0, -1.0])

with tf.autodiff.ForwardAccumulator(p, direction) as accumulator:
    g = gradient(p)
print(accumulator.jvp(g).numpy())

with tf.GradientTape() as outer_tape:
    outer_tape.watch(p)
    g = gradient(p)
print(outer_tape.gradient(g, p, output_gradients=direction).numpy())

print(tf.linalg.matvec(gt.hessian(rosenbrock, p), direction).numpy())

# %% [markdown] lang="en"
# $(802, -600)$ three times: $402 + 400$ and $-400 - 200$. The first two never built the matrix.

# %% [markdown] lang="zh"
# 三次都是 $(802, -600)$：$402 + 400$ 和 $-400 - 200$。前两次没有求出整个矩阵。

# %% [markdown] lang="en"
# ### The Hessian of a network (optional)
#
# A network has a *list* of parameters. The accumulator takes two lists, the parameters and a direction for each, and `jvp` returns a list. (Of a Keras model it wants TensorFlow's variables, `v.value`.) Here 25 parameters. What is such a product good for? Applied again and again, and divided by its length each time, it turns nearly any direction into the one of the largest curvature (*power iteration*). The length tends to that curvature, the eigenvalue of $H$ that is largest by magnitude:

# %% [markdown] lang="zh"
# ### 网络的黑塞矩阵（选学）
#
# 网络的参数是一个**列表**。`ForwardAccumulator` 收两个列表，参数和每个参数的方向，`jvp` 也返回一个列表。（对 Keras 模型，它要的是 TensorFlow 的变量，即 `v.value`。）这里有 25 个参数。这样的乘积有什么用？反复去乘，每次除以长度，几乎任何方向都会转到曲率最大的方向（**幂迭代**）。长度则趋于这个曲率，即 $H$ 绝对值最大的特征值：

# %%
tf.keras.utils.set_random_seed(0)
dense_layers = [tf.keras.layers.Dense(8, "tanh"), tf.keras.layers.Dense(1)]
model = tf.keras.Sequential([tf.keras.Input([1]), *dense_layers])
inputs = tf.linspace(-1.0, 1.0, 20)[:, tf.newaxis]
weights = [v.value for v in model.trainable_variables]


def network_gradient():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(inputs) - tf.sin(3.0 * inputs)) ** 2)
    return tape.gradient(loss, weights)


@tf.function
def hessian_times(directions):
    with tf.autodiff.ForwardAccumulator(weights, directions) as accumulator:
        gradients = network_gradient()
    return accumulator.jvp(gradients)


lengths = []
directions = [tf.ones_like(w) for w in weights]
for _ in range(20):
    products = hessian_times(directions)
    lengths.append(tf.linalg.global_norm(products))
    directions = [product / lengths[-1] for product in products]

fig, ax = plt.subplots()
ax.plot(range(1, 21), lengths, "o-", color="0.15")
ax.set(xlabel="$k$", ylabel=r"$\|H d_k\|$", xticks=range(0, 21, 5), ylim=(0, 4))
plt.show()
print(f"{lengths[-1]:.2f}")

# %% [markdown] lang="en"
# After about eight products (the number $k$) it settles at 3.40, without the $25 \times 25$ matrix. The curvature is positive here (one more product shows it: $H d$ points along $d$), so it also says how far a step of descent may go: along that direction a learning rate above $2/3.40 = 0.59$ overshoots farther with each step. (The first length does not count: the first direction, all ones, is not of length 1.)

# %% [markdown] lang="zh"
# 大约乘 8 次（次数为 $k$）就稳定在 3.40，没有用到 $25 \times 25$ 的矩阵。这里的曲率是正的（再乘一次就看得出来：$H d$ 与 $d$ 同向），所以它还说明梯度下降一步可以迈多大：在这个方向上，学习率超过 $2/3.40 = 0.59$，就会一步比一步冲得更远。（第一个长度不算数：第一个方向的元素全是 1，长度不是 1。）

# %% [markdown] lang="en"
# ## Newton in several variables (optional)
#
# Newton's step divides the gradient by the Hessian: it solves $H s = g$ and goes to $p - s$. (`tf.linalg.solve` wants a matrix on the right; `g[:, tf.newaxis]` makes a column of the vector, `[:, 0]` a vector of the column.) Both methods start at $(-1.2, 1)$; the minimum is at $(1, 1)$.

# %% [markdown] lang="zh"
# ## 多个变量的牛顿法（选学）
#
# 牛顿法用黑塞矩阵去“除”梯度：解 $H s = g$，走到 $p - s$。（`tf.linalg.solve` 的右端必须是矩阵，`g[:, tf.newaxis]` 把向量变成一列，`[:, 0]` 再变回向量。）两种方法都从 $(-1.2, 1)$ 出发，最小值点在 $(1, 1)$。


# %%
def newton(p):
    step = tf.linalg.solve(gt.hessian(rosenbrock, p), gradient(p)[:, tf.newaxis])
    return p - step[:, 0]


def descent(p):
    return p - 0.001 * gradient(p)


def walk(step, count):
    p = tf.constant([-1.2, 1.0], tf.float64)
    places = [p.numpy()]
    for _ in range(count):
        p = step(p)
        places.append(p.numpy())
    return np.array(places)


by_newton = walk(newton, 6)
by_descent = walk(tf.function(descent), 1000)
for place in by_newton:
    print(place.round(4), f"{rosenbrock(place):.1e}")
print(by_descent[-1].round(4), f"{rosenbrock(by_descent[-1]):.1e}")


@tf.function
def descended(steps):
    p = tf.constant([-1.2, 1.0], tf.float64)
    for _ in tf.range(steps):
        p = descent(p)
    return p


for steps in (15000, 60000):
    print(steps, f"{np.abs(descended(steps) - 1.0).max():.0e}")

# %% [markdown] lang="en"
# Six steps of Newton's method (the first seven lines) reach the minimum to ten digits. A thousand steps of gradient descent (the next line) have not arrived: after 15000 both coordinates are right to about three digits, after 60000 to ten (the last two lines: the larger error). Look at the shape of both paths:

# %% [markdown] lang="zh"
# 牛顿法（前七行）六步就到了最小值点，准到十位。梯度下降走了一千步还没到（第八行）：走 15000 步，大约准到三位；走 60000 步，才准到十位（最后两行是较大的那个误差）。请看两条路径的形状：

# %%
fig, ax = plt.subplots()
x_grid, y_grid = np.meshgrid(np.linspace(-1.6, 1.6, 161), np.linspace(-3.5, 2, 161))
heights = rosenbrock([x_grid, y_grid])
ax.contour(x_grid, y_grid, heights, levels=np.logspace(-1, 3.2, 9), colors="0.7")
ax.plot(*by_newton.T, "s-", color="0.15", label="$p - H^{-1}g$")
ax.plot(*by_descent.T, "-", color="C1", linewidth=3, label=r"$p - \eta\,g$")
ax.plot([1], [1], "*", color="C0", markersize=12)
ax.set(xlabel="$x$", ylabel="$y$")
ax.legend(loc="lower left")
plt.show()

# %% [markdown] lang="en"
# Descent creeps along the bottom of the valley. Newton's second step leaves the valley (the function *rises*, to 1400), since the quadratic model that it follows is a good copy only nearby; the next one falls back onto it. And Newton looks for any point with $g = 0$: from $(0.5, 0.3)$ it takes $x^2 - y^2 + y^4/4$ to the saddle at $(0, 0)$. It is sure to go downhill only where $H$ is positive definite, which conjugate gradients need too. Practical methods shorten steps (*line search*, *damped* Newton), and solve $Hs = g$ with products $H d$ from HVPs (*conjugate gradients*) instead of the whole matrix.

# %% [markdown] lang="zh"
# 梯度下降沿着谷底慢慢爬。牛顿法的第二步离开了山谷（函数值**升**到 1400），因为它所依据的二次近似只在附近才准；下一步又回到谷底。而且牛顿法找的只是 $g = 0$ 的点，鞍点也算：对 $x^2 - y^2 + y^4/4$，从 $(0.5, 0.3)$ 出发，它走到鞍点 $(0, 0)$。只有 $H$ 正定，才保证方向是往下的，共轭梯度法也要求这一点。实用的方法会缩短步子（**线搜索**、**阻尼牛顿法**），并且只用 HVP 求出的乘积 $H d$ 来解 $Hs = g$（**共轭梯度法**），不必用整个矩阵。

# %% [markdown] lang="en"
# ## Forward mode in forty lines (optional)
#
# Lesson [2](02_automatic_differentiation.ipynb) built a tape for plain numbers in forty lines, `gradtape.tape.small`. Forward mode is shorter: there is no record. A **dual number** carries its value and its derivative, and every operation hands both on.

# %% [markdown] lang="zh"
# ## 四十行的前向模式（选学）
#
# 第 [2](02_automatic_differentiation.ipynb) 课用四十行代码给普通的数写了一个梯度带，即 `gradtape.tape.small`。前向模式更短，因为不用记录。**对偶数**（dual number）带着自己的值和导数，每个运算把两者一起往下传。

# %%
import math


class Dual:
    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative


def operation(f, *local_derivatives):
    def pushed_on(*inputs):
        duals = [x if isinstance(x, Dual) else Dual(x) for x in inputs]
        values = [dual.value for dual in duals]
        parts = [
            local(*values) * dual.derivative
            for local, dual in zip(local_derivatives, duals)
        ]
        return Dual(f(*values), sum(parts))

    return pushed_on


add = operation(lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
multiply = operation(lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
sin = operation(math.sin, math.cos)

Dual.__add__ = Dual.__radd__ = add
Dual.__mul__ = Dual.__rmul__ = multiply


def directional_derivative(f, point, direction):
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).derivative


# %% [markdown] lang="en"
# Set it beside the tape. The rules of `add` and `multiply` are the same, letter by letter. The tape *keeps* the local derivatives with the place they belong to and multiplies them later, from the end. A dual number multiplies at once and keeps nothing.

# %% [markdown] lang="zh"
# 把它和梯度带放在一起看。`add` 和 `multiply` 的规则一字不差。梯度带把局部导数连同位置**保存**下来，以后从末尾乘起；对偶数当场就乘，什么也不存。

# %%
from gradtape.tape import small


def g(a, b, sin):
    return a * a * b + sin(a * b)


for direction in [(1, 0), (0, 1)]:
    print(directional_derivative(lambda a, b: g(a, b, sin), (2.0, 3.0), direction))

tape = small.Tape()
a, b = tape.number(2.0), tape.number(3.0)
y = g(a, b, small.sin)
print(tape.gradient(y, a), tape.gradient(y, b), len(tape.steps))

# %% [markdown] lang="en"
# Two inputs, two forward passes (the first two lines). The tape went forwards once and backwards once (here twice, since `small` returns one derivative a call), and kept a record of seven steps to do it: two inputs and five operations, with their local derivatives.

# %% [markdown] lang="zh"
# 两个输入，前向要走两遍（前两行）。梯度带前向一遍、反向一遍就够（这里反向走了两遍，因为 `small` 每次只返回一个导数），为此记录了七步：两个输入、五次运算，连同各步的局部导数。

# %% [markdown] lang="en"
# ## Watch out
#
# ### The second derivative of ReLU is 0 (optional)
#
# A network that solves a differential equation of second order needs second derivatives with respect to its *input*. With ReLU as the only nonlinearity there are none: it is made of straight pieces, and the tape says 0 everywhere, correctly except at the kinks. Nothing that depends on $f''$ can be learned.

# %% [markdown] lang="zh"
# ## 当心
#
# ### ReLU 的二阶导数是 0（选学）
#
# 用网络解二阶微分方程，需要对**输入**求二阶导数。如果非线性只来自 ReLU，就没有二阶导数可用：它由直线段组成，梯度带处处给出 0，除了折点，这并没有错。凡是依赖 $f''$ 的，都学不到。

# %%
fig, axes = plt.subplots(1, 2)
for ax, activation in zip(axes, [tf.nn.relu, tf.math.softplus]):
    gt.plot_derivatives(activation, (-3.0, 3.0), order=2, ax=ax)
    ax.get_legend().remove()
plt.show()

# %% [markdown] lang="en"
# Left ReLU, right softplus, each with $f'$ (dashed) and $f''$ (dash-dotted). The repair is a smooth activation function: softplus, tanh, swish.

# %% [markdown] lang="zh"
# 左边是 ReLU，右边是 softplus，各带 $f'$（虚线）和 $f''$（点划线）。改法是换用光滑的激活函数：softplus、tanh、swish。

# %% [markdown] lang="en"
# ### Forward over forward (optional)
#
# Two accumulators inside each other should give a second derivative, as two tapes do. In eager execution they can give a wrong one, without any error. $f = x^3$ at 0.7 has $f'' = 6x = 4.2$; here $f$ is written with a step more, $m = x$ and $f = (m \cdot m)\cdot m$:

# %% [markdown] lang="zh"
# ### 前向套前向（选学）
#
# 两个 `ForwardAccumulator` 互相嵌套，应当像两个梯度带那样给出二阶导数。但在即时执行下，它们给出的可能是错的，而且不报错。$f = x^3$ 在 0.7 处有 $f'' = 6x = 4.2$；这里把 $f$ 写得多一步，$m = x$，$f = (m \cdot m)\cdot m$：


# %%
def cube(x):
    m = tf.identity(x)
    return (m * m) * m


def forward_over_forward(x):
    one = tf.ones_like(x)
    with tf.autodiff.ForwardAccumulator(x, one) as outer:
        with tf.autodiff.ForwardAccumulator(x, one) as inner:
            y = cube(x)
        first = inner.jvp(y)
    return outer.jvp(first)


def forward_over_backward(x):
    with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as outer:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = cube(x)
        first = tape.gradient(y, x)
    return outer.jvp(first)


x = tf.constant(0.7)
eager = forward_over_forward(x)
compiled = tf.function(forward_over_forward)(x)

print(f"forward_over_forward               {eager.numpy():.1f}")
print(f"tf.function(forward_over_forward)  {compiled.numpy():.1f}")
print(f"forward_over_backward              {forward_over_backward(x).numpy():.1f}")
print("✓" if np.isclose(eager, 4.2) else "✗")

# %% [markdown] lang="en"
# 2.4 is wrong (✗); the last line would show ✓ if a newer TensorFlow got it right. Take forward over backward, which is right in both, or two tapes.
#
# ### Forward mode and a gradient of your own (optional)
#
# `tf.custom_gradient` says what goes *back*. In eager execution forward mode does not ask it: it differentiates what the function calculates. Here the gradient of one's own is 10 times too large, so that one sees who uses it:

# %% [markdown] lang="zh"
# 2.4 是错的（✗）。如果新版的 TensorFlow 改好了，最后一行会变成 ✓。请用前向套反向，它在两种执行方式下都对；或者用两个梯度带。
#
# ### 前向模式与自定义的梯度（选学）
#
# `tf.custom_gradient` 规定的是**反向**传回什么。即时执行时，前向模式并不理会它，而是对函数里的运算求导。下面故意把自定义的梯度放大到 10 倍，看看谁用了它：


# %%
@tf.custom_gradient
def tenfold(x):
    return x**2, lambda upstream: 10.0 * 2.0 * x * upstream


x = tf.constant(3.0)
for function in (tenfold, tf.function(tenfold)):
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
    print(tape.gradient(y, x).numpy(), accumulator.jvp(y).numpy())

# %% [markdown] lang="en"
# The tape uses it both times, forward mode only where the function is compiled. So check a JVP against a VJP where functions with gradients of their own take part.

# %% [markdown] lang="zh"
# 梯度带两次都用了它，前向模式只在函数编译之后才用。所以只要有自定义梯度的函数参与，就拿 JVP 与 VJP 核对一下。

# %% [markdown] lang="en"
# ### A Jacobian in a loop (optional)
#
# Each call of `tape.jacobian` outside `tf.function` traces its vectorised pass anew. The counter shows it, for two calls, and then for two calls of the compiled function. That is why such calls stand inside a `tf.function` in this lesson:

# %% [markdown] lang="zh"
# ### 循环里的雅可比矩阵（选学）
#
# 在 `tf.function` 之外，每次调用 `tape.jacobian` 都要重新构建向量化的计算图。计数器可以看出来：先是两次调用，再是编译之后的两次调用。这一课里类似的调用都放进了 `tf.function`，就是这个原因：


# %%
def jacobian_at(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = counted(x) ** 2
    return tape.jacobian(y, x)


for function in (jacobian_at, tf.function(jacobian_at)):
    passes.clear()
    for scale in (1.0, 2.0):
        function(tf.constant([1.0, 2.0]) * scale)
    print(passes["backward"])

# %% [markdown] lang="en"
# Decorate the function that is called in the loop with `tf.function`; `gt.jacobian` does something similar by itself.

# %% [markdown] lang="zh"
# 给循环里调用的函数加上 `tf.function`；`gt.jacobian` 自己已经做了类似的处理。

# %% [markdown] lang="en"
# ### If you know PyTorch (optional)
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | $J d$ | `torch.func.jvp` | `tf.autodiff.ForwardAccumulator` |
# | $u^\top J$ | `torch.autograd.grad(y, v, grad_outputs=u)` | `tape.gradient(y, v, output_gradients=u)` |
# | Jacobian by rows | `torch.func.jacrev` | `tape.jacobian` |
# | Jacobian by columns | `torch.func.jacfwd` | `columns_at_once`, as above |
# | $H$; $H d$ | `torch.func.hessian`; `jvp` of `grad(f)` | `gt.hessian`; an accumulator round a tape |
# | one example at a time | `torch.vmap` | `tf.vectorized_map` |
#
# Without weights PyTorch refuses a target of several numbers; the tape sums them without a word.

# %% [markdown] lang="zh"
# ### 如果你会 PyTorch（选学）
#
# | | PyTorch | TensorFlow |
# |---|---|---|
# | $J d$ | `torch.func.jvp` | `tf.autodiff.ForwardAccumulator` |
# | $u^\top J$ | `torch.autograd.grad(y, v, grad_outputs=u)` | `tape.gradient(y, v, output_gradients=u)` |
# | 按行求雅可比矩阵 | `torch.func.jacrev` | `tape.jacobian` |
# | 按列求雅可比矩阵 | `torch.func.jacfwd` | 前面的 `columns_at_once` |
# | $H$；$H d$ | `torch.func.hessian`；对 `grad(f)` 用 `jvp` | `gt.hessian`；梯度带外面套 `ForwardAccumulator` |
# | 每次一个样本 | `torch.vmap` | `tf.vectorized_map` |
#
# 目标有好几个数而不给权重时，PyTorch 会报错，梯度带则不声不响地把它们相加。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("08")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("8.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 8.1** (what will this print?) Follow the cell with pencil and paper, and write what it prints as a string.
#
# ```python
# v = tf.constant([1.0, 2.0])
# with tf.autodiff.ForwardAccumulator(v, tf.constant([1.0, 1.0])) as accumulator:
#     y = tf.stack([v[0] * v[1], v[0] ** 2])
# print(accumulator.jvp(y).numpy())
# ```

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("8.1")` 给出提示，一次一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 8.1**（读程序，写输出）用纸笔推算下面的代码，把它打印的内容写成字符串。
#
# ```python
# v = tf.constant([1.0, 2.0])
# with tf.autodiff.ForwardAccumulator(v, tf.constant([1.0, 1.0])) as accumulator:
#     y = tf.stack([v[0] * v[1], v[0] ** 2])
# print(accumulator.jvp(y).numpy())
# ```

# %%
printed = ...
# BEGIN SOLUTION
printed = "[3. 2.]"
# END SOLUTION

# %%
gt.check("8.1", printed)

# %% [markdown] lang="en"
# **Exercise 8.2** (a Hessian that is never built) Write `hvp(f, x, d)`: the product of the Hessian of `f` at `x` with the direction `d`. `f` takes a vector and returns one number; `x` and `d` are tensors of the same shape. Use neither `jacobian` nor `gt.hessian`.

# %% [markdown] lang="zh"
# **练习 8.2**（不求黑塞矩阵）写出 `hvp(f, x, d)`：`f` 在 `x` 处的黑塞矩阵与方向 `d` 的乘积。`f` 接收一个向量，返回一个数；`x` 和 `d` 是形状相同的张量。不要用 `jacobian`，也不要用 `gt.hessian`。


# %%
def hvp(f, x, d):
    # BEGIN SOLUTION
    with tf.autodiff.ForwardAccumulator(x, d) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = f(x)
        gradient = tape.gradient(value, x)
    return accumulator.jvp(gradient)
    # END SOLUTION


# %%
gt.check("8.2", hvp)

# %% [markdown] lang="en"
# **Exercise 8.3** (each for itself) Write `per_example(loss, w, X)`: `loss(w, x)` is the loss of one example `x`, a vector; `X` holds examples as rows, and `w` is a vector. Return one gradient with respect to `w` for each example, as rows.

# %% [markdown] lang="zh"
# **练习 8.3**（各算各的）写出 `per_example(loss, w, X)`：`loss(w, x)` 是一个样本 `x`（向量）的损失；`X` 的每一行是一个样本，`w` 是向量。返回每个样本对 `w` 的梯度，一行一个。


# %%
def per_example(loss, w, X):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(w)
        losses = tf.stack([loss(w, x) for x in X])
    return tape.jacobian(losses, w)
    # END SOLUTION


# %%
gt.check("8.3", per_example)

# %% [markdown] lang="en"
# ## A page of puzzles
#
# Twelve functions of a vector `x`. For each, write the Jacobian as **one line**: a function of `x` that returns the matrix, in plain TensorFlow, without a tape and without `gt.jacobian`. `tf.eye(3)` is the identity, `tf.linalg.diag(d)` puts a vector on the diagonal, `tf.tensordot(a, b, axes=0)` is the matrix of all products $a_i b_j$.
#
# `compare` draws the tape's Jacobian above and yours below. An example, $f(x) = x_0\,x$, every entry times the first: the answer below it forgets that $x_0$ itself changes.

# %% [markdown] lang="zh"
# ## 一组小题
#
# 下面是向量 `x` 的十二个函数。为每一个写出雅可比矩阵，只用**一行**：一个以 `x` 为参数、返回矩阵的函数，只用 TensorFlow 的普通运算，不用梯度带，也不用 `gt.jacobian`。`tf.eye(3)` 是单位矩阵，`tf.linalg.diag(d)` 把向量放到对角线上，`tf.tensordot(a, b, axes=0)` 是由所有乘积 $a_i b_j$ 组成的矩阵。
#
# `compare` 在上面画梯度带求出的雅可比矩阵，在下面画你的。举个例子，$f(x) = x_0\,x$，即每个元素都乘以第一个。图中下面的答案忘了 $x_0$ 自己也在变。

# %%
x = tf.constant([1.5, 1.0, -0.5])
A = tf.constant([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [1.0, 0.0, 1.0]])


def compare(functions, answers):
    begun = [answer for answer in answers if answer is not ...]
    rows, columns = (2 if begun else 1), len(functions)
    _, axes = plt.subplots(
        rows, columns, squeeze=False, figsize=(2.4 * columns, 2.4 * rows)
    )
    for ax, f in zip(axes[0], functions):
        gt.plot_jacobian(f, x, ax=ax)
    for ax, f, answer in zip(axes[-1], functions, answers):
        if answer is not ...:
            yours = tf.cast(answer(x), tf.float32) + tf.zeros([len(f(x)), 3])
            gt.plot_jacobian(lambda x: tf.linalg.matvec(yours, x), x, ax=ax)
        elif begun:
            ax.set_axis_off()
    plt.show()


compare([lambda x: x[0] * x], [lambda x: x[0] * tf.eye(3)])

# %% [markdown] lang="en"
# Right would be $x_0 I$ plus a matrix with $x$ in its first column: `x[0] * tf.eye(3) + tf.tensordot(x, [1.0, 0.0, 0.0], axes=0)`.
#
# **Exercise 8.4** (each entry for itself, or nearly) Replace the dots:
#
# | name | function |
# |---|---|
# | `tripled` | $3x$ |
# | `squared` | $x^2$, entry by entry |
# | `relu` | $\max(x, 0)$, entry by entry |
# | `by_length` | $(x \cdot x)\,x$: every entry times the squared length |

# %% [markdown] lang="zh"
# 正确的是 $x_0 I$ 再加上第一列为 $x$ 的矩阵：`x[0] * tf.eye(3) + tf.tensordot(x, [1.0, 0.0, 0.0], axes=0)`。
#
# **练习 8.4**（逐元素函数）把省略号换掉：
#
# | 名字 | 函数 |
# |---|---|
# | `tripled` | $3x$ |
# | `squared` | $x^2$，逐个元素 |
# | `relu` | $\max(x, 0)$，逐个元素 |
# | `by_length` | $(x \cdot x)\,x$：每个元素乘以长度的平方 |

# %%
tripled = squared = relu = by_length = ...
# BEGIN SOLUTION
tripled = lambda x: 3.0 * tf.eye(3)
squared = lambda x: tf.linalg.diag(2.0 * x)
relu = lambda x: tf.linalg.diag(tf.where(x > 0.0, 1.0, 0.0))
by_length = lambda x: (
    tf.reduce_sum(x * x) * tf.eye(3) + 2.0 * tf.tensordot(x, x, axes=0)
)
# END SOLUTION

compare(
    [
        lambda x: 3.0 * x,
        lambda x: x**2,
        lambda x: tf.maximum(x, 0.0),
        lambda x: tf.reduce_sum(x * x) * x,
    ],
    [tripled, squared, relu, by_length],
)

# %%
gt.check("8.4", tripled, squared, relu, by_length)

# %% [markdown] lang="en"
# **Exercise 8.5** (moves and sums) None of these four Jacobians depends on $x$:
#
# | name | function |
# |---|---|
# | `turned` | `tf.reverse(x, [0])`: the last entry first |
# | `summed` | `tf.cumsum(x)`: each entry plus all before it |
# | `centred` | `x - tf.reduce_mean(x)` |
# | `steps` | `x[1:] - x[:-1]`: two differences of three numbers |

# %% [markdown] lang="zh"
# **练习 8.5**（移动与求和）这四个雅可比矩阵都与 $x$ 无关：
#
# | 名字 | 函数 |
# |---|---|
# | `turned` | `tf.reverse(x, [0])`：倒过来排 |
# | `summed` | `tf.cumsum(x)`：每个元素加上前面所有的 |
# | `centred` | `x - tf.reduce_mean(x)` |
# | `steps` | `x[1:] - x[:-1]`：三个数的两个差 |

# %%
turned = summed = centred = steps = ...
# BEGIN SOLUTION
turned = lambda x: tf.reverse(tf.eye(3), [0])
summed = lambda x: tf.linalg.band_part(tf.ones([3, 3]), -1, 0)
centred = lambda x: tf.eye(3) - 1.0 / 3.0
steps = lambda x: tf.constant([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
# END SOLUTION

compare(
    [
        lambda x: tf.reverse(x, [0]),
        tf.cumsum,
        lambda x: x - tf.reduce_mean(x),
        lambda x: x[1:] - x[:-1],
    ],
    [turned, summed, centred, steps],
)

# %%
gt.check("8.5", turned, summed, centred, steps)

# %% [markdown] lang="en"
# **Exercise 8.6** (matrices) `A` is the matrix of the cell above:
#
# | name | function |
# |---|---|
# | `times` | $A x$, `tf.linalg.matvec(A, x)` |
# | `from_left` | $x^\top A$, `tf.linalg.matvec(A, x, transpose_a=True)` |
# | `form` | $x^\top A x$ as a vector of length 1: `[tf.tensordot(x, tf.linalg.matvec(A, x), 1)]` |
# | `softmax` | `tf.nn.softmax(x)`, with $p$ for its result |

# %% [markdown] lang="zh"
# **练习 8.6**（矩阵）`A` 是前面单元格里的矩阵：
#
# | 名字 | 函数 |
# |---|---|
# | `times` | $A x$，`tf.linalg.matvec(A, x)` |
# | `from_left` | $x^\top A$，`tf.linalg.matvec(A, x, transpose_a=True)` |
# | `form` | $x^\top A x$，写成长度为 1 的向量：`[tf.tensordot(x, tf.linalg.matvec(A, x), 1)]` |
# | `softmax` | `tf.nn.softmax(x)`，结果记为 $p$ |

# %%
times = from_left = form = softmax = ...
# BEGIN SOLUTION
times = lambda x: A
from_left = lambda x: tf.transpose(A)
form = lambda x: [tf.linalg.matvec(A + tf.transpose(A), x)]
softmax = lambda x: (
    tf.linalg.diag(tf.nn.softmax(x))
    - tf.tensordot(tf.nn.softmax(x), tf.nn.softmax(x), axes=0)
)
# END SOLUTION

compare(
    [
        lambda x: tf.linalg.matvec(A, x),
        lambda x: tf.linalg.matvec(A, x, transpose_a=True),
        lambda x: tf.stack([tf.tensordot(x, tf.linalg.matvec(A, x), 1)]),
        tf.nn.softmax,
    ],
    [times, from_left, form, softmax],
)

# %%
gt.check("8.6", times, from_left, form, softmax)

# %% [markdown] lang="en"
# ## Recap
#
# - Forward mode gives $J d$, one pass for an input and all outputs; reverse mode gives $u^\top J$, one pass for an output and all inputs.
# - By the better of the two ways a Jacobian takes as many passes as the smaller side has entries (fewer if you know where it is 0); `tape.jacobian` always goes by rows. Its axes are the target's, then the source's.
# - `batch_jacobian` keeps the diagonal blocks, and is right only where examples do not mix.
# - A Hessian-vector product costs a few gradients; forward over backward is the way, forward over forward can be wrong.
# - The losses' Jacobian holds the gradient of each example.
#
# Back to [7 · Controlling the tape](07_controlling_the_tape.ipynb) · On to [9 · When gradients go missing](09_when_gradients_go_missing.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 前向模式给出 $J d$，一遍对应一个输入与所有输出；反向模式给出 $u^\top J$，一遍对应一个输出与所有输入。
# - 选得好，求雅可比矩阵的遍数是输入、输出中较小的个数（知道哪里是 0，还能更少）；`tape.jacobian` 总是按行算。它的轴，目标在前，源在后。
# - `batch_jacobian` 只留对角线上的块，只有在样本互不影响时才正确。
# - 黑塞-向量积的代价只是几次梯度；要用前向套反向，前向套前向可能出错。
# - 损失向量的雅可比矩阵就是每个样本各自的梯度。
#
# 上一课：[7 · 控制梯度带](07_controlling_the_tape.ipynb) · 下一课：[9 · 梯度去哪儿了](09_when_gradients_go_missing.ipynb)
