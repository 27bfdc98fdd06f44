# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 55
#     teaches:
#       en: why a gradient is None, zero, NaN or wrong, and how to repair it
#       zh: 梯度为什么是 None、零、NaN 或错的数，怎样修好
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 9 · When gradients go missing
#
# You ask for a gradient and get `None`. No error, no line number, no reason. Or you get a number, training runs, and nothing is learned. Four questions, in this order, lead from the symptom to the cause.
#
# By the end you will be able to
#
# - tell from what came back (`None`, 0, NaN, an error, an odd number) where to look first;
# - find the very step at which the connection from target to source breaks, and repair it;
# - let `gt.explain_gradient` name the cause, and know its limits;
# - recognise gradients that vanish or explode in deep networks, and say what helps;
# - repair a training loop in which several things are wrong at once.
#
# You need lessons [2](02_automatic_differentiation.ipynb) to [5](05_gradients_in_deep_learning.ipynb), not 7 or 8. The core takes about 45 minutes to read, the sections marked *optional* another 55; the exercises come on top.

# %% [markdown] lang="zh"
# # 9 · 梯度去哪儿了
#
# 想求一个梯度，得到的却是 `None`：不报错，没有行号，也没有理由。或者确实得到了一个数，训练也在进行，就是什么都没学到。从症状找到原因，办法是按固定的顺序问四个问题。
#
# 学完这一课，你能够
#
# - 从得到的结果（`None`、0、NaN、报错、奇怪的数）判断先查哪里；
# - 找出从目标到源的连接究竟断在哪一步，并把它修好；
# - 用 `gt.explain_gradient` 查出原因，也知道它查不出什么；
# - 认出多层网络里的梯度消失和梯度爆炸，并说出应对的办法；
# - 修好一个同时错了好几处的训练循环。
#
# 请先学完第 [2](02_automatic_differentiation.ipynb) 课到第 [5](05_gradients_in_deep_learning.ipynb) 课（不需要第 7、8 课）。核心部分大约需要 45 分钟，标着“选学”的几节另需 55 分钟，练习的时间另算。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("09", lang="en")

# %% [markdown] lang="en"
# ## A decision chart
#
# When something is wrong in your own code, begin here; if you read this lesson for the first time, pass over the table to the four questions and come back at the end. Find on the left what came back, then answer the questions beside it. The numbers P1, P2 and so on are those of a catalogue of pitfalls, which lesson [12](12_the_pitfalls_one_by_one.ipynb) goes through one by one, each with its repair; this lesson explains those that are met most.
#
# | What came back | Ask | Likely causes |
# |---|---|---|
# | `None` for every source | Is `tape.watched_variables()` empty? | P1, P6, P4 |
# | `None`, although variables are watched | Does the target come first? Was it computed inside the `with`, in TensorFlow, with floats? | P30, P3, P5, P2, P15, P7, P10 |
# | `None` for some sources only | Does the target depend on these? Should it? | P11, P20, P23 |
# | 0 | Is a step flat where your numbers are? Draw it with its derivative. | P27, P15, P24 |
# | tiny in the first layers, or huge | How many factors are multiplied on the way back? | vanishing, exploding |
# | `nan` or `inf` | Which step is infinitely steep, chosen or not? | P16, P17 |
# | a number, but not the one expected | Is the target one number? Which axis, which moment? Is the check itself right? | P12, P5, P4, P13, P24, P25, P26 |
# | `AttributeError` | Is the target a tensor? If the message names `NoneType`, see `None` above. | P5 |
# | `LookupError` | Is there an operation that does the same and has a rule? | P22 |
# | `RuntimeError` | Was the tape used twice? Is a variable changed with `-=`? | P8, P6 |
# | `ValueError` from Keras | Does Keras know this variable? | P18, P21 |
# | good gradients, no learning | Is everything in `trainable_variables`? | P19 |
# | right, but slow or out of memory | What is kept? What is traced again and again? | P9, P14, P28 |

# %% [markdown] lang="zh"
# ## 排查表
#
# 自己的代码出了问题，就从这里开始；如果是第一次读这一课，先跳过这张表去看四个问题，学完再回来。先在左边找到得到的结果，再回答旁边的问题。P1、P2 等编号出自一份常见错误（pitfall，P 由此而来）的目录，[第 12 课](12_the_pitfalls_one_by_one.ipynb)按编号逐条讲解，每条都有改法；这一课只讲最常遇到的。
#
# | 得到的是 | 先问 | 可能的原因 |
# |---|---|---|
# | 所有源的梯度都是 `None` | `tape.watched_variables()` 是空的吗？ | P1、P6、P4 |
# | 有变量受到监视（watch），仍是 `None` | 目标写在前面了吗？是在 `with` 里、用 TensorFlow、用浮点数算的吗？ | P30、P3、P5、P2、P15、P7、P10 |
# | 只有部分源的梯度是 `None` | 目标与它们有关吗？应该有关吗？ | P11、P20、P23 |
# | 0 | 你的数是不是落在某一步的平坦处？把它和导数一起画出来。 | P27、P15、P24 |
# | 前几层的梯度极小，或者极大 | 往回传时连乘了多少个因子？ | 梯度消失、梯度爆炸 |
# | `nan` 或 `inf` | 哪一步的导数是无穷大？没被选中的分支也算。 | P16、P17 |
# | 是个数，但不是想要的 | 目标是一个数吗？沿哪个轴求和？梯度是哪一刻的？用来核对的数本身对吗？ | P12、P5、P4、P13、P24、P25、P26 |
# | `AttributeError` | 目标是张量吗？报错里如果有 `NoneType`，请看上面 `None` 的几行。 | P5 |
# | `LookupError` | 有没有作用相同、又有求导法则的运算？ | P22 |
# | `RuntimeError` | 同一个梯度带（gradient tape，也译梯度磁带、求导记录器）用了两次吗？用 `-=` 修改过变量吗？ | P8、P6 |
# | Keras 的 `ValueError` | Keras 认识这个变量吗？ | P18、P21 |
# | 梯度正常，就是学不会 | 该训练的都在 `trainable_variables` 里吗？ | P19 |
# | 结果对，但是慢，或者内存不够 | 什么一直留着？什么在反复构建计算图？ | P9、P14、P28 |

# %% [markdown] lang="en"
# ## Four questions
#
# On its way back a gradient passes every recorded step from the target to the source, and is multiplied by each local derivative. Here is such a path, for $2\sin x$ at 2.2, and below it the same with the input rounded first. (Bold frame: source; box: operation and result; dark: target. Solid arrows carry values forward, dashed ones bring gradients back.)

# %% [markdown] lang="zh"
# ## 四个问题
#
# 梯度往回传时，要经过从目标到源的每一个记录下来的步骤，每经过一步就乘以它的局部导数。下面画出 $2\sin x$ 在 2.2 处的这条路径；再画一次，先把输入取整到最近的整数（`tf.round`，恰好一半时取偶数）。（粗框是源，方框是运算和结果，深色的是目标；实线箭头表示值往前传，虚线箭头表示梯度往回传。）请看往回的那一段：

# %%
gt.draw_tape(lambda x: 2.0 * tf.sin(x), 2.2)
plt.show()
gt.draw_tape(lambda x: 2.0 * tf.sin(tf.round(x)), 2.2)
plt.show()

# %% [markdown] lang="en"
# In the second drawing the gradient comes back as far as `round` and no further. That cross is what `None` means: *somewhere between target and source the connection is cut*; the two are **unconnected**. When a gradient is not what you expect, ask these questions of the path, in this order:
#
# 1. **Is every step recorded?** From the source to the target, without a gap.
# 2. **Has every step a derivative?** TensorFlow must have a rule for it.
# 3. **Is the derivative a number that helps?** 0 and NaN are numbers too, but nothing can be learned from them.
# 4. **Is it the number that you meant?** A sum, another axis, another moment can be computed correctly and still be wrong for you.
#
# `gt.explain_gradient` asks the first three, and a part of the fourth. Give it the function and its arguments:

# %% [markdown] lang="zh"
# 第二张图里，梯度往回传到 `round` 就再也过不去了。`None` 说的就是这个叉：从目标到源，连接在某处断了，两者**未连接**（unconnected）。梯度和预想的不一样时，就对着这条路径，依次问四个问题：
#
# 1. **每一步都记录下来了吗？** 从源到目标，中间不能有缺口。
# 2. **每一步都有导数吗？** TensorFlow 要有这一步的求导法则。
# 3. **导数是有用的数吗？** 0 和 NaN 也是数，但靠它们什么也学不到。
# 4. **是你要的那个数吗？** 求了和、换了轴，或者时刻不对：算得没错，却不是你想要的。
#
# `gt.explain_gradient` 能检查前三个问题，还有第四个的一部分。把函数连同自变量的值一起交给它：

# %%
gt.explain_gradient(lambda x: 2.0 * tf.sin(tf.round(x)), 2.2)

# %% [markdown] lang="en"
# It names the step, says why, and suggests a repair, to be fitted to your code. In code that has a tape already, put `gt.explain_gradient(tape, target, sources)` where `tape.gradient(target, sources)` stood. It treats each source separately:

# %% [markdown] lang="zh"
# 它指出断在哪一步、为什么，还给出改法；改法只是样板，要套用到你自己的代码里。代码里如果已经有梯度带，就把 `tape.gradient(目标, 源)` 换成 `gt.explain_gradient(tape, 目标, 源)`。它对每个源分别检查：

# %%
inputs = tf.constant([1.0, 2.0, 3.0])
w, b, unused = tf.Variable(0.5), tf.constant(0.1), tf.Variable(1.0)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(w * inputs + b))

gt.explain_gradient(tape, loss, [w, b, unused])

# %% [markdown] lang="en"
# ## Question 1: is every step recorded?
#
# You have met most of these causes before: a constant that is not watched, or watched too late (P1, P4), a step after the block (P3) in [lesson 2](02_automatic_differentiation.ipynb); a target that does not depend on the source (P11) and a tape used twice (P8) in [lesson 3](03_several_variables.ipynb); an inner gradient outside the outer tape (P10) in [lesson 4](04_higher_order_derivatives.ipynb). Three more hide better.
#
# ### P5: a detour through NumPy
#
# `.numpy()`, `float()`, `int()` and most functions of NumPy return plain numbers or arrays, which no tape records. If the whole path leaves TensorFlow, `gradient` fails with an `AttributeError`; if a part of it does, you get `None`; if one of two paths does, a number. The last case, with `np.square(x) * x` at 3, should give 27. Look in the drawing for a second arrow from `x`:

# %% [markdown] lang="zh"
# ## 问题一：每一步都记录下来了吗？
#
# 这些原因大多前面已经见过：常量没有监视或监视得太晚（P1、P4），最后一步写在块外面（P3），见[第 2 课](02_automatic_differentiation.ipynb)；目标与源无关（P11），一个梯度带用两次（P8），见[第 3 课](03_several_variables.ipynb)；内层的梯度写到外层梯度带外面（P10），见[第 4 课](04_higher_order_derivatives.ipynb)。还有三种更难发现。
#
# ### P5：绕道 NumPy
#
# `.numpy()`、`float()`、`int()`，以及 NumPy 的大多数函数，返回的是普通的数或数组，梯度带不会记录。如果整条路径都离开了 TensorFlow，`gradient` 会报 `AttributeError`；如果只有一段离开，得到 `None`；如果有两条路径，只有一条离开，得到的就是一个数。最后一种情况，比如 `np.square(x) * x` 在 3 处，导数本该是 27。请在图里找一找从 `x` 出发的第二支箭头：


# %%
def cube(x):
    return np.square(x) * x


gt.draw_tape(cube, 3.0)
plt.show()

# %% [markdown] lang="en"
# There is none. In its place stands a 9 that NumPy computed, a constant. A gradient of 9 looks healthy; a comparison with finite differences shows that it is wrong:

# %% [markdown] lang="zh"
# 找不到。那里是 NumPy 算出的 9，一个常数。梯度等于 9，看上去毫无毛病；和有限差分（数值微分）一比较，就知道它是错的：

# %%
print(gt.check_gradients(cube, 3.0))

# %% [markdown] lang="en"
# Repair: use the functions of `tf` and `tf.math`. Convert to NumPy when the gradient is computed, to print or to draw.
#
# ### P4: watched half-way (optional)
#
# **Predict first.** A number that lacks a part has another cause too: `watch` in the middle. The derivative of $x^3$ at 3 is 27. What will the tape below give? Write your guess in place of `...`.

# %% [markdown] lang="zh"
# 改法：用 `tf` 和 `tf.math` 里的函数。要打印、要画图，等梯度求完再转成 NumPy。
#
# ### P4：监视得太晚（选学）
#
# **先猜一猜。** 得到的数缺了一部分，还有一种原因：`watch` 写在了计算中间。$x^3$ 在 3 处的导数是 27，下面的梯度带会给出多少？把你猜的数写在 `...` 处。

# %%
gt.predict("9.a", ...)

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    square = x * x
    tape.watch(x)
    y = square * x

derivative = tape.gradient(y, x)
print(derivative.numpy())
gt.predict("9.a", outcome=derivative)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It gives 9. The square was computed before `x` was watched, so on the record it is a constant 9 that is multiplied by `x`. Had `watch` come last, the result would be `None`.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 9。平方是在监视 `x` 之前算的，所以在记录里它是常数 9，再乘以 `x`。如果 `watch` 写在最后，得到的就是 `None`。
#
# </details>

# %% [markdown] lang="en"
# ### P7: assign is a new start (optional)
#
# `assign` stores a value in a variable, and nothing records where the value came from. A running total in a variable has the right sum, and no connection to what was summed:

# %% [markdown] lang="zh"
# ### P7：赋值就是重新开始（选学）
#
# `assign` 把一个数值存进变量，却不记录这个数值从哪里来。用变量来累加，和是对的，却与加进去的数断了连接：

# %%
w = tf.Variable(2.0)
total = tf.Variable(0.0)

with tf.GradientTape() as tape:
    for number in [1.0, 2.0, 3.0]:
        total.assign_add(tf.square(w * number - 1.0))
    loss = total / 3.0
print("assign_add:", loss.numpy(), tape.gradient(loss, w))

with tf.GradientTape() as tape:
    total = 0.0
    for number in [1.0, 2.0, 3.0]:
        total = total + tf.square(w * number - 1.0)
    loss = total / 3.0
print("+:         ", loss.numpy(), tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# The value is right in both, the connection only in the second. Inside a calculation use tensors: `+` makes a new one, and the step is recorded.
#
# ### P6: the name means something else now (optional)
#
# *Between* two calculations, where a parameter gets its next value, it is the other way round: `assign` is right and `=` is wrong.

# %% [markdown] lang="zh"
# 两段代码的值都对，只有第二段连接还在。计算过程中要用张量：`+` 得到一个新张量，这一步会记录下来。
#
# ### P6：同一个名字，换了对象（选学）
#
# 反过来，在两次计算**之间**给参数换上新值的时候，`assign` 是对的，`=` 反而错了。

# %%
w = tf.Variable(2.0)
for step in range(2):
    with tf.GradientTape() as tape:
        loss = tf.square(w - 1.0)
    derivative = tape.gradient(loss, w)
    print(type(w).__name__, derivative)
    if derivative is not None:
        w = w - 0.1 * derivative

# %% [markdown] lang="en"
# `w = w - ...` makes a tensor and gives it the name `w`; the next tape does not watch it. (`ResourceVariable` is the class of a variable, `EagerTensor` that of a tensor.) Write `w.assign_sub(0.1 * derivative)`. (`w -= ...` would be the same mistake, but TensorFlow 2.21 refuses it with a `RuntimeError`.)
#
# ## Question 2: has every step a derivative?
#
# Whole numbers (P2) have no derivative, and neither have steps that pass through them.
#
# ### P15: piecewise constant steps
#
# These are *piecewise constant* functions: rounding, cutting off decimals, comparing, asking which entry is the largest. The output stays the same for a while, then jumps. Between the jumps the derivative is 0.
#
# **Predict first.** Which of these five will give 0, and which `None`?

# %% [markdown] lang="zh"
# `w = w - ...` 得到一个张量，再把 `w` 这个名字给它；下一个梯度带不会自动监视张量。（`ResourceVariable` 是变量的类名，`EagerTensor` 是张量的类名。）要写 `w.assign_sub(0.1 * derivative)`。（写成 `w -= ...` 是同样的错，不过 TensorFlow 2.21 会报 `RuntimeError`，不让这么写。）
#
# ## 问题二：每一步都有导数吗？
#
# 整数（P2）没有导数，中途经过整数的步骤也没有。
#
# ### P15：分段为常数的运算
#
# 取整（`tf.round` 取最近的整数）、比较、取最大者的位置：输出先是一直不变，然后突然一跳。在两次跳跃之间，导数是 0。
#
# **先猜一猜。** 下面五个，哪些会给出 0，哪些会给出 `None`？

# %%
steps = {
    "round": tf.round,
    "floor": tf.floor,
    "cast": lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32),
    "x > 2": lambda x: tf.cast(x > 2.0, tf.float32),
    "sign": tf.sign,
}
for name, step in steps.items():
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = step(x)
    print(f"{name:6} {y.numpy()}  {tape.gradient(y, x)}")

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Only `sign` gives 0. The others give `None`: they are registered as operations without a gradient, or lead through whole numbers or truth values, which have none. `None` is the more useful of the two: a 0 stops training just as well, and goes unnoticed.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 只有 `sign` 给出 0，其余都是 `None`：它们有的登记为没有梯度的运算，有的中途经过整数或布尔值，自然没有导数。两者之中 `None` 更有用：0 同样会让训练停住，却没人发觉。
#
# </details>

# %% [markdown] lang="en"
# ### P15, two repairs (optional)
#
# The first is a **smooth approximation**: for rounding $x - \frac{1}{2\pi}\sin 2\pi x$, for the comparison $x > 0$ a steep sigmoid, $1/(1 + e^{-20x})$, say. The second keeps the step and prescribes another gradient for it. The **straight-through estimator** rounds on the way forward and passes the gradient on unchanged on the way back. `tf.stop_gradient(v)` has the value of `v` and counts as a constant on the way back, so what is recorded below is $x$ plus a constant:

# %% [markdown] lang="zh"
# ### P15 的两种改法（选学）
#
# 第一种是**光滑近似**：`tf.round` 换成 $x - \frac{1}{2\pi}\sin 2\pi x$，比较 $x > 0$ 换成陡的 sigmoid 函数，例如 $1/(1 + e^{-20x})$。第二种保留这一步，但人为指定它的梯度。**直通估计器**（straight-through estimator, STE）往前照常取整，往回时把梯度原样传过去。`tf.stop_gradient(v)` 的值就是 `v`，往回时则当作常数，所以下面记录的就是 $x$ 加一个常数：


# %%
def smooth_round(x):
    return x - tf.sin(2.0 * np.pi * x) / (2.0 * np.pi)


def straight_through_round(x):
    return x + tf.stop_gradient(tf.round(x) - x)


for f in (smooth_round, straight_through_round):
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = f(x)
    print(f"{f.__name__:23} {y:.3f}  {tape.gradient(y, x):.3f}")

# %% [markdown] lang="en"
# ### P22: an operation without a rule (optional)
#
# For most operations a derivative is registered. For some it is not. `tf.math.bincount` adds up weights by class, which is a sum, so a derivative exists; it was never registered:

# %% [markdown] lang="zh"
# ### P22：没有求导法则的运算（选学）
#
# 大多数运算都登记了导数，也有一些没有。`tf.math.bincount` 按类别把权重加起来，不过是求和，导数当然存在，只是没有登记：

# %% tags=["raises-exception"]
classes = tf.constant([0, 1, 0])
weights = tf.Variable([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    totals = tf.math.bincount(classes, weights=weights)
    loss = tf.reduce_sum(totals**2)

tape.gradient(loss, weights)

# %% [markdown] lang="en"
# The message names the operation, `DenseBincount`. The better repair is another operation that does the same and has a rule; here it is `tf.math.unsorted_segment_sum`. If there is none, write the rule yourself with `tf.custom_gradient`: a function that returns its value, and a function that turns the gradient that arrives (`upstream`) into the one that is passed on. Here each weight receives the gradient of its class:

# %% [markdown] lang="zh"
# 报错点出了运算的名字 `DenseBincount`。最好换一个作用相同、又有法则的运算，这里是 `tf.math.unsorted_segment_sum`。实在没有，就用 `tf.custom_gradient` 自己写法则：返回函数值，再返回一个函数，由传来的梯度（`upstream`）算出要传下去的梯度。这里，每个权重收到的就是它那个类别的梯度：


# %%
@tf.custom_gradient
def totals_by_class(weights):
    def backward(upstream):
        return tf.gather(upstream, classes)

    return tf.math.bincount(classes, weights=weights), backward


for sums in (lambda w: tf.math.unsorted_segment_sum(w, classes, 2), totals_by_class):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(sums(weights) ** 2)
    print(loss.numpy(), tape.gradient(loss, weights).numpy())

# %% [markdown] lang="en"
# ## Question 3: is the derivative a number that helps?
#
# The path is recorded, each step has a derivative, and still what arrives is of no use. Local derivatives are multiplied: one 0 among them makes this path's contribution 0, one infinity spoils everything it meets (0 times infinity is NaN), and many small or large ones make the product tiny or huge.
#
# ### P27: where a function is flat
#
# Left `relu`, right the sigmoid $\sigma(x) = \frac{1}{1 + e^{-x}}$, each with its derivative. How steep are they on the dotted lines, at $-2$ and at 20?

# %% [markdown] lang="zh"
# ## 问题三：导数是有用的数吗？
#
# 路径在，每一步都有导数，得到的结果却没有用。局部导数是连乘的：其中有一个 0，这条路径的贡献就是 0；有一个无穷大，乘积就毁了（0 乘无穷大是 NaN）；许多小的或大的乘在一起，就极小或极大。
#
# ### P27：函数平坦的地方
#
# 左图是 `relu`，右图是 sigmoid 函数 $\sigma(x) = \frac{1}{1 + e^{-x}}$，都画出了导数。在点线处，也就是 $-2$ 和 20 处，它们有多陡？

# %%
fig, (left, right) = plt.subplots(1, 2)
gt.plot_derivatives(tf.nn.relu, (-3.0, 3.0), order=1, mark=(), ax=left)
gt.plot_derivatives(tf.sigmoid, (-25.0, 25.0), order=1, mark=(), ax=right)
left.axvline(-2.0, color="C3", linestyle=":")
right.axvline(20.0, color="C3", linestyle=":")
plt.show()

x = tf.Variable([-2.0, 20.0])
with tf.GradientTape() as tape:
    y = tf.stack([tf.nn.relu(x[0]), tf.sigmoid(x[1])])
print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# Left of 0, `relu` is constant: a unit whose input is negative for every example gets a gradient of 0 for its own weights, which stay untrained. Such a unit is *dead*. The sigmoid is nowhere flat; its derivative at 20 is about $e^{-20} \approx 2 \cdot 10^{-9}$. In `float32` the value $\sigma$ is rounded to 1, so the derivative, computed as $\sigma(1 - \sigma)$, is exactly 0: the unit is *saturated*. Repairs: an activation function whose derivative is 0 nowhere, such as `leaky_relu`; smaller inputs or starting weights; and, in a loss, a function that takes the logits (lesson 5).
#
# ### Vanishing and exploding gradients
#
# A network of many layers multiplies one factor for each layer on the way back: the derivative of the activation function, times weights. The derivative of the sigmoid is at most $\frac14$. Through a chain of sigmoids:

# %% [markdown] lang="zh"
# 在 0 左边，`relu` 是常数：如果一个单元的输入对所有样本都是负的，它自己的权重的梯度就是 0，不再由梯度更新。（前面的层还在变，它的输入有时会重新变正。）这叫 **ReLU 死亡**（dying ReLU，也叫神经元死亡）。sigmoid 处处都不完全平坦，在 20 处的导数约为 $e^{-20} \approx 2 \cdot 10^{-9}$。在 `float32` 里，函数值 $\sigma$ 舍入成了 1，导数按 $\sigma(1 - \sigma)$ 计算，恰好是 0：这叫**饱和**。改法：换一个导数处处不为 0 的激活函数，如 `leaky_relu`；让输入或初始权重小一些；如果用在损失里，就换成直接接收 logits 的函数（第 5 课）。
#
# ### 梯度消失和梯度爆炸
#
# 多层网络往回传梯度时，每一层都乘以一个因子：激活函数的导数，再乘以权重。sigmoid 的导数最大只有 $\frac14$。让数连续通过许多个 sigmoid：

# %%
for depth in [1, 5, 10, 20]:
    x = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        y = x
        for _ in range(depth):
            y = tf.sigmoid(y)
    print(f"σ × {depth:2}: {tape.gradient(y, x):.0e}")

# %% [markdown] lang="en"
# After 20 of them, hardly anything comes back: the gradient **vanishes**, and the first layers of such a network learn next to nothing. With factors above 1 it **explodes** instead, up to `inf` and NaN. `gt.plot_gradient_flow` draws how large the gradient is in each layer (the root of its mean square), on a logarithmic scale. The layers run from the input on the left to the output on the right. Five networks of ten hidden layers, on the same random data ($s$ is the standard deviation of the starting weights, $n$ the number of inputs of a unit; `BatchNormalization` stands in a network of sigmoids):

# %% [markdown] lang="zh"
# 经过 20 个之后，几乎什么也传不回来：这叫**梯度消失**，这样的网络，前几层几乎学不到东西。如果因子大于 1，就是**梯度爆炸**，一直到 `inf` 和 NaN。`gt.plot_gradient_flow` 画出每一层的梯度有多大（均方根），纵轴用对数坐标。从左到右，是从输入到输出的各层。下面五个网络都有十个隐藏层，用同样的随机数据（$s$ 是初始权重的标准差，$n$ 是每个单元的输入个数；`BatchNormalization` 用在 sigmoid 网络里）：


# %%
def deep(activation, initializer, normalise=False):
    tf.keras.utils.set_random_seed(0)
    layers = [tf.keras.Input((16,))]
    for _ in range(10):
        layers.append(tf.keras.layers.Dense(32, kernel_initializer=initializer))
        if normalise:
            layers.append(tf.keras.layers.BatchNormalization())
        layers.append(tf.keras.layers.Activation(activation))
    return tf.keras.Sequential([*layers, tf.keras.layers.Dense(1)])


examples = tf.random.stateless_normal((64, 16), seed=[1, 2])
targets = tf.random.stateless_normal((64, 1), seed=[3, 4])
normal = tf.keras.initializers.RandomNormal
networks = {
    "sigmoid": deep("sigmoid", "glorot_uniform"),
    "BatchNormalization": deep("sigmoid", "glorot_uniform", normalise=True),
    r"relu, $s = 0.1$": deep("relu", normal(stddev=0.1)),
    r"relu, $s = \sqrt{2/n}$": deep("relu", "he_normal"),
    r"relu, $s = 0.6$": deep("relu", normal(stddev=0.6)),
}
fig, ax = plt.subplots()
for name, network in networks.items():
    gt.plot_gradient_flow(network, examples, targets, label=name, ax=ax)
plt.show()

# %% [markdown] lang="en"
# With the sigmoid the gradient falls by several powers of ten from the output to the input. *Batch normalisation*, which gives the inputs of each activation mean 0 and variance 1 within the mini-batch (then scales and shifts them by trained numbers), keeps them where the sigmoid is steep. `relu` has the derivative 1 on its right side, so there the *initialisation* decides: weights too large make the gradient huge in *every* layer; too small, tiny in the first layers. With a variance of $2/n$ (He initialisation) it stays within a factor of ten in the hidden layers. Other remedies: *residual connections*, which skip layers, and clipping the gradient (lesson 10).
#
# ### Why every layer is affected (optional)
#
# The gradient of a layer's weights is the product of two things: what comes back from the output, which grows or shrinks layer by layer on its way to the left, and the layer's inputs, which have grown or shrunk by the same factors on the way to the right. So the gradient of a layer's weights contains the factors of all layers except its own, and is large or small in all layers together. (The figure takes weights and biases together. The gradient of a bias is what comes back alone; for $s = 0.1$ it outweighs the rest on the right, so that this curve falls to the left all the same.)
#
# ### P16: tf.where and the branch not chosen
#
# $\ln 0$ is not finite, so the logarithm is guarded. The value is fine. (In the drawing a dotted arrow with a ring brings a 0 back, and a cross is a cut.)

# %% [markdown] lang="zh"
# 用 sigmoid 时，从输出到输入，梯度减小了好几个数量级。**批归一化**使每个激活函数的输入在小批量内均值为 0、方差为 1（再乘以可训练的系数、加上偏移），让它们留在 sigmoid 陡的地方。`relu` 右侧的导数是 1，这时起决定作用的是**初始化**：权重太大，**各层**的梯度都极大；权重太小，靠前几层的梯度极小。方差取 $2/n$（He 初始化），各隐藏层的梯度相差不到十倍。别的办法还有残差连接（跨层连接）和梯度裁剪（第 10 课）。
#
# ### 为什么每一层都受影响（选学）
#
# 一层权重的梯度是两样东西的乘积：一是从输出传回来的梯度，向左每过一层就放大或缩小一次；二是这一层的输入，它在前向时已经按同样的因子逐层放大或缩小了。所以每一层权重的梯度里都含有其余各层的因子，只少它自己那一层的；要大，各层一起大，要小，各层一起小。（图中权重和偏置合在一起算。偏置的梯度就是传回来的梯度本身；$s = 0.1$ 时，它在右边几层占了大头，所以这条曲线仍然向左下降。）
#
# ### P16：tf.where 与未被选中的分支
#
# $\ln 0$ 不是有限的数（TensorFlow 得到负无穷），所以用 `tf.where` 避开它。值没有问题。（图中带圆环的点线箭头，传回的是 0；叉表示断开。）


# %%
def guarded_log(x):
    return tf.where(x > 0.0, tf.math.log(x), 0.0)


x = tf.Variable([0.0, 1.0, 4.0])
with tf.GradientTape() as tape:
    y = guarded_log(x)
print(y.numpy(), tape.gradient(y, x).numpy())

gt.draw_tape(guarded_log, 0.0)
plt.show()

# %% [markdown] lang="en"
# The gradient at 0 is `nan`, although the branch with the logarithm was not chosen there. `tf.where` computes *both* branches and then chooses. On the way back the branch not chosen gets a 0, which is multiplied by its local derivative, $1/x = \infty$, and $0 \cdot \infty$ is NaN.
#
# Repair: make the *input* of the dangerous step safe, by a second `where`. It is called the double `where`:

# %% [markdown] lang="zh"
# 0 处的梯度是 `nan`，可是在那里，对数那一支并没有被选中。`tf.where` 把**两支都算**出来，再选一支。往回传时，没被选中的那支得到 0，再乘以它的局部导数 $1/x = \infty$，而 $0 \cdot \infty$ 是 NaN。
#
# 改法：再用一个 `where`，让危险步骤的**输入**先变安全，这叫双重 `where`：


# %%
def safe_log(x):
    positive = x > 0.0
    return tf.where(positive, tf.math.log(tf.where(positive, x, 1.0)), 0.0)


with tf.GradientTape() as tape:
    y = safe_log(x)
print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# The logarithm now gets a 1 where it would have got a 0. Its result is discarded as before, but on the way back 0 times 1 is 0.
#
# ### P17: a root at zero (optional)
#
# The same product appears at the length of a vector, $\sqrt{x_0^2 + x_1^2}$, at the origin: there the root has the derivative $\infty$ and the square $2x = 0$, which makes NaN. The root alone, $\sqrt{x}$ at 0, gives `inf`. Repair: a small $\varepsilon$ (here $10^{-12}$) *under* the root. It also changes the value a little, to $10^{-6}$ at the origin, and the gradient of vectors that are about as short:

# %% [markdown] lang="zh"
# 对数的输入本来是 0，现在是 1。这一支的结果照样丢掉，但往回传时 0 乘以 1 等于 0。
#
# ### P17：零处的根号（选学）
#
# 向量的长度 $\sqrt{x_0^2 + x_1^2}$ 在原点处也会出现这样的乘积：根号的导数是 $\infty$，平方的导数是 $2x = 0$，得到 NaN。单独的根号 $\sqrt{x}$ 在 0 处给出 `inf`。改法：在根号**里面**加一个很小的 $\varepsilon$（这里取 $10^{-12}$）。函数值也会略有改变，在原点处是 $10^{-6}$；与此差不多短的向量，梯度也会改变：


# %%
def smooth_length(x):
    return tf.sqrt(tf.reduce_sum(x**2) + 1e-12)


for length in (tf.norm, smooth_length):
    print(
        [
            gt.value_and_gradient(length, p)[1].numpy().tolist()
            for p in ([0.0, 0.0], [3.0, 4.0])
        ]
    )

# %% [markdown] lang="en"
# A NaN spreads: after the next update every parameter whose gradient it reached is NaN, soon all of them, and its origin can no longer be told. Ask `gt.explain_gradient` before that update.
#
# ## Question 4: is it the number that you meant?
#
# From here on the result is right, but it is the answer to another question. The most frequent case you know from [lesson 3](03_several_variables.ipynb) and [lesson 5](05_gradients_in_deep_learning.ipynb): a gradient has the shape of its source, so if the target is a vector, its entries are added first (P12). Another axis, another moment, a kink: the optional sections show them.
#
# ### P12: a vector is summed (optional)
#
# **Predict first.** `gradient` is called twice, once on each of two nested tapes, for $f = x_0^2\,x_1^3$ at $(1, 2)$. There are $\partial^2 f/\partial x_0^2 = 16$, $\partial^2 f/\partial x_1^2 = 12$ and the mixed derivative 24. Which two of these numbers will come back, if any? Run the next cell: it shows the choices.

# %% [markdown] lang="zh"
# NaN 会蔓延：下一次更新之后，凡是梯度沾上 NaN 的参数都成了 NaN，很快就是全部，再也查不出它从哪里来。请在那次更新之前用 `gt.explain_gradient` 查。
#
# ## 问题四：是你要的那个数吗？
#
# 从这里起，数都没有算错，只是不是你要的那个。最常见的一种，[第 3 课](03_several_variables.ipynb)和[第 5 课](05_gradients_in_deep_learning.ipynb)已经讲过：梯度的形状总和源一样，所以目标如果是向量，它的各个分量会先加起来（P12）。换了轴、时刻不对、遇到尖点，见下面选学的几节。
#
# ### P12：向量会被求和（选学）
#
# **先猜一猜。** 对 $f = x_0^2\,x_1^3$，在 $(1, 2)$ 处用两层梯度带，各调用一次 `gradient`。已知 $\partial^2 f/\partial x_0^2 = 16$，$\partial^2 f/\partial x_1^2 = 12$，混合偏导数是 24。返回的两个数会在这三个数里吗？是哪两个？运行下一个单元格，选项就会出现。

# %%
gt.predict("9.b", ...)

# %%
x = tf.Variable([1.0, 2.0])
with tf.GradientTape(persistent=True) as outer_tape:
    with tf.GradientTape() as inner_tape:
        f = x[0] ** 2 * x[1] ** 3
    first = inner_tape.gradient(f, x)

second = outer_tape.gradient(first, x)
print(second.numpy())
gt.predict("9.b", outcome=second)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# None of them. 40 is $16 + 24$ and 36 is $24 + 12$: the row sums of the Hessian. The two entries of the first gradient were added before they were differentiated again. `outer_tape.jacobian` keeps them apart.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 一个也不是。40 是 $16 + 24$，36 是 $24 + 12$，也就是黑塞矩阵（Hessian，又译海森矩阵）各行之和。第一次求出的梯度有两个分量，它们先加在一起，才又求了一次导。用 `outer_tape.jacobian` 就能把它们分开。
#
# </details>

# %% [markdown] lang="en"
# ### P25: the moment of recording (optional)
#
# **Predict first.** $x^2$ was recorded at $x = 3$. Before `gradient` is called, `x` becomes 10. Is the result 6 or 20? Write it in place of `...` below.

# %% [markdown] lang="zh"
# ### P25：记录的那一刻（选学）
#
# **先猜一猜。** $x^2$ 是在 $x = 3$ 时记录的。调用 `gradient` 之前，`x` 变成了 10。结果是 6 还是 20？写在下面的 `...` 处。

# %%
gt.predict("9.c", ...)

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
x.assign(10.0)

derivative = tape.gradient(y, x)
print(x.numpy(), derivative.numpy())
gt.predict("9.c", outcome=derivative)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It is 6. The tape keeps the values from the forward pass, and `y` is still 9. That is what one wants: the gradient belongs to the loss that was computed. For the derivative at the new place, calculate again.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 6。梯度带保留着前向传播时的数值，`y` 也还是 9。这正是我们要的：梯度属于已经算出来的那个损失。要新位置的导数，就重新算一遍。
#
# </details>

# %% [markdown] lang="en"
# ### P24: kinks and ties (optional)
#
# At a kink such as $|x|$ at 0 there is no derivative, and TensorFlow returns a number by convention. Which one depends on the operation, even where the functions are equal:

# %% [markdown] lang="zh"
# ### P24：尖点与相等的情形（选学）
#
# $|x|$ 在 0 处这样的尖点（严格说是角点）没有导数，TensorFlow 按约定返回一个数。返回哪个数，要看用的是什么运算，哪怕函数本身是同一个：

# %%
kinks = {
    "abs(x)": tf.abs,
    "relu(x)": tf.nn.relu,
    "maximum(x, 0)": lambda x: tf.maximum(x, 0.0),
    "maximum(0, x)": lambda x: tf.maximum(0.0, x),
}
for name, kink in kinks.items():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = kink(x)
    print(f"{name:14} {tape.gradient(y, x).numpy()}")

# %% [markdown] lang="en"
# Each of these lies between the derivatives on the two sides or equals one of them. `maximum` of equal arguments gives everything to its first one; `reduce_max` shares between equal entries.
#
# One more number may mislead: that of the check. In `float32` a finite difference with a tiny $h$ is mostly rounding (P26, lesson 2); `gt.check_gradients` chooses the step and computes in `float64`.
#
# ## A model to repair (optional)
#
# Now all of it at once. A museum counts its visitors at 64 times of the day; time runs from $-1$ (opening) to 1 (closing), and most people come around noon. A network is to learn the expected number. For counts one usually takes the *Poisson deviance*, $2\left(y \ln \frac{y}{p} - (y - p)\right)$, instead of the squared error; it is 0 where the prediction $p$ equals the count $y$. The logarithm is guarded, since at some times there are no visitors. The network ends with `softplus`, $\ln(1 + e^x)$, a smooth `relu` that keeps $p$ positive, and a layer that multiplies by one weight, the gain.

# %% [markdown] lang="zh"
# 这些数都介于两侧的导数之间（含两端）。`maximum` 的两个参数相等时，全给前一个；`reduce_max` 在相等的元素之间平分。
#
# 还有一个数可能误导人，就是验算的结果。用 `float32` 做有限差分，$h$ 太小时得到的多半是舍入误差（P26，第 2 课）；`gt.check_gradients` 会选好步长，并用 `float64` 计算。
#
# ## 修好一个模型（选学）
#
# 现在把所有东西合起来用。一家博物馆在一天的 64 个时刻清点参观人数；时间从 $-1$（开门）到 1（闭馆），中午前后人最多。要让网络预测期望人数。计数问题通常不用平方误差，而用**泊松偏差**（Poisson deviance）：$2\left(y \ln \frac{y}{p} - (y - p)\right)$，预测 $p$ 等于计数 $y$ 时它就是 0。有的时刻没有人，所以对数加了保护。网络最后是 `softplus`，即 $\ln(1 + e^x)$，它是光滑的 `relu`，保证 $p$ 为正；再加一个乘以权重（增益）的层。

# %%
hours = tf.linspace(-1.0, 1.0, 64)[:, tf.newaxis]
visitors = tf.round(12.0 * tf.exp(-6.0 * hours**2))


class Gain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = tf.Variable(1.0, name="gain")

    def call(self, x):
        return self.gain * x


def build_model(scale):
    tf.keras.utils.set_random_seed(0)
    return tf.keras.Sequential(
        [
            tf.keras.Input((1,)),
            tf.keras.layers.Dense(16, activation="tanh", name="hidden"),
            tf.keras.layers.BatchNormalization(name="norm"),
            tf.keras.layers.Dense(1, activation="softplus", name="count"),
            scale,
        ]
    )


def deviance(y, p):
    return 2.0 * (tf.where(y > 0, y * tf.math.log(y / p), 0.0) - (y - p))


# %% [markdown] lang="en"
# Here is the training step. **Predict first:** read it and count the mistakes, before you run anything. There are five in this section, the model and the loss included.

# %% [markdown] lang="zh"
# 下面是训练步骤。**先猜一猜：** 先别运行，读一遍，数数有几处错。连同模型和损失，这一节里一共有五处。

# %% tags=["raises-exception"]
model = build_model(Gain())
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)


def training_loss():
    prediction = tf.round(model(hours, training=True))
    return np.mean(deviance(visitors, prediction))


with tf.GradientTape() as tape:
    loss = training_loss()
gradients = tape.gradient(loss, model.variables)
optimizer.apply_gradients(zip(gradients, model.variables))

# %% [markdown] lang="en"
# The message does not help. Put `gt.explain_gradient` in the place of `tape.gradient`:

# %% [markdown] lang="zh"
# 从这条报错看不出原因。把 `tape.gradient` 换成 `gt.explain_gradient`：

# %%
with tf.GradientTape() as tape:
    loss = training_loss()

gt.explain_gradient(tape, loss, model.variables)

# %% [markdown] lang="en"
# Two causes at once, P5 and P20. A third stands behind P5 and shows only when P5 is repaired, or to whoever reads the code with question 2 in mind. Fitted to these lines, the repairs become:
#
# - Question 1, P5: the loss left TensorFlow. Take `tf.reduce_mean` for `np.mean`.
# - Question 2, P15, the hidden one: counts are whole, so the prediction was rounded. But an *expected* number need not be whole, and the rounding goes.
# - Question 1 once more, P20: the running mean and variance of the normalisation are not trained, so they are not watched. Differentiate with respect to `trainable_variables`.
#
# All three repaired:

# %% [markdown] lang="zh"
# 一下子查出两个原因，P5 和 P20。还有一个被 P5 挡住了：改好 P5 才会查出来，或者带着问题二读代码就能看到。套用到这几行代码上，改法就是：
#
# - 问题一，P5：损失离开了 TensorFlow。把 `np.mean` 换成 `tf.reduce_mean`。
# - 问题二，P15，就是被挡住的那个：人数是整数，所以预测取了整。可**期望**人数不必是整数，去掉就好。
# - 还是问题一，P20：归一化的滑动平均和滑动方差不参与训练，没有受到监视。应当对 `trainable_variables` 求导。
#
# 三处都改好：


# %%
def training_loss():
    return tf.reduce_mean(deviance(visitors, model(hours, training=True)))


with tf.GradientTape() as tape:
    loss = training_loss()

print("loss:", loss.numpy())
gt.explain_gradient(tape, loss, model.trainable_variables)

# %% [markdown] lang="en"
# Now question 3, P16: the loss is finite, and the gradients are NaN. Where $y = 0$ the branch with the logarithm is not chosen, but its derivative is infinite there: the result was guarded and the input was not. The inner `where` of P16 repairs it; the outer one is not needed here, because the factor $y$ is already 0.
#
# This time the function itself is handed over. It needs no arguments, so the sources are all variables that it uses:

# %% [markdown] lang="zh"
# 轮到问题三，P16：损失是有限的数，梯度却是 NaN。在 $y = 0$ 的地方，对数那一支没有被选中，可它的导数在那里是无穷大：结果加了保护，输入却没有。用 P16 里面那层 `where` 就能修好；外面那层这里用不着，因为因子 $y$ 本来就是 0。
#
# 这次把函数本身传进去。它不带自变量，所以源就是它用到的全部变量：


# %%
def safe_deviance(y, p):
    positive = tf.where(y > 0, y, 1.0)
    return 2.0 * (y * tf.math.log(positive / p) - (y - p))


def training_loss():
    return tf.reduce_mean(safe_deviance(visitors, model(hours, training=True)))


gt.explain_gradient(training_loss)

# %% [markdown] lang="en"
# No fault is found any more. But these are the variables that the loss *uses*. How many does the model *train*?

# %% [markdown] lang="zh"
# 再也查不出错来。不过，上面列的是损失**用到**的变量。模型**训练**的有几个？

# %%
print(len(gt.explain_gradient(training_loss).sources), len(model.trainable_variables))


class TrainableGain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = self.add_weight(initializer="ones", name="gain")

    def call(self, x):
        return self.gain * x


model = build_model(TrainableGain())
print(len(gt.explain_gradient(training_loss).sources), len(model.trainable_variables))

# %% [markdown] lang="en"
# Seven against six: the gain is a plain `tf.Variable`, which takes part in the calculation and is in no list of Keras 3. That is the fifth mistake, P19. With `add_weight` the two counts agree, and the loop can run:

# %% [markdown] lang="zh"
# 七个对六个：增益是普通的 `tf.Variable`，它参与计算，却不在 Keras 3 的任何列表里。这就是第五处错，P19。改用 `add_weight`，两个数就一致了，循环可以运行了：

# %% tags=["rtol=0.1"]
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)


@tf.function
def training_step():
    with tf.GradientTape() as tape:
        loss = training_loss()
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


losses = [training_step().numpy() for _ in range(300)]
print(f"{losses[0]:.1f} -> {losses[-1]:.2f}")

# %% tags=["rtol=0.1"]
fig, (left, right) = plt.subplots(1, 2)
left.semilogy(losses, color="C0")
left.set(xlabel="$n$", ylabel="$L$")
right.plot(hours, visitors, ".", color="0.5", label="$y$")
right.plot(hours, model(hours, training=True), color="C1", label="$p$")
right.set(xlabel="$t$")
right.legend()
plt.show()

# %% [markdown] lang="en"
# Left, the loss on a logarithmic scale; right, the counts and the expected number. Of five mistakes the four questions found four (`gt.explain_gradient` named three of them, and one was read off the code), and counting the variables found the fifth.

# %% [markdown] lang="zh"
# 左图是损失，用对数坐标；右图是清点的人数和网络预测的期望人数。五处错误，四处靠四个问题找到（其中三处由 `gt.explain_gradient` 指出，一处要自己从代码里读出来），第五处靠数变量找到。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("09")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("9.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 9.1** (what comes back?) A tape records each of these six lines inside its block, and then its gradient with respect to `x = tf.Variable(0.0)` is asked for. Decide before you try: `"0"`, `"1"`, `"2"`, `"inf"`, `"NaN"`, `"None"` or `"error"`?
#
# ```python
# a = tf.abs(x)
# b = tf.sqrt(x)
# c = tf.floor(x) + 1.0
# d = tf.where(x > 0.0, x * tf.math.log(x), x)
# e = float(x) + 1.0
# f = tf.exp(x) * np.exp(x)
# ```

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("9.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 9.1**（会得到什么？）下面每一行都写在梯度带的块里，再求它对 `x = tf.Variable(0.0)` 的梯度。先判断，后试验：是 `"0"`、`"1"`、`"2"`、`"inf"`、`"NaN"`、`"None"`，还是报错 `"error"`？
#
# ```python
# a = tf.abs(x)
# b = tf.sqrt(x)
# c = tf.floor(x) + 1.0
# d = tf.where(x > 0.0, x * tf.math.log(x), x)
# e = float(x) + 1.0
# f = tf.exp(x) * np.exp(x)
# ```

# %%
a = b = c = d = e = f = ...
# BEGIN SOLUTION
a, b, c, d, e, f = "0", "inf", "None", "NaN", "error", "1"
# END SOLUTION

# %%
gt.check("9.1", a, b, c, d, e, f)

# %% [markdown] lang="en"
# Then let the tape confirm the six.

# %% [markdown] lang="zh"
# 再用梯度带验证这六个。

# %%
# BEGIN SOLUTION
lines = [
    tf.abs,
    tf.sqrt,
    lambda x: tf.floor(x) + 1.0,
    lambda x: tf.where(x > 0.0, x * tf.math.log(x), x),
    lambda x: float(x) + 1.0,
    lambda x: tf.exp(x) * np.exp(x),
]
for line in lines:
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = line(x)
    try:
        derivative = tape.gradient(y, x)
        print(derivative if derivative is None else derivative.numpy())
    except AttributeError as error:
        print(type(error).__name__)
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 9.2** (repair this, goes with the optional P6 and P7) `descend(inputs, steps)` should move `w` from 1 towards 2 by gradient descent on the mean of $(wx - 2x)^2$ with $\eta = 0.1$, and return it. Nothing moves. There are three mistakes; find each with a question, not by trying. The rounding is for a report and has no place between source and target. Repair it where it stands, and run the check after each repair.

# %% [markdown] lang="zh"
# **练习 9.2**（改错，配合选学的 P6 和 P7）`descend(inputs, steps)` 应当用 $\eta = 0.1$ 对 $(wx - 2x)^2$ 的平均做梯度下降，让 `w` 从 1 走向 2，再返回它。现在却一动不动。一共有三处错；每一处都对着四个问题来找，不要瞎试。取整只是为了报告，不该出现在源和目标之间。请直接在下面的代码上改，每改一处就运行一次检查。


# %%
def descend(inputs, steps):
    w = tf.Variable(1.0)
    best = tf.Variable(0.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            best.assign(tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs)))
            report = tf.round(best)
        slope = tape.gradient(report, w)
        if slope is not None:
            w = w - 0.1 * slope
    return w.numpy()


# BEGIN SOLUTION
def descend(inputs, steps):
    w = tf.Variable(1.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * inputs - 2.0 * inputs))
        w.assign_sub(0.1 * tape.gradient(loss, w))
    return w.numpy()


# END SOLUTION

# %%
gt.check("9.2", descend)

# %% [markdown] lang="en"
# **Exercise 9.3** (make it safe) The function $\frac{\sin x}{x}$ has the value 1 and the derivative 0 at 0, and its second derivative there is $-\frac13$. Write `sinc(x)` with `tf.where`, for a tensor `x` of any shape, such that value, first and second derivative are right to three digits: at 0, close to it (at 0.001, say), and elsewhere. Two things to find out: why is a constant in the other branch enough for the first derivative at 0, and not for the second? And why is a switch at `x == 0` not enough in `float32`?

# %% [markdown] lang="zh"
# **练习 9.3**（让它安全）函数 $\frac{\sin x}{x}$ 在 0 处的值是 1，导数是 0，二阶导数是 $-\frac13$。用 `tf.where` 写出 `sinc(x)`，`x` 是任意形状的张量，让函数值、一阶导数和二阶导数都准确到三位：在 0 处，在 0 附近（比如 0.001），以及别处。有两点要弄明白：另一支写成常数，为什么 0 处的一阶导数对，二阶导数却不对？在 `float32` 里，为什么只在 `x == 0` 处切换还不够？


# %%
def sinc(x):
    # BEGIN SOLUTION
    near_zero = tf.abs(x) < 0.05
    safe = tf.where(near_zero, 1.0, x)
    return tf.where(near_zero, 1.0 - x**2 / 6 + x**4 / 120, tf.sin(safe) / safe)
    # END SOLUTION


# %%
gt.check("9.3", sinc)

# %% [markdown] lang="en"
# Now draw it with both derivatives on $(-10, 10)$.

# %% [markdown] lang="zh"
# 再在 $(-10, 10)$ 上把它和两个导数画出来。

# %%
# BEGIN SOLUTION
gt.plot_derivatives(sinc, (-10.0, 10.0), order=2, mark=())
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer: the two questions</summary>
#
# A constant has the first derivative 0, which is right at 0, and the second derivative 0, which is not. Close to 0 the second derivative of $\frac{\sin x}{x}$ is a difference of terms as large as $2/x^2$, which cancel nearly: of the seven digits of `float32` none is left at 0.001. A series has no such terms.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案：那两点</summary>
#
# 常数的一阶导数是 0，在 0 处正好对；二阶导数也是 0，就不对了。在 0 附近，$\frac{\sin x}{x}$ 的二阶导数由大到 $2/x^2$ 的几项相减而来，几乎全部抵消：在 0.001 处，`float32` 的七位有效数字一位也不剩。级数里没有这样的项。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 9.4** (a gradient of your own; goes with P22) Clipping, `tf.clip_by_value(x, 0.0, 1.0)`, has the derivative 0 outside the interval: a parameter that gets there never comes back. With `tf.custom_gradient` write `clip(x)`, for a tensor `x` of any shape, which clips in the same way. On the way back, inside the interval `upstream` is passed on. Outside it is passed on only where a step of gradient descent would move `x` towards the interval; otherwise 0 comes back.

# %% [markdown] lang="zh"
# **练习 9.4**（自己定义梯度，配合 P22）截断 `tf.clip_by_value(x, 0.0, 1.0)` 在区间外导数为 0，参数一旦跑出去就再也回不来。用 `tf.custom_gradient` 写出 `clip(x)`，`x` 是任意形状的张量：截断的结果照旧；往回传时，在区间内让 `upstream` 通过，在区间外，只要梯度下降的一步会把 `x` 移向区间，也让它通过；其余地方传回 0。

# %%
clip = ...
# BEGIN SOLUTION


@tf.custom_gradient
def clip(x):
    def back(upstream):
        inside = (x > 0.0) & (x < 1.0)
        home = ((x <= 0.0) & (upstream < 0.0)) | ((x >= 1.0) & (upstream > 0.0))
        return tf.where(inside | home, upstream, 0.0)

    return tf.clip_by_value(x, 0.0, 1.0), back


# END SOLUTION

# %%
gt.check("9.4", clip)

# %% [markdown] lang="en"
# Train a single number from 3 towards the target 0.5, with `clip` and with plain clipping.

# %% [markdown] lang="zh"
# 让一个数从 3 出发，朝目标 0.5 训练，用 `clip` 和用普通的截断各试一次。

# %%
# BEGIN SOLUTION
for squeeze in [clip, lambda x: tf.clip_by_value(x, 0.0, 1.0)]:
    x = tf.Variable(3.0)
    for _ in range(40):
        with tf.GradientTape() as tape:
            loss = (squeeze(x) - 0.5) ** 2
        x.assign_sub(0.2 * tape.gradient(loss, x))
    print(f"{x.numpy():.3f}")
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 9.5** (which layer is dead?) In a `Sequential` model of `Dense` layers with `relu` (the last one without), one layer is dead: all of its outputs are 0 on all examples. Write `dead_layer(model, x)`, which returns its place in `model.layers`, counted from 0. The gradient alone does not tell: a loss gives 0 for the kernels of several layers. Why for the layers before it, and why for one after it?

# %% [markdown] lang="zh"
# **练习 9.5**（哪一层死了？）一个 `Sequential` 模型由几个 `Dense` 层组成，激活函数是 `relu`（最后一层没有），其中有一层死了：它对所有样本的输出全是 0。写出 `dead_layer(model, x)`，返回它在 `model.layers` 里的位置，从 0 数起。只看哪些梯度是 0 还分辨不出来：损失对好几层的权重矩阵（kernel）的梯度都是 0。为什么它前面各层的梯度是 0？为什么它后面那一层的梯度也是 0？


# %%
def dead_layer(model, x):
    # BEGIN SOLUTION
    for place, layer in enumerate(model.layers):
        x = layer(x)
        if tf.reduce_all(x == 0.0):
            return place
    # END SOLUTION


# %%
gt.check("9.5", dead_layer)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The dead layer's `relu` has the derivative 0, and this factor stands on the way back to its own kernel and to every layer before it. The kernel of the next layer is multiplied by the outputs of the dead one, and they are all 0, so its derivative is 0 too; but the bias of that layer does get a gradient.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 死掉的那层，`relu` 的导数是 0；往回传到它自己的权重矩阵和前面各层，都要乘以这个 0。后面一层的权重矩阵乘的是死掉那层的输出，输出全是 0，所以导数也是 0；但那一层的偏置有梯度。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 9.6** (for two) Take the network of lesson 5, hide two mistakes of this lesson in it, and give it to somebody, who may ask the four questions. Did `gt.explain_gradient` find both?

# %% [markdown] lang="zh"
# **练习 9.6**（两个人做）拿第 5 课的网络，在里面藏两处这一课讲过的错误，交给别人用四个问题去找。`gt.explain_gradient` 两处都找到了吗？

# %%
# your work

# %% [markdown] lang="en"
# ## Recap
#
# - Four questions in order: is every step recorded, has every step a derivative, is it a number that helps, is it the one you meant?
# - `None` is a cut connection; a wrong number may mean that one of several paths was cut.
# - One factor 0 makes the product 0; $0 \cdot \infty$ is NaN, even in a branch not chosen; many factors below or above 1 make gradients vanish or explode.
# - Reduce the target to one number, update in place, differentiate with respect to `trainable_variables`, and look whether anything is missing there.
# - `gt.explain_gradient(f, ...)` or `(tape, target, sources)` names the cause; `gt.draw_tape` shows the cut; `gt.check_gradients` checks the number; `gt.plot_gradient_flow` shows it layer by layer.
#
# Back to [8 · Jacobians and Hessians](08_jacobians_and_hessians.ipynb) · On to [10 · Gradients fast and at scale](10_gradients_fast_and_at_scale.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 四个问题，按顺序问：每一步都记录下来了吗？每一步都有导数吗？导数是有用的数吗？是你要的那个数吗？
# - `None` 是连接断了；数不对，可能是几条路径里断了一条。
# - 有一个因子是 0，乘积就是 0；$0 \cdot \infty$ 是 NaN，没被选中的分支也不例外；许多因子都小于 1 或大于 1，梯度就消失或爆炸。
# - 目标要变成一个数，更新要原地进行（`assign_sub`，不要重新赋值），求导要用 `trainable_variables`，还要看看这个列表里缺不缺东西。
# - `gt.explain_gradient(f, ...)` 或 `(tape, 目标, 源)` 指出原因；`gt.draw_tape` 画出断在哪里；`gt.check_gradients` 核对数字；`gt.plot_gradient_flow` 逐层画出梯度的大小。
#
# 上一课：[8 · 雅可比矩阵和黑塞矩阵](08_jacobians_and_hessians.ipynb) · 下一课：[10 · 又快又大地求梯度](10_gradients_fast_and_at_scale.ipynb)
