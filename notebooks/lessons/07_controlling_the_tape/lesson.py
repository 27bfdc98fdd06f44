# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 65
#     teaches:
#       en: what the tape records and what it leaves out, frozen parts, and gradients of your own
#       zh: 控制梯度带记录什么、不记录什么，冻结一部分参数，以及自定义梯度
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 7 · Controlling the tape
#
# So far every step that depended on a source was recorded. Sometimes more is needed: part of a calculation is to count as a constant, half of a variable is to stay as it is, two models are to learn against each other, or a step is computed by NumPy, which no tape records. For each of these there is a control. This lesson shows each on a small example, then where it is needed.
#
# By the end you will be able to
#
# - leave a step, a tensor or a variable out of the gradient, and say what that changes;
# - freeze a part of a variable, and change entries of a tensor without losing the gradient;
# - give a function a derivative of your own with `tf.custom_gradient`, and test it;
# - in optional sections: choose what is watched, choose between `None` and 0, differentiate a NumPy routine, and train two models against each other with two tapes.
#
# | I want | I take |
# |---|---|
# | a few steps not recorded | `tape.stop_recording()` |
# | a tensor to count as a constant | `tf.stop_gradient` |
# | some entries of a variable frozen | a mask, or `tf.where` |
# | some entries replaced | `tf.tensor_scatter_nd_update` |
# | a derivative of my own | `tf.custom_gradient` |
#
# You need lessons [3](03_several_variables.ipynb) and [5](05_gradients_in_deep_learning.ipynb). The core takes about 45 minutes to read, the sections marked *optional* another 65; the exercises come on top.

# %% [markdown] lang="zh"
# # 7 · 控制梯度带
#
# 到目前为止，凡是与源有关的运算，梯度带（gradient tape，也译梯度磁带、求导记录器）都记录了。有时却需要别的做法：计算的某一部分要当作常量，一个变量只训练其中一半，两个模型互相对抗着学习，或者某一步是用 NumPy 算的，梯度带没有记录。这些情形各有对应的控制手段。这一课先用一个小例子介绍每种手段，再说明它用在哪里。
#
# 学完这一课，你能够
#
# - 让某一步、某个张量或某个变量不参与求梯度，并说清结果有什么变化；
# - 冻结一个变量的一部分，修改张量中的元素而不丢失梯度；
# - 用 `tf.custom_gradient` 给函数指定自己的导数，并加以检验；
# - 在选学的几节里：自己决定监视什么，在 `None` 和 0 之间选择，对 NumPy 程序求导，用两个梯度带训练两个互相对抗的模型。
#
# | 我想要 | 用什么 |
# |---|---|
# | 某几步不记录 | `tape.stop_recording()` |
# | 把一个张量当作常量 | `tf.stop_gradient` |
# | 冻结变量的某些元素 | 掩码，或 `tf.where` |
# | 替换某些元素 | `tf.tensor_scatter_nd_update` |
# | 自定义导数 | `tf.custom_gradient` |
#
# 请先学完第 [3](03_several_variables.ipynb) 课和第 [5](05_gradients_in_deep_learning.ipynb) 课。核心部分大约需要 45 分钟，标着“选学”的几节另需 65 分钟，练习的时间另算。

# %%
import threading

import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("07", lang="en")

# %% [markdown] lang="en"
# ## A step that is not recorded
#
# Take $z = xy$ at $x = 2$, $y = 3$, then $w = zx$, and their sum $s = z + w$. The step to $w$ is made while the tape pauses.

# %% [markdown] lang="zh"
# ## 不记录某一步
#
# 取 $z = xy$，$x = 2$，$y = 3$；再算 $w = zx$，最后求和 $s = z + w$。计算 $w$ 的这一步，在梯度带暂停时进行。

# %%
x, y = tf.Variable(2.0), tf.Variable(3.0)

with tf.GradientTape() as tape:
    z = x * y
    with tape.stop_recording():
        w = z * x
    s = z + w

print("s =", s.numpy())
print([float(g) for g in tape.gradient(s, [x, y])])

# %% [markdown] lang="en"
# - `s` is 18: `stop_recording` changes no value. $w = 12$ is computed and added.
# - The gradient is $(3, 2)$, that of $z$ alone. On the tape, `w` is a number that came from nowhere, a constant 12.
# - Had everything been recorded, it would be the gradient of $xy + x^2y$, which is $(y + 2xy,\; x + x^2) = (15, 6)$.
#
# Here is the whole calculation as the tape records it if nothing is left out. Look at how many dashed arrows arrive at $x$.

# %% [markdown] lang="zh"
# - `s` 等于 18：`stop_recording` 不改变任何数值，$w = 12$ 照样算出、照样相加。
# - 梯度是 $(3, 2)$，只是 $z$ 的梯度。在梯度带的记录里，`w` 是一个没有来历的数，即常量 12。
# - 如果全都记录，得到的就是 $xy + x^2y$ 的梯度：$(y + 2xy,\; x + x^2) = (15, 6)$。
#
# 下面是全都记录时的计算图。请看有几条虚线箭头回到 $x$。


# %%
def sum_of_both(x, y):
    z = x * y
    return z + z * x


gt.draw_tape(sum_of_both, 2.0, 3.0)
plt.show()

# %% [markdown] lang="en"
# Two gradients arrive at $x$: 9 by way of $z$, and 6, the value of $z$, from the last product: together 15. To pause the tape at a step is to take that step's box out of the drawing, and to leave its value as a constant.
#
# `tf.stop_gradient` is finer. It does not pause the tape: it makes of *one tensor* a constant. Everything else about the step is recorded.
#
# **Predict first.** In $s = z + \text{stop}(z) \cdot x$, only the factor $z$ of the second term is a constant. What is $\partial s/\partial x$ now? Write your choice in place of `...`.

# %% [markdown] lang="zh"
# 有两个梯度回到 $x$：经过 $z$ 的是 9；从后一个乘法来的是 6，也就是 $z$ 的值。加起来是 15。让梯度带在某一步暂停，就是把这一步的方框从图中去掉，它的值留下来，成为常量。
#
# `tf.stop_gradient` 更细。它不暂停梯度带，只把**一个张量**变成常量，这一步的其余部分照常记录。
#
# **先猜一猜。** 在 $s = z + \text{stop}(z) \cdot x$ 中，只有第二项的因子 $z$ 是常量。这时 $\partial s/\partial x$ 是多少？把你的选择写在 `...` 处。

# %%
gt.predict("7.a", ...)

# %%
with tf.GradientTape() as tape:
    z = x * y
    s = z + tf.stop_gradient(z) * x
ds_dx, ds_dy = tape.gradient(s, [x, y])

print(ds_dx.numpy(), ds_dy.numpy())
gt.predict("7.a", outcome=ds_dx)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# 9, which is $y + z = 3 + 6$. The second term is $6x$, a constant times $x$, and its derivative is 6. `stop_recording` would have hidden the product too, and given 3.
#
# </details>
#
# The drawing shows the cut: to the right of `stop_gradient` is a cross, and no dashed arrow goes on from there.

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 9，即 $y + z = 3 + 6$。第二项成了 $6x$，常量乘以 $x$，导数是 6。如果用 `stop_recording`，连这个乘法也不会记录，结果就是 3。
#
# </details>
#
# 图中能看到断开的地方：`stop_gradient` 后面有一个叉，虚线箭头到此为止。


# %%
def with_a_cut(x, y):
    z = x * y
    return z + tf.stop_gradient(z) * x


gt.draw_tape(with_a_cut, 2.0, 3.0)
plt.show()

# %% [markdown] lang="en"
# | control | what becomes constant | use it for |
# |---|---|---|
# | `tape.stop_recording()` | every result computed in its block, for this one tape | sums that are only printed, a metric, a search for a good start |
# | `tf.stop_gradient(t)` | the tensor `t`, for every tape | a target that a model computes itself, one half of an alternating fit |
#
# ### Nested tapes (optional)
#
# With nested tapes, `stop_recording` pauses only the tape that it is called on:

# %% [markdown] lang="zh"
# | 手段 | 什么变成常量 | 用途 |
# |---|---|---|
# | `tape.stop_recording()` | 块中算出的所有结果，只对这一个梯度带 | 只用来打印的量、评价指标、寻找好的起点 |
# | `tf.stop_gradient(t)` | 张量 `t`，对所有梯度带 | 由模型自己算出的训练目标、交替拟合中固定的一半 |
#
# ### 嵌套的梯度带（选学）
#
# 梯度带嵌套时，`stop_recording` 只暂停调用它的那一个：

# %%
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        with inner_tape.stop_recording():
            u = x**2
        v = u * x

print("inner_tape:", inner_tape.gradient(v, x).numpy())
print("outer_tape:", outer_tape.gradient(v, x).numpy())

# %% [markdown] lang="en"
# On the outer tape is $v = x^3$, so it gives $3x^2 = 12$. On the inner one is $v = 4x$, so it gives 4.

# %% [markdown] lang="zh"
# 外层梯度带记录的是 $v = x^3$，给出 $3x^2 = 12$；内层记录的是 $v = 4x$，给出 4。

# %% [markdown] lang="en"
# ## Choose what is watched (optional)
#
# By itself a tape watches every trainable variable that is used in its block. With `watch_accessed_variables=False` it watches nothing that you do not name.

# %% [markdown] lang="zh"
# ## 自己决定监视什么（选学）
#
# 默认情况下，块中用到的每个可训练变量都会被监视（watch）。设了 `watch_accessed_variables=False`，就只监视你指定的那些。

# %%
with tf.GradientTape(watch_accessed_variables=False) as tape:
    tape.watch(x)
    z = x * y

print(tape.gradient(z, [x, y]))

# %% [markdown] lang="en"
# `x` is watched and gets 3. `y` is a constant for this tape: `None`.
#
# Where is it needed? Where most of a model stays as it is. The tape then records only what depends on the few variables that you name, and keeps only the values that those steps need. To *choose* what is trained it is not needed: that is done by the list of sources. Keras has a flag for it, `trainable = False`, and here is what the flag does and does not do:

# %% [markdown] lang="zh"
# `x` 受监视，得到 3；`y` 对这个梯度带来说是常量，得到 `None`。
#
# 什么时候需要它？当模型的大部分保持不变的时候。这样梯度带只记录依赖于那几个变量的运算，也只保存这些运算要用的值。如果只是要**选择**训练哪些参数，并不需要它，用源的列表来选就够了。Keras 为此提供了一个属性 `trainable = False`。它起什么作用、不起什么作用，请看：

# %%
layer = tf.keras.layers.Dense(1)
layer.build((None, 2))
layer.trainable = False

with tf.GradientTape() as tape:
    output = tf.reduce_sum(layer(tf.ones([1, 2])))

print("trainable_variables:", len(layer.trainable_variables))
print("watched_variables():", len(tape.watched_variables()))
print(tape.gradient(output, layer.kernel.value).numpy().tolist())

# %% [markdown] lang="en"
# The layer's list is empty, and the optimizer that gets this list will change nothing. But the tape, in Keras 3, watches both variables all the same, and gives their gradient if it is asked. So the list that you hand to `tape.gradient` decides.

# %% [markdown] lang="zh"
# 这一层的列表是空的，优化器拿到这个列表，什么也不会改。但在 Keras 3 里，梯度带照样监视这两个变量；只要对它们求梯度，就会得到结果。所以，起决定作用的是传给 `tape.gradient` 的那个列表。

# %% [markdown] lang="en"
# ## None or 0 (optional)
#
# A derivative with respect to something that the target does not depend on is 0. A tape returns `None` instead, an **unconnected gradient**, so that you notice a missing connection. If you know that there is none and want to go on calculating, ask for the 0:

# %% [markdown] lang="zh"
# ## None 还是 0（选学）
#
# 目标不依赖某个量，对它的导数就是 0。梯度带给出的却是 `None`，称为**未连接的梯度（unconnected）**：万一你以为有关而其实无关，这样容易发现。如果你确知两者无关，又要接着算下去，可以要求返回 0：


# %%
def gradients_of_two_losses(**options):
    with tf.GradientTape(persistent=True) as tape:
        fit = (x * y - 5.0) ** 2
        size = y**2
    return [tape.gradient(loss, [x, y], **options) for loss in (fit, size)]


print(gradients_of_two_losses()[1])
print([float(g) for g in gradients_of_two_losses(unconnected_gradients="zero")[1]])

# %% [markdown] lang="en"
# Adding the gradients of both losses fails with `None` and works with 0. (The tape here is **persistent**, since `gradient` is called twice.)

# %% [markdown] lang="zh"
# 要把两个损失的梯度相加，遇到 `None` 会出错，是 0 就没有问题。（这里调用了两次 `gradient`，所以用的是**持久梯度带（persistent）**。）

# %%
by_fit, by_size = gradients_of_two_losses(unconnected_gradients="zero")
print([float(a + b) for a, b in zip(by_fit, by_size)])

# %% [markdown] lang="en"
# Use it where mathematics says 0, not to silence a `None` that you did not expect. Lesson [9](09_when_gradients_go_missing.ipynb) finds out which of the two it is.

# %% [markdown] lang="zh"
# 只在数学上确实为 0 时才这样写，不要用它来掩盖意料之外的 `None`。究竟是哪一种，[第 9 课](09_when_gradients_go_missing.ipynb)会教你分辨。

# %% [markdown] lang="en"
# ## Begin again (optional)
#
# `tape.reset()` throws away what was recorded, in the middle of the block. This time `x` is a constant that is watched.

# %% [markdown] lang="zh"
# ## 清空重来（选学）
#
# `tape.reset()` 在块中间清空已有的记录。这一次，`x` 是受监视的常量。

# %%
x = tf.constant(2.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    first_try = tf.sin(x * y)
    tape.reset()
    second_try = x**2 * y

print(tape.gradient(second_try, [x, y]))

# %% [markdown] lang="en"
# The derivative with respect to `y` is $x^2 = 4$. With respect to `x` it is `None`, although `second_try` was computed from `x` after the reset: `reset` ended its `watch` as well. A variable is watched again as soon as it is used; a constant has to be watched again, right after `reset()`.
#
# You will rarely need it: a second `with` block does the same and is easier to read. Its place is a loop that throws tries away until one is good enough, all inside one block.

# %% [markdown] lang="zh"
# 对 `y` 的导数是 $x^2 = 4$；对 `x` 却是 `None`，尽管 `second_try` 是在清空之后由 `x` 算出的：`watch` 也一并清除了。变量一经使用就会重新受到监视，常量则要在 `reset()` 之后再写一次 `watch`。
#
# 这个方法很少用到，另写一个 `with` 块效果相同，而且更易读。它适合这样的循环：整个循环在同一个块里，一次次尝试，不满意就丢弃。

# %% [markdown] lang="en"
# ## Freeze a part of a variable
#
# A variable is watched as a whole. What if only some of its entries are to be trained? Take $f(w) = (w_0 - 2)^2 + 2(w_1 + 1)^2 + w_0 w_1$ from $w = (-2, 2)$, and let $w_1$ stay at 2. The easiest way is a **mask**: multiply the gradient by 1 where it may act and by 0 where it may not.

# %% [markdown] lang="zh"
# ## 冻结变量的一部分
#
# 变量是作为整体受监视的。如果只想训练其中几个元素呢？取 $f(w) = (w_0 - 2)^2 + 2(w_1 + 1)^2 + w_0 w_1$，从 $w = (-2, 2)$ 出发，让 $w_1$ 保持为 2。最简单的办法是**掩码（mask）**：允许更新的位置乘以 1，不允许的乘以 0。


# %%
def f(w):
    return (w[0] - 2.0) ** 2 + 2.0 * (w[1] + 1.0) ** 2 + w[0] * w[1]


def path(mask, steps=25, learning_rate=0.15):
    w = tf.Variable([-2.0, 2.0])
    places = [w.numpy()]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = f(w)
        w.assign_sub(learning_rate * tf.constant(mask) * tape.gradient(loss, w))
        places.append(w.numpy())
    return np.array(places)


free, frozen = path([1.0, 1.0]), path([1.0, 0.0])
print(free[-1].round(3), frozen[-1].round(3))

# %% [markdown] lang="en"
# Two things to look for in the figure: the frozen path (squares) is a horizontal line, and it ends where that line touches a contour, since there the arrow of the gradient has no part along $w_0$.

# %% [markdown] lang="zh"
# 看图时注意两点：冻结后的路径（方块）是一条水平线；它停在这条水平线与等高线相切的地方，因为那里的梯度沿 $w_0$ 的分量为零。

# %%
ax = gt.plot_gradient_field(
    lambda a, b: (a - 2.0) ** 2 + 2.0 * (b + 1.0) ** 2 + a * b, (-3, 4), (-3, 3)
)
ax.plot(*free.T, "o-", color="0.15", markersize=4)
ax.plot(*frozen.T, "s-", color="C1", markersize=4)
ax.set(xlabel="$w_0$", ylabel="$w_1$")
plt.show()

# %% [markdown] lang="en"
# The free path ends (nearly, after 25 steps) at the minimum of $f$, the frozen one at $w_0 = 1$, the minimum on its line: $2(w_0 - 2) + w_1 = 0$ for $w_1 = 2$.
#
# The mask can stand in the calculation as well. `tf.where` takes the variable where it is to be trained and a stopped copy where it is not. The values are the same, the gradient has its zeros from the tape, and nobody can forget to multiply. It has to stand inside the block: from a line before it, no way to `w` would be on the record:

# %% [markdown] lang="zh"
# 不冻结的路径走了 25 步，几乎到了 $f$ 的最小值点；冻结的停在 $w_0 = 1$，也就是这条直线上的最小值点：$w_1 = 2$ 时 $2(w_0 - 2) + w_1 = 0$。
#
# 掩码也可以写进计算里。`tf.where` 在要训练的位置取变量本身，在不训练的位置取切断了梯度的副本。数值不变，梯度中的零由梯度带给出，不会忘了去乘。这一行要写在块里，每一步都算；如果事先在块外算好，通向 `w` 的路就不在记录里：

# %%
w = tf.Variable([-2.0, 2.0])
trained = tf.constant([True, False])

with tf.GradientTape() as tape:
    loss = f(tf.where(trained, w, tf.stop_gradient(w)))

print(tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# ## Change entries of a tensor
#
# A tensor cannot be changed, and `t[1] = 5.0` is an error. A variable can, by `v[1].assign(...)`, but an assignment keeps a number and not where it came from: the gradient through it is `None`. What keeps the gradient is a **functional update**: a function that returns a *new* tensor, with some entries replaced.
#
# `tf.tensor_scatter_nd_update(tensor, indices, updates)` does it. Below, entry 1 of $v = (1, 2, 3)$ is replaced by $v_0^2$, and the target is the sum of the squares.
#
# **Predict first.** The gradient with respect to $v_0$, $v_1$, $v_2$: which of them is 0?

# %% [markdown] lang="zh"
# ## 修改张量的元素
#
# 张量不可修改，写 `t[1] = 5.0` 会报错。变量可以用 `v[1].assign(...)` 修改，但赋值只保留数值，不保留它是怎样算出来的：经过它的梯度是 `None`。能保住梯度的是**函数式更新**：用一个函数返回**新的**张量，其中部分元素已被替换。
#
# `tf.tensor_scatter_nd_update(tensor, indices, updates)` 就是这样的函数。下面把 $v = (1, 2, 3)$ 的 1 号元素换成 $v_0^2$，目标是各元素的平方和。
#
# **先猜一猜。** 对 $v_0$、$v_1$、$v_2$ 的梯度，哪一个是 0？

# %%
gt.predict("7.b", ...)

# %%
v = tf.Variable([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    new = tf.tensor_scatter_nd_update(v, indices=[[1]], updates=[v[0] ** 2])
    loss = tf.reduce_sum(new**2)
gradient = tape.gradient(loss, v)

print(new.numpy(), gradient.numpy())
gt.predict("7.b", outcome=gradient)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# $v_1$: it was overwritten, so the loss does not depend on it. The loss is $v_0^2 + v_0^4 + v_2^2$, with the gradient $(2v_0 + 4v_0^3,\; 0,\; 2v_2) = (6, 0, 6)$. What was put in has its way back, to $v_0$.
#
# </details>
#
# Here is the record. Two ways lead back to $v$: one through the numbers that stayed, one through the number that was put in.

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 $v_1$：它被覆盖了，损失与它无关。损失是 $v_0^2 + v_0^4 + v_2^2$，梯度是 $(2v_0 + 4v_0^3,\; 0,\; 2v_2) = (6, 0, 6)$。填进去的数也有一条往回的路，通向 $v_0$。
#
# </details>
#
# 下面是记录下来的计算图。回到 $v$ 的路有两条：一条经过保留的元素，一条经过填进去的元素。


# %%
def updated(v):
    new = tf.tensor_scatter_nd_update(v, [[1]], [v[0] ** 2])
    return tf.reduce_sum(new**2)


gt.draw_tape(updated, tf.constant([1.0, 2.0, 3.0]))
plt.show()

# %% [markdown] lang="en"
# Its relatives are `tf.tensor_scatter_nd_add`, which adds instead of replacing, and `tf.where(mask, a, b)`, which is often all one needs. To build a row entry by entry, collect the entries in a list and `tf.stack` them.

# %% [markdown] lang="zh"
# 同类函数还有 `tf.tensor_scatter_nd_add`，它是相加而不是替换；以及 `tf.where(mask, a, b)`，很多时候用它就够了。要逐个元素地构造一行，可以先放进列表，再用 `tf.stack` 合起来。

# %% [markdown] lang="en"
# ## A derivative of your own
#
# Sometimes the tape's own way back is right in mathematics and fails in numbers. The function $f(x) = \log(1 + e^x)$ is a smooth version of ReLU, $\max(x, 0)$, and its derivative is the *sigmoid* $e^x/(1 + e^x)$, between 0 and 1. At $x = 100$ it rounds to 1.

# %% [markdown] lang="zh"
# ## 自定义导数
#
# 有时，梯度带给出的求导过程在数学上是对的，数值上却行不通。函数 $f(x) = \log(1 + e^x)$ 是光滑版的 ReLU（即 $\max(x, 0)$），导数是 **sigmoid**，即 $e^x/(1 + e^x)$，介于 0 和 1 之间（log 指自然对数）。在 $x = 100$ 处，舍入后应当是 1。


# %%
def naive(x):
    return tf.math.log(1.0 + tf.exp(x))


value, slope = gt.value_and_gradient(naive, tf.constant(100.0))
print(value.numpy(), slope.numpy())

# %% [markdown] lang="en"
# Infinity and no number. $e^{100}$ is larger than any float32, so it becomes `inf` (*overflow*); on the way back the tape multiplies $e^x$ by $1/(1 + e^x)$, and `inf` times 0 is `nan`.
#
# `tf.custom_gradient` lets us write the way back ourselves. The decorated function returns two things: its value, and a function that takes the gradient that arrives from above, `upstream`, and returns what goes on to `x`. By the chain rule that is `upstream` times the derivative of this step. We write the derivative as $1 - 1/(1 + e^x)$, where `inf` does no harm (for very negative $x$ it rounds to 0; `tf.sigmoid` below is good on both sides), and leave the value as it is for now.
#
# **Predict first.** The value stays `inf`. And the gradient at 100?

# %% [markdown] lang="zh"
# 一个是无穷大，一个是 NaN，这类问题叫**数值稳定性**问题。$e^{100}$ 超出了 float32 的范围（**上溢**），成了 `inf`；反向传播时要算 $e^x$ 乘以 $1/(1 + e^x)$，而 `inf` 乘以 0 得 `nan`。
#
# 用 `tf.custom_gradient` 可以自己写反向传播的规则。被装饰的函数返回两样东西：它的值，以及一个函数。这个函数接收从后面传来的梯度 `upstream`，返回传给 `x` 的梯度。按链式法则，就是 `upstream` 乘以这一步的局部导数。我们把导数写成 $1 - 1/(1 + e^x)$，这里出现 `inf` 也无妨（$x$ 很负时会舍入成 0；下面的 `tf.sigmoid` 两边都好）；函数值暂且不改。
#
# **先猜一猜。** 函数值仍然是 `inf`。那么 100 处的梯度呢？

# %%
gt.predict("7.c", ...)


# %%
@tf.custom_gradient
def with_own_gradient(x):
    e = tf.exp(x)

    def backward(upstream):
        return upstream * (1.0 - 1.0 / (1.0 + e))

    return tf.math.log(1.0 + e), backward


value, slope = gt.value_and_gradient(with_own_gradient, tf.constant(100.0))
print(value.numpy(), slope.numpy())
gt.predict("7.c", outcome=slope)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# 1, the right derivative of a value that is wrong. The tape uses what `backward` returns without any check. It would use a wrong formula in the same way, which is why a derivative of one's own has to be tested.
#
# </details>
#
# Now the value as well: $\log(1 + e^x) = \max(x, 0) + \log(1 + e^{-|x|})$, where the exponent is never positive. And the test: `gt.check_gradients` compares the tape's gradient with central differences.

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 1：函数值是错的，导数却是对的。`backward` 返回什么，梯度带就用什么，不作检查。公式写错了，它同样照用。所以自己写的导数一定要检验。
#
# </details>
#
# 再把函数值也改好：$\log(1 + e^x) = \max(x, 0) + \log(1 + e^{-|x|})$，其中的指数永远不为正。然后检验：`gt.check_gradients` 把梯度带的结果与有限差分（数值微分）中的中心差分对比。


# %%
@tf.custom_gradient
def stable(x):
    def backward(upstream):
        return upstream * tf.sigmoid(x)

    return tf.maximum(x, 0.0) + tf.math.log1p(tf.exp(-abs(x))), backward


value, slope = gt.value_and_gradient(stable, tf.constant(100.0))
print(value.numpy(), slope.numpy())
print(bool(gt.check_gradients(stable, 1.5)), bool(gt.check_gradients(stable, -20.0)))

# %% [markdown] lang="en"
# (TensorFlow has this function ready, as `tf.math.softplus`; look for a ready one before you write your own.)
#
# ### Where it breaks, and the second derivative (optional)
#
# Both derivatives in float32, a dot at $x = 71, 74, 77$ and so on. Where do the dots end on the left?

# %% [markdown] lang="zh"
# （TensorFlow 已经提供了这个函数，叫 `tf.math.softplus`。自己动手之前，先找找有没有现成的。）
#
# ### 从哪里开始失效，以及二阶导数（选学）
#
# 下面并排画出两者在 float32 下的导数，在 $x = 71, 74, 77$ 等处各画一个点。左图的点到哪里为止？

# %%
points = tf.range(71.0, 110.0, 3.0)
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, function in zip(axes, [naive, stable]):
    _, slopes = gt.value_and_gradient(lambda x: tf.reduce_sum(function(x)), points)
    exists = np.isfinite(slopes.numpy())
    ax.plot(points[exists], slopes[exists], "o", color="C0")
    if not exists.all():
        ax.axvspan(points[~exists].numpy().min(), 110.0, color="C1", alpha=0.2)
    ax.set(xlabel="$x$", xlim=(70, 110), ylim=(0, 1.2))
axes[0].set_ylabel("$f'(x)$")
axes[0].set_title(r"$\log(1 + e^x)$")
axes[1].set_title(r"$\max(x, 0) + \log(1 + e^{-|x|})$")
plt.show()

# %% [markdown] lang="en"
# At 86. From about 88.7 on, $e^x$ is too large for a float32, and in the shaded part every derivative is `nan`. On the right the dots go on.
#
# Since `backward` is made of TensorFlow's operations, it is recorded too, and a second tape differentiates it. With $\sigma(x) = 1/(1 + e^{-x})$, the sigmoid, which equals $e^x/(1 + e^x)$, $f'' = \sigma(x)(1 - \sigma(x))$ is largest at 0, with 0.25:

# %% [markdown] lang="zh"
# 到 86 为止。大约从 88.7 起，$e^x$ 超出了 float32 的范围，阴影部分的导数全是 `nan`。右图的点一直延续下去。
#
# `backward` 由 TensorFlow 的运算组成，也会被记录，外层再套一个梯度带就能求二阶导数。记 $\sigma(x) = 1/(1 + e^{-x})$，即 sigmoid 函数（等于 $e^x/(1 + e^x)$），则 $f'' = \sigma(x)(1 - \sigma(x))$ 在 0 处最大，等于 0.25：

# %%
print(gt.derivatives(stable, [-2.0, 0.0, 2.0], order=2)[2].numpy().round(4))

# %% [markdown] lang="en"
# ## Clip on the way back (optional)
#
# A `custom_gradient` need not be the derivative of its value. This one returns its input unchanged and bounds what comes back, between $-1$ and 1 (*gradient clipping*). Some networks that read long sequences are kept from exploding gradients in this way, in the middle of the calculation. (More often the gradient is clipped after it has been computed: lesson 10.)

# %% [markdown] lang="zh"
# ## 在反向传播途中裁剪（选学）
#
# `custom_gradient` 给出的不一定非得是函数值的导数。下面这个函数原样返回输入，只是把传回来的梯度限制在 $-1$ 到 1 之间，即**梯度裁剪**（gradient clipping）。有些处理长序列的网络会用这种办法，在计算的中途防止梯度爆炸。（更常见的是求出梯度之后再裁剪，见第 10 课。）


# %%
@tf.custom_gradient
def clip_on_the_way_back(x):
    def backward(upstream):
        return tf.clip_by_value(upstream, -1.0, 1.0)

    return tf.identity(x), backward


gt.plot_derivatives(lambda x: clip_on_the_way_back(x) ** 2, (-2.0, 2.0), order=1)
plt.show()

# %% [markdown] lang="en"
# The curve is $x^2$ as ever. The dashed line is $2x$ in the middle and is cut off at $\pm 1$: it is the gradient that training gets, and it is no longer the slope of the curve. Where something is cut off, `check_gradients` disagrees, and it should:

# %% [markdown] lang="zh"
# 曲线还是 $x^2$。虚线在中间是 $2x$，到 $\pm 1$ 被截平：这是训练时得到的梯度，已经不是曲线的导数了。在被截平的地方，`check_gradients` 会判为不一致，本该如此：

# %%
print(bool(gt.check_gradients(lambda x: clip_on_the_way_back(x) ** 2, 0.3)))
print(bool(gt.check_gradients(lambda x: clip_on_the_way_back(x) ** 2, 1.5)))

# %% [markdown] lang="en"
# ## A NumPy routine with a gradient (optional)
#
# Where is a planet at a given time? Kepler's equation $E - e\sin E = M$ gives an angle $E$, which determines its place, from the angle $M$, which is proportional to time (astronomers say *eccentric* and *mean anomaly*; both are in radians), and the orbit's eccentricity $e$. No formula of elementary functions solves it for $E$, so a NumPy routine iterates. The tape cannot see into NumPy. But the derivative is known without seeing: differentiate both sides of the equation (*implicit differentiation*),
#
# $$
# \frac{\partial E}{\partial M} = \frac{1}{1 - e\cos E}, \qquad \frac{\partial E}{\partial e} = \frac{\sin E}{1 - e\cos E}
# $$
#
# `tf.numpy_function` makes an operation of the routine, and `custom_gradient` gives it this way back. With two arguments, `backward` returns two gradients. (`.agrees` of a check says the same as `bool(...)` of it.)

# %% [markdown] lang="zh"
# ## 给 NumPy 程序加上梯度（选学）
#
# 行星在某一时刻位于哪里？开普勒方程 $E - e\sin E = M$ 由角 $M$（与时间成正比）和轨道的偏心率 $e$ 给出一个角 $E$，由它定出位置（$M$ 和 $E$ 都以弧度为单位，天文上叫平近点角和偏近点角）。$E$ 没有用初等函数表示的解析解（闭式解），只能用 NumPy 程序迭代。梯度带看不到 NumPy 内部，但不看内部也能知道导数：对方程两边求导（**隐函数求导**），
#
# $$
# \frac{\partial E}{\partial M} = \frac{1}{1 - e\cos E}, \qquad \frac{\partial E}{\partial e} = \frac{\sin E}{1 - e\cos E}
# $$
#
# `tf.numpy_function` 把这段程序变成一个运算，再用 `custom_gradient` 给它写上反向传播的规则。有两个自变量，`backward` 就返回两个梯度。（检验结果的 `.agrees` 与前面的 `bool(...)` 是一个意思。）


# %%
def solve_kepler(M, e):
    E = M + e * np.sin(M)
    for _ in range(30):
        E = E - (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
    return E


@tf.custom_gradient
def kepler(M, e):
    E = tf.numpy_function(solve_kepler, [M, e], M.dtype)
    E = tf.ensure_shape(E, M.shape)

    def backward(upstream):
        E = kepler(M, e)
        by_M = upstream / (1.0 - e * tf.cos(E))
        return by_M, tf.reduce_sum(by_M * tf.sin(E))

    return E, backward


print(gt.check_gradients(kepler, 1.0, 0.8).agrees)
gt.plot_derivatives(lambda M: kepler(M, tf.constant(0.8, M.dtype)), (0.5, 5.78))
plt.show()

# %% [markdown] lang="en"
# The dashed curve says how fast the angle $E$ grows: fast near the sun, towards $M = 0$ and $2\pi$, and slow in between. The third curve is the second derivative of $E$. It exists because `backward` calls `kepler` again, so that its `E` has a way back: the `E` from outside comes straight from NumPy, and with it the second derivative would have been `None`, which `gt.derivatives` and the figure show as 0.
#
# What does a slip look like? With $1 + e\cos E$ below the line, the check says no:

# %% [markdown] lang="zh"
# 虚线是角 $E$ 增大的快慢：靠近 $M = 0$ 和 $2\pi$ 时离太阳近，增大得快，中间较慢。第三条曲线是 $E$ 的二阶导数。能求出它，是因为 `backward` 里又调用了一次 `kepler`，这样得到的 `E` 有求导法则；外面的 `E` 直接来自 NumPy，没有记录，用它的话二阶导数就是 `None`，`gt.derivatives` 和图把它当作 0。
#
# 如果公式写错了呢？把分母写成 $1 + e\cos E$，检验就通不过：


# %%
@tf.custom_gradient
def kepler_with_a_slip(M, e):
    E = tf.numpy_function(solve_kepler, [M, e], M.dtype)

    def backward(upstream):
        by_M = upstream / (1.0 + e * tf.cos(E))
        return by_M, tf.reduce_sum(by_M * tf.sin(E))

    return E, backward


print(gt.check_gradients(kepler_with_a_slip, 1.0, 0.8).agrees)

# %% [markdown] lang="en"
# ## Two models, two tapes (optional)
#
# A **generator** makes numbers, a **discriminator** says how likely a number is to be real. Each has a loss of its own, and each loss depends on the parameters of both. Trained together they are called a GAN. Ours is as small as can be: the generator $az + b$ turns standard normal numbers $z$ into others, the discriminator is a sigmoid of a parabola, $\sigma(d_0 + d_1 u + d_2 u^2)$. The real numbers have mean 4 and standard deviation 0.5. In place of random numbers we take 200 quantiles (`tf.math.ndtri` gives them), so that every run gives the same.

# %% [markdown] lang="zh"
# ## 两个模型，两个梯度带（选学）
#
# **生成器**产生一些数，**判别器**判断一个数有多大可能是真的。两者各有自己的损失，而每个损失都依赖双方的参数。这样一起训练的两个模型叫作 GAN（生成对抗网络）。我们取一个最小的例子：生成器 $az + b$ 把标准正态分布的数 $z$ 变成别的数，判别器是抛物线套上 sigmoid，即 $\sigma(d_0 + d_1 u + d_2 u^2)$。真实的数均值为 4，标准差为 0.5。这里不用随机数，而取 200 个分位数（用 `tf.math.ndtri` 求得），这样每次运行的结果都一样。

# %%
z = tf.math.ndtri((tf.range(200.0) + 0.5) / 200.0)
real = 4.0 + 0.5 * z

generator = tf.Variable([1.0, 0.0])
discriminator = tf.Variable([0.0, 0.0, 0.0])


def generate():
    return generator[0] * z + generator[1]


def score(numbers):
    u = (numbers - 2.0) / 2.0
    return discriminator[0] + discriminator[1] * u + discriminator[2] * u**2


def losses(fake):
    taken_for_false = tf.reduce_mean(tf.math.softplus(-score(real)))
    taken_for_real = tf.reduce_mean(tf.math.softplus(score(fake)))
    smooth = 0.05 * tf.reduce_sum(discriminator**2)
    found_out = tf.reduce_mean(tf.math.softplus(-score(fake)))
    return taken_for_false + taken_for_real + smooth, found_out


# %% [markdown] lang="en"
# The discriminator's loss is small where it gives the data high scores and what is generated low ones (and where its own numbers are small); the generator's is small where what it generates gets high scores. (In the code, `taken_for_false` is the loss from data taken for generated, `taken_for_real` that from generated numbers taken for data, `found_out` that from generated numbers that are recognised. `softplus(-score)` is large where the score is low, `softplus(score)` where it is high: this is the cross-entropy of lesson 5, for two classes.) Both losses come from one forward pass, so with one tape `gradient` would have to be called twice. There are two ways: one persistent tape, or two tapes over the same block. With two, each frees its record after its one call. Each loss is differentiated with respect to **its own** model's parameters, and both gradients are taken before anything is changed.

# %% [markdown] lang="zh"
# 真数据得分越高、生成的数得分越低（而且自己的参数不大），判别器的损失就越小；生成的数得分越高，生成器的损失就越小。（代码里 `taken_for_false` 是真数据被判为假的损失，`taken_for_real` 是生成的数被判为真的损失，`found_out` 是生成的数被判为假的损失。`softplus(-score)` 在得分低时大，`softplus(score)` 在得分高时大，它们就是第 5 课的交叉熵，这里只有两类。）两个损失来自同一次前向传播，只用一个梯度带就得调用两次 `gradient`。办法有两种：一个持久梯度带，或者两个梯度带共用一个块。用两个时，各自求完梯度就释放记录。每个损失只对**自己**那个模型的参数求导，而且要先求出两个梯度，再更新参数。


# %%
@tf.function
def train():
    with tf.GradientTape() as for_discriminator, tf.GradientTape() as for_generator:
        loss_d, loss_g = losses(generate())
    by_d = for_discriminator.gradient(loss_d, discriminator)
    by_g = for_generator.gradient(loss_g, generator)
    discriminator.assign_sub(1.0 * by_d)
    generator.assign_sub(0.3 * by_g)


snapshots = {}
for step in range(601):
    if step in (0, 3, 600):
        snapshots[step] = generate().numpy(), discriminator.numpy()
    train()
print(generator.numpy().round(2))

# %% [markdown] lang="en"
# The generator has found a standard deviation of 0.5 and a mean of 4. It never saw a real number: all that it knows came back through the discriminator. In the figure, the grey bars are real, the outlined ones made, and the dashed line is what the discriminator thinks, from 0 to 1. Watch the dashed line.

# %% [markdown] lang="zh"
# 生成器得到了标准差 0.5 和均值 4。它从未见过真实的数，所知道的一切都是经过判别器传回来的。图中灰色是真实的数，空心是生成的数，虚线是判别器的判断，从 0 到 1。请注意虚线的变化。

# %% tags=["rtol=0.02"]
fig, axes = plt.subplots(1, 3, sharey=True)
bins = np.linspace(-3, 6, 46)
grid = np.linspace(-3, 6, 200)
for ax, (step, (made, d)) in zip(axes, snapshots.items()):
    u = (grid - 2) / 2
    ax.hist(real, bins, color="0.75", weights=np.full(200, 1 / 100))
    ax.hist(made, bins, histtype="step", color="C1", weights=np.full(200, 1 / 100))
    ax.plot(grid, 1 / (1 + np.exp(-(d[0] + d[1] * u + d[2] * u**2))), "--", color="C0")
    ax.set(title=f"$n = {step}$", xlabel="$x$", ylim=(0, 1.05))
plt.show()

# %% [markdown] lang="en"
# At first the discriminator gives one half everywhere. After three steps it rises to the right: its slope moves the made numbers that way, though so far only a little. At the end both sets lie on each other, and the discriminator is back at one half: they cannot be told apart.

# %% [markdown] lang="zh"
# 开始时判别器什么也不知道，处处是二分之一。三步之后，它向右上升，它的梯度把生成的数往那边推，但还只推了一点。最后两组数重合，判别器又回到二分之一：再也分不出来了。

# %% [markdown] lang="en"
# ## Inside its own block, and in other threads (optional)
#
# `gradient` may be called inside the block of its own tape. An ordinary tape stops recording with this call: nothing after it in the block is on record. A persistent one goes on, and records the backward pass too; TensorFlow warns of that, since the record grows with every call. The cell calls `gradient` in four places:
#
# 1. a persistent tape, in its block;
# 2. a persistent tape, in its block, but paused;
# 3. a persistent tape, after its block;
# 4. an ordinary tape, in its block; then the variable `later` is used for the first time.
#
# Lines 1 to 3 end with the derivative of `slope`, or with `None` where `slope` is not on the record. Line 4 ends with a list, which says of each watched variable whether it is `later`. Is `later` watched?

# %% [markdown] lang="zh"
# ## 在块内求梯度，以及线程（选学）
#
# 可以在梯度带自己的块里调用 `gradient`。普通梯度带一经调用就停止记录，块里后面的运算都不在记录里。持久梯度带会继续记录，连反向传播也记下来；每调用一次，记录就增长一截，所以 TensorFlow 会警告。下面在四个位置调用 `gradient`：
#
# 1. 持久梯度带，在块里；
# 2. 持久梯度带，在块里，但暂停；
# 3. 持久梯度带，在块外；
# 4. 普通梯度带，在块里；调用之后才第一次用到变量 `later`。
#
# 第 1 到 3 行的末尾是 `slope` 的导数；`slope` 没有被记录时是 `None`。第 4 行的末尾是一个列表，逐个说明受监视的变量是不是 `later`。`later` 受到监视了吗？

# %%
x = tf.Variable(2.0)

with tf.GradientTape(persistent=True) as tape:
    y = x**3
    slope = tape.gradient(y, x)
print(1, slope.numpy(), tape.gradient(slope, x))

with tf.GradientTape(persistent=True) as tape:
    y = x**3
    with tape.stop_recording():
        slope = tape.gradient(y, x)
print(2, slope.numpy(), tape.gradient(slope, x))

with tf.GradientTape(persistent=True) as tape:
    y = x**3
slope = tape.gradient(y, x)
print(3, slope.numpy(), tape.gradient(slope, x))
del tape

with tf.GradientTape() as tape:
    slope = tape.gradient(x**3, x)
    later = tf.Variable(1.0)
    z = later * 2.0
print(4, slope.numpy(), [variable is later for variable in tape.watched_variables()])

# %% [markdown] lang="en"
# If you need the first derivative only, call `gradient` after the block. If you need it half-way, for example to steer the rest of the calculation, pause the tape. If you need the second derivative, nest two tapes as in lesson [4](04_higher_order_derivatives.ipynb).
#
# A tape records the thread in which its block runs, and no other. A function that starts threads of its own, or a data loader that computes in one, leaves no trace:

# %% [markdown] lang="zh"
# 只需要一阶导数，就在块结束之后调用 `gradient`。如果中途就要用它，比如据此决定后面怎样算，就让梯度带暂停。需要二阶导数，就像第 [4](04_higher_order_derivatives.ipynb) 课那样嵌套两个梯度带。
#
# 梯度带只记录块所在的那个线程，不记录别的线程。函数如果自己另开线程，或者数据是在另一个线程里算的，就不会留下任何记录：

# %%
results = {}


def cube():
    results["y"] = x**3


with tf.GradientTape() as tape:
    thread = threading.Thread(target=cube)
    thread.start()
    thread.join()
print(tape.gradient(results["y"], x))


def cube_with_a_tape():
    with tf.GradientTape() as tape:
        y = x**3
    results["gradient"] = tape.gradient(y, x)


thread = threading.Thread(target=cube_with_a_tape)
thread.start()
thread.join()
print(results["gradient"].numpy())

# %% [markdown] lang="en"
# The repair is to put the whole tape, block and `gradient` call, into the function that the thread runs. With several devices and `strategy.run` (lesson 10) it is the same: the tape belongs in the function that each device runs.

# %% [markdown] lang="zh"
# 改法是把整个梯度带，包括 `with` 块和 `gradient` 的调用，都放进线程所运行的函数里。用多个设备和 `strategy.run`（第 10 课）时也是一样：梯度带要放进每个设备所运行的函数里。

# %% [markdown] lang="en"
# ## Watch out
#
# ### A mask, and an optimizer that moves by itself (optional)
#
# **Predict first.** A gradient of 0 and an optimizer with weight decay, `AdamW`, which also shrinks every weight a little at each step: does the masked entry, which starts at 1, stay where it is?

# %% [markdown] lang="zh"
# ## 当心
#
# ### 掩码挡不住优化器（选学）
#
# **先猜一猜。** 梯度为 0，而优化器带有权重衰减，比如 `AdamW`，它每一步还把所有权重缩小一点：被掩码挡住的那个元素从 1 开始，会停在原处吗？

# %%
gt.predict("7.d", ...)

# %%
w = tf.Variable([1.0, 1.0])
mask = tf.constant([0.0, 1.0])
optimizer = tf.keras.optimizers.AdamW(learning_rate=0.1, weight_decay=0.1)

for _ in range(10):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 5.0) ** 2)
    optimizer.apply_gradients([(mask * tape.gradient(loss, w), w)])

print(w.numpy().round(3))
gt.predict("7.d", outcome=w[0])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It moves, to 0.904. Weight decay shrinks every entry of the variable, whatever its gradient. Momentum is the same kind of trap, if the mask is put on after some steps: the optimizer goes on in the old direction.
#
# </details>
#
# A mask on the gradient stops the gradient and nothing else. To be sure that numbers stay, keep them out of the variable: a constant for the fixed part, a variable for the free one, and a functional update that puts the two together.

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 会动，变成了 0.904。权重衰减使变量的每个元素都缩小，不管梯度是多少。动量也会这样：走了几步之后再加掩码，优化器还会沿原来的方向继续走。
#
# </details>
#
# 给梯度加掩码，挡住的只有梯度。要保证某些数不变，就不要把它们放进变量：固定的部分用常量，自由的部分用变量，再用函数式更新合在一起。

# %%
fixed = tf.constant([1.0, 0.0])
trained_part = tf.Variable([1.0])
optimizer = tf.keras.optimizers.AdamW(learning_rate=0.1, weight_decay=0.1)

for _ in range(10):
    with tf.GradientTape() as tape:
        w = tf.tensor_scatter_nd_update(fixed, [[1]], trained_part)
        loss = tf.reduce_sum((w - 5.0) ** 2)
    gradient = tape.gradient(loss, trained_part)
    optimizer.apply_gradients([(gradient, trained_part)])

w = tf.tensor_scatter_nd_update(fixed, [[1]], trained_part)
print(w.numpy().round(3))

# %% [markdown] lang="en"
# ### Written into a variable (optional)
#
# The commonest way to lose a gradient while filling a table. The number arrives in `row`, its origin does not:

# %% [markdown] lang="zh"
# ### 写进变量（选学）
#
# 在填写表格时，梯度最常这样丢失。数值进了 `row`，怎样算出来的却没有记录：

# %%
a = tf.Variable(3.0)
row = tf.Variable(tf.zeros(3))

with tf.GradientTape() as tape:
    row[1].assign(a**2)
    loss = tf.reduce_sum(row)
print(loss.numpy(), tape.gradient(loss, a))

with tf.GradientTape() as tape:
    row = tf.tensor_scatter_nd_update(tf.zeros(3), [[1]], [a**2])
    loss = tf.reduce_sum(row)
print(loss.numpy(), tape.gradient(loss, a).numpy())

# %% [markdown] lang="en"
# ### The forgotten upstream
#
# A way back that returns the derivative alone, without `upstream`, is right as long as nothing comes after it. Even `check_gradients` finds nothing wrong with the function by itself:

# %% [markdown] lang="zh"
# ### 忘了乘 upstream
#
# 反向传播的规则如果只返回导数，没有乘 `upstream`，只要后面不再有运算，结果就是对的。单独检验这个函数，连 `check_gradients` 也发现不了：


# %%
@tf.custom_gradient
def own_sine(x):
    def backward(upstream):
        return tf.cos(x)

    return tf.sin(x), backward


print(bool(gt.check_gradients(own_sine, 0.7)))
print(bool(gt.check_gradients(lambda x: own_sine(x) ** 2, 0.7)))

# %% [markdown] lang="en"
# So test a gradient of your own inside something: square it, or multiply it by 3.

# %% [markdown] lang="zh"
# 所以检验自己写的梯度，要把它放进别的运算里：求平方，或者乘以 3。

# %% [markdown] lang="en"
# ### Stopped too much
#
# `stop_gradient` around a whole prediction leaves nothing to train, and the helper names the operation that cuts the way:

# %% [markdown] lang="zh"
# ### 切断得太多
#
# `stop_gradient` 如果把整个预测都包进去，就没有什么可训练的了。诊断会指出断在哪里：

# %%
slope, offset = tf.Variable(0.5), tf.Variable(0.1)


def loss_that_trains_nothing(slope, offset):
    prediction = tf.stop_gradient(slope * 3.0 + offset)
    return (prediction - 6.0) ** 2


gt.explain_gradient(loss_that_trains_nothing, slope, offset)

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("07")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("7.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 7.1** (what will this print?) Follow the cell with pencil and paper, and write what it prints (a number, with or without quotes).
#
# ```python
# x = tf.Variable(3.0)
# with tf.GradientTape() as tape:
#     y = x**2
#     with tape.stop_recording():
#         a = 10.0 * y
#     z = y + x * a
# print(tape.gradient(z, x).numpy())
# ```

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("7.1")` 给出提示，一次一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 7.1**（读程序，写输出）用纸笔推算下面的代码，写出它打印的内容（一个数，加不加引号都行）。
#
# ```python
# x = tf.Variable(3.0)
# with tf.GradientTape() as tape:
#     y = x**2
#     with tape.stop_recording():
#         a = 10.0 * y
#     z = y + x * a
# print(tape.gradient(z, x).numpy())
# ```

# %%
printed = ...
# BEGIN SOLUTION
printed = "96.0"
# END SOLUTION

# %%
gt.check("7.1", printed)

# %% [markdown] lang="en"
# **Exercise 7.2** (freeze) Write `freeze(w, mask)`. It returns a tensor with the values of `w`; through it, a gradient reaches `w` only where `mask` is 1 and not where it is 0. Both have the same shape, and `mask` holds floats.

# %% [markdown] lang="zh"
# **练习 7.2**（冻结）写出 `freeze(w, mask)`。它返回一个张量，数值与 `w` 相同；经过它，只有 `mask` 为 1 的地方梯度能传到 `w`，为 0 的地方传不到。两者形状相同，`mask` 是浮点数。


# %%
def freeze(w, mask):
    # BEGIN SOLUTION
    return mask * w + (1.0 - mask) * tf.stop_gradient(w)
    # END SOLUTION


# %%
gt.check("7.2", freeze)

# %% [markdown] lang="en"
# **Exercise 7.3** (two players) The first player moves `a` and wants `f(a, b)` to be small, the second moves `b` and wants `g(a, b)` to be small. Write `two_gradients(f, g, a, b)` for two variables: it returns the gradient of `f(a, b)` with respect to `a` and that of `g(a, b)` with respect to `b`, in this order.

# %% [markdown] lang="zh"
# **练习 7.3**（两个玩家）第一个玩家调整 `a`，希望 `f(a, b)` 小；第二个玩家调整 `b`，希望 `g(a, b)` 小。写出 `two_gradients(f, g, a, b)`，`a`、`b` 是两个变量；依次返回 `f(a, b)` 对 `a` 的梯度和 `g(a, b)` 对 `b` 的梯度。


# %%
def two_gradients(f, g, a, b):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape_f, tf.GradientTape() as tape_g:
        loss_f, loss_g = f(a, b), g(a, b)
    return tape_f.gradient(loss_f, a), tape_g.gradient(loss_g, b)
    # END SOLUTION


# %%
gt.check("7.3", two_gradients)

# %% [markdown] lang="en"
# Let them play: `f` is $(a - b)^2$, the first follows the second; `g` is $(a - b)^2$ with a minus, the second flees, but not far, for it also pays $2b^2$. Where do they end?

# %% [markdown] lang="zh"
# 让他们玩起来：`f` 是 $(a - b)^2$，第一个追第二个；`g` 是它的相反数再加上 $2b^2$，第二个要逃，但逃远了要付代价。他们最后停在哪里？

# %%
# BEGIN SOLUTION
a, b = tf.Variable(2.0), tf.Variable(-1.0)
for _ in range(60):
    by_a, by_b = two_gradients(
        lambda a, b: (a - b) ** 2, lambda a, b: 2.0 * b**2 - (a - b) ** 2, a, b
    )
    a.assign_sub(0.1 * by_a)
    b.assign_sub(0.1 * by_b)
print(abs(round(float(a), 2)), abs(round(float(b), 2)))
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 7.4** (the other way round) In some networks, for domain adaptation say, one part is to *lose* what another part wins. Between them stands a function that changes no value and turns the gradient round, a *gradient reversal layer*. Write `turn(x)`: its value is `x`, and its gradient is what arrives times $-0.5$.

# %% [markdown] lang="zh"
# **练习 7.4**（梯度反转）领域自适应等网络里，两部分的目标正好相反，于是在中间放一个**梯度反转层**（gradient reversal layer）：它不改变数值，只反转梯度的符号。写出 `turn(x)`：它的值就是 `x`，传回去的梯度是传来的梯度乘以 $-0.5$。

# %%
turn = ...
# BEGIN SOLUTION


@tf.custom_gradient
def turn(x):
    def backward(upstream):
        return -0.5 * upstream

    return tf.identity(x), backward


# END SOLUTION

# %%
gt.check("7.4", turn)

# %% [markdown] lang="en"
# **Exercise 7.5** (a root from NumPy) For a negative `x`, `x ** (1 / 3)` is `nan` in TensorFlow; NumPy's `np.cbrt` finds the root. Write `cube_root(x)` for a float32 tensor `x` of any shape, with a gradient that is right for negative numbers too (at 0 it is infinite, and not checked). Differentiate $y^3 = x$ on paper first.

# %% [markdown] lang="zh"
# **练习 7.5**（NumPy 的立方根）`x` 为负数时，TensorFlow 的 `x ** (1 / 3)` 是 `nan`；NumPy 的 `np.cbrt` 能求负数的立方根。写出 `cube_root(x)`，`x` 是任意形状的 float32 张量，负数处的梯度也要正确（0 处的导数是无穷大，不检查）。先在纸上对 $y^3 = x$ 求导。

# %%
cube_root = ...
# BEGIN SOLUTION


@tf.custom_gradient
def cube_root(x):
    y = tf.ensure_shape(tf.numpy_function(np.cbrt, [x], x.dtype), x.shape)

    def backward(upstream):
        return upstream / (3.0 * y**2)

    return y, backward


# END SOLUTION

# %%
gt.check("7.5", cube_root)

# %% [markdown] lang="en"
# Hold it against central differences, inside something, and draw it from 0.5 to 8 with its derivative.

# %% [markdown] lang="zh"
# 把它放进别的运算里，与中心差分对比；再画出 0.5 到 8 之间的图形和导数。

# %%
# BEGIN SOLUTION
print(bool(gt.check_gradients(lambda x: 3.0 * cube_root(x) ** 2, -2.0)))
gt.plot_derivatives(cube_root, (0.5, 8.0), order=1)
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# ## Recap
#
# - `stop_recording` hides steps from one tape, `tf.stop_gradient` makes a tensor a constant for all; neither changes a value.
# - A variable is frozen by leaving it out of the list of sources; a part of it by a mask or by `tf.where` with a stopped copy; an optimizer may move masked entries all the same.
# - `tensor_scatter_nd_update` and `tf.where` change entries and keep the gradient; `assign` loses it.
# - `tf.custom_gradient` is a value and a way back; multiply by `upstream`, and test it inside something with `gt.check_gradients`.
# - One tape for each derivative, in the thread that computes.
#
# For those who know PyTorch:
#
# | TensorFlow | PyTorch |
# |---|---|
# | `tf.stop_gradient(t)` | `t.detach()` |
# | `tape.stop_recording()` | `torch.no_grad()` |
# | `tape.watch(t)` | `t.requires_grad_()` |
# | `persistent=True` | `retain_graph=True` |
# | `tf.custom_gradient` | `torch.autograd.Function` |
# | `unconnected_gradients="zero"` | `allow_unused=True, materialize_grads=True` |
#
# Back to [6 · Summary](06_summary.ipynb) · On to [8 · Jacobians and Hessians](08_jacobians_and_hessians.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - `stop_recording` 使一个梯度带不记录某些步骤，`tf.stop_gradient` 把一个张量变成对所有梯度带而言的常量；两者都不改变数值。
# - 冻结整个变量靠源的列表；冻结一部分用掩码，或者用 `tf.where` 取切断了梯度的副本；但优化器仍可能改动被掩码挡住的元素。
# - `tensor_scatter_nd_update` 和 `tf.where` 修改元素而保留梯度；`assign` 会丢失梯度。
# - `tf.custom_gradient` 由函数值和反向规则组成；要乘 `upstream`，并放进别的运算里用 `gt.check_gradients` 检验。
# - 每次求导用一个梯度带；梯度带要写在进行计算的那个线程里。
#
# 写给熟悉 PyTorch 的读者：
#
# | TensorFlow | PyTorch |
# |---|---|
# | `tf.stop_gradient(t)` | `t.detach()` |
# | `tape.stop_recording()` | `torch.no_grad()` |
# | `tape.watch(t)` | `t.requires_grad_()` |
# | `persistent=True` | `retain_graph=True` |
# | `tf.custom_gradient` | `torch.autograd.Function` |
# | `unconnected_gradients="zero"` | `allow_unused=True, materialize_grads=True` |
#
# 上一课：[6 · 总结](06_summary.ipynb) · 下一课：[8 · 雅可比矩阵和黑塞矩阵](08_jacobians_and_hessians.ipynb)
