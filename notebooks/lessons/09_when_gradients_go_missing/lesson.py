# ---
# jupyter:
#   gradtape:
#     minutes: 75
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
# You ask for a gradient and get `None`. There is no error, no line number, no reason. Or you get a number, training runs, and nothing is learned. This lesson breaks the tape in every way that people really break it, and repairs it each time. There is an order in it: four questions, always the same, lead from the symptom to the cause.
#
# By the end you will be able to
#
# - tell from what came back (`None`, 0, NaN, an error, an odd number) where to look first;
# - find the very step at which the road from target to source breaks;
# - repair it, and say why the repair works;
# - let `gt.explain_gradient` name the cause, and know what it cannot see;
# - mend a training loop in which several things are wrong at once.
#
# You need lessons [2](02_automatic_differentiation.ipynb) to [5](05_gradients_in_deep_learning.ipynb). It takes about 75 minutes to read, the exercises as long again, or longer, and you can stop after any section.

# %% [markdown] lang="zh"
# # 9 · 梯度去哪儿了
#
# 你要一个梯度，得到的却是 `None`：不报错，没有行号，也没有理由。或者确实得到了一个数，训练也在跑，就是什么都没学到。这一课把大家真会犯的错一个个犯一遍，每次都修好。顺序是有讲究的：从症状找到病因，靠的始终是同样的四个问题。
#
# 学完这一课，你能够
#
# - 从得到的东西（`None`、0、NaN、报错、奇怪的数）判断先查哪里；
# - 找出从目标到源的路究竟断在哪一步；
# - 把它修好，并说清为什么这样修管用；
# - 让 `gt.explain_gradient` 说出原因，也知道它看不见什么；
# - 修好一个同时错了好几处的训练循环。
#
# 请先学完第 [2](02_automatic_differentiation.ipynb) 课到第 [5](05_gradients_in_deep_learning.ipynb) 课。读完大约需要 75 分钟，练习还要同样多的时间，甚至更多；每学完一节都可以停下来。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

gt.start("09", lang="en")

# %% [markdown] lang="en"
# ## One road, four questions
#
# A gradient travels. It starts at the target with the value 1 and walks back over the recorded steps until it reaches the source. At each step it is multiplied by that step's slope. Here is such a walk, for $2\sin x$ at 2.2: solid arrows carry values forward, dashed ones bring gradients back.

# %% [markdown] lang="zh"
# ## 一条路，四个问题
#
# 梯度要走一段路。它从目标出发，起初是 1，沿着记录下来的步骤往回走，一直走到源；每过一步，就乘上那一步的斜率。下面画出 $2\sin x$ 在 2.2 处的这趟路：实线箭头把值往前送，虚线箭头把梯度往回带。

# %%
gt.draw_tape(lambda x: 2.0 * tf.sin(x), 2.2)
plt.show()

# %% [markdown] lang="en"
# Now round the input first. The value is computed as readily as before. Look at the way back:

# %% [markdown] lang="zh"
# 现在先把输入四舍五入。值照样算得出来，请看回来的路：

# %%
gt.draw_tape(lambda x: 2.0 * tf.sin(tf.round(x)), 2.2)
plt.show()

# %% [markdown] lang="en"
# The gradient comes back as far as `round` and no further. That cross is all that `None` means: *somewhere between target and source the road is cut*. When a gradient is not what you expect, ask these four questions about the road, in this order:
#
# 1. **Is the road on the tape?** Every step from source to target must have been recorded.
# 2. **Has every step a slope?** TensorFlow must know a derivative for it.
# 3. **Is the slope a number that helps?** 0 and NaN are answers too, but they lead nowhere.
# 4. **Is it the number that you meant?** A sum, another axis, another moment can be answered correctly and still be wrong for you.
#
# The library has a helper that asks the first three for you, and a part of the fourth. Give it the function and its arguments:

# %% [markdown] lang="zh"
# 梯度回到 `round` 就再也过不去了。`None` 说的就是这个叉：从目标到源，路在某处断了。梯度和预想的不一样时，就对着这条路，依次问四个问题：
#
# 1. **路记下来了吗？** 从源到目标的每一步都要记录在案。
# 2. **每一步都有斜率吗？** TensorFlow 得知道这一步的导数。
# 3. **斜率是管用的数吗？** 0 和 NaN 也是答案，却帮不上忙。
# 4. **是你要的那个数吗？** 求了和、换了轴，或者时刻不对：TensorFlow 答得没错，却不是你想问的。
#
# 前三个问题，还有第四个的一部分，程序库里有个助手可以替你问。把函数连同自变量的值一起交给它：

# %%
gt.explain_gradient(lambda x: 2.0 * tf.sin(tf.round(x)), 2.2)

# %% [markdown] lang="en"
# The helper names the step, says why, and suggests a repair: a pattern, to be fitted to your own code. The number P15 is the place of this mistake in a list of 28; the headings below carry these numbers, and the chart at the end leads back to them. Let us now do by hand what it did.

# %% [markdown] lang="zh"
# 助手说出断在哪一步、为什么，还给出改法。改法只是样板，要套用到你自己的代码里。P15 是这个错误在一张 28 项清单里的编号；下面的小标题都带着编号，课末的决策表会指回那些小节。助手做的事，现在我们亲手做一遍。

# %% [markdown] lang="en"
# ## Question 1: is the road on the tape?
#
# ### P1: a constant that nobody watches

# %% [markdown] lang="zh"
# ## 问题一：路记下来了吗？
#
# ### P1：没人监视的常量

# %%
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**2

print(tape.gradient(y, x))
print(tape.watched_variables())

# %% [markdown] lang="en"
# Nothing was recorded. A tape writes down only what depends on something that it watches, and by itself it watches trainable variables alone. `watched_variables()` is the quickest first check: if it is empty, the tape met no variable. (A constant that you watch yourself is not listed there.) Repair: make `x` a variable, or watch it.

# %% [markdown] lang="zh"
# 什么都没有记下来。梯度带只记与被监视的东西有关的步骤，而它自动监视的只有可训练的变量。先查什么最快？查 `watched_variables()`：如果是空的，就说明梯度带一个变量也没遇到。（自己监视的常量不会列在里面。）改法：把 `x` 换成变量，或者监视它。

# %%
with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**2

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P4: watched too late
#
# **Predict first.** Here `watch` stands in the middle of the calculation of $x^3$. The slope at 3 is 27. What will the tape say? Write your guess in place of `...` below.

# %% [markdown] lang="zh"
# ### P4：监视得太晚
#
# **先猜一猜。** 这回 `watch` 写在 $x^3$ 的计算中间。3 处的斜率是 27，梯度带会说多少？把你猜的数写在下面的 `...` 处。

# %%
gt.predict("9.a", ...)

# %%
with tf.GradientTape() as tape:
    square = x * x
    tape.watch(x)
    y = square * x

slope = tape.gradient(y, x)
print(slope.numpy())
gt.predict("9.a", outcome=slope)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It says 9. The square was computed before the tape paid attention, so for the tape it is a constant 9 that is multiplied by `x`. Had `watch` come last, the answer would be `None`. In the middle it is worse: a number, and a wrong one.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 9。计算平方时，梯度带还没有留意 `x`，所以平方在它看来只是常数 9；再乘以 `x`，斜率就是 9。如果 `watch` 写在最后，得到的是 `None`；写在中间更糟：得到一个数，还是错的。
#
# </details>

# %% [markdown] lang="en"
# Watch first, then calculate:

# %% [markdown] lang="zh"
# 先监视，后计算：

# %%
with tf.GradientTape() as tape:
    tape.watch(x)
    square = x * x
    y = square * x

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P3: the last step was taken outside
#
# The opposite mistake: the road begins on the tape and ends beside it. The mean, or a slice such as `errors[0]`, is a step like any other.

# %% [markdown] lang="zh"
# ### P3：最后一步写在了 with 块外面
#
# 这个错正好相反：路的开头记下来了，末尾却落在外面。求平均也好，像 `errors[0]` 这样取一部分也好，都和别的步骤一样，是运算。

# %%
w = tf.Variable(2.0)
inputs = tf.constant([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    errors = tf.square(w * inputs - 1.0)
loss = tf.reduce_mean(errors)

print(loss.numpy(), tape.gradient(loss, w))

# %% [markdown] lang="en"
# One level of indentation repairs it:

# %% [markdown] lang="zh"
# 缩进一层就修好了：

# %%
with tf.GradientTape() as tape:
    errors = tf.square(w * inputs - 1.0)
    loss = tf.reduce_mean(errors)

print(tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# ### P10: the same mistake, one tape further out
#
# For a second derivative the outer tape must record how the first was *computed*. Here the inner `gradient` call stands one level too far left:

# %% [markdown] lang="zh"
# ### P10：同样的错，出在外层梯度带上
#
# 求二阶导数时，外层梯度带必须记录一阶导数是怎样**算出来**的。这里内层的 `gradient` 少缩进了一层：

# %%
x = tf.Variable(2.0)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
first = inner_tape.gradient(y, x)

print(first.numpy(), outer_tape.gradient(first, x))

# %% [markdown] lang="en"
# To the outer tape the 12 is a number that came from nowhere. Indent the call, and the outer tape sees how it was made:

# %% [markdown] lang="zh"
# 在外层梯度带看来，12 只是一个来历不明的数。把这次调用缩进去，外层梯度带就看得见它是怎么来的：

# %%
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
    first = inner_tape.gradient(y, x)

print(first.numpy(), outer_tape.gradient(first, x).numpy())

# %% [markdown] lang="en"
# ### P5: a detour through NumPy
#
# A tape sees TensorFlow's operations and nothing else. `.numpy()`, `float()`, `int()` and every function of NumPy take the number out of its sight. What comes back depends on where the detour lies. If all of the road leaves, the target is not even a tensor, and the error message speaks of an inner detail, `_id`:

# %% [markdown] lang="zh"
# ### P5：绕道 NumPy
#
# 梯度带只看得见 TensorFlow 的运算。`.numpy()`、`float()`、`int()`，以及所有 NumPy 函数，都把数带出了它的视线。会得到什么，要看绕道的是哪一段。如果全程都在外面，目标连张量都不是，报错里说的是内部细节 `_id`：

# %% tags=["raises-exception"]
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = np.sin(x)

tape.gradient(y, x)

# %% [markdown] lang="en"
# If the number leaves and comes back, the target is a tensor, and you get `None`:

# %% [markdown] lang="zh"
# 如果出去了又回来，目标是张量，得到的就是 `None`：

# %%
with tf.GradientTape() as tape:
    y = tf.square(tf.constant(x.numpy()))

print(tape.gradient(y, x))

# %% [markdown] lang="en"
# And if only one of two roads leaves, you get a number. It should be 27, the slope of $x^3$. Look for the second arrow from `x` in the drawing:

# %% [markdown] lang="zh"
# 如果有两条路，只有一条绕了出去，得到的就是一个数。它本该是 27，即 $x^3$ 的斜率。请在图里找一找从 `x` 出发的第二支箭头：


# %%
def cube(x):
    return np.square(x) * x


gt.draw_tape(cube, 3.0)
plt.show()

# %% [markdown] lang="en"
# There is none. Where it should arrive comes a 9 that NumPy computed, and nobody knows that it was made from `x`. A gradient of 9 looks perfectly healthy. What gives it away is a check against finite differences:

# %% [markdown] lang="zh"
# 找不到。它本该到达的地方，来的是 NumPy 算出的一个 9，谁也不知道这个 9 是由 `x` 得来的。梯度 9 看上去毫无毛病，和有限差分一核对，才露出马脚：

# %%
print(gt.check_gradients(cube, 3.0))

# %% [markdown] lang="en"
# Repair: nearly every function of NumPy has a twin in `tf` or `tf.math`. Take numbers out of TensorFlow when the gradient is done, to print them or to draw them, never on the way.

# %% [markdown] lang="zh"
# 改法：NumPy 的函数，几乎都能在 `tf` 或 `tf.math` 里找到对应。要打印、要画图，等梯度求完再把数取出来，别在半路上取。

# %%
with tf.GradientTape() as tape:
    y = tf.square(x) * x

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P7: assign is a new start
#
# A variable is a box for a number. `assign` puts a new number in and keeps no note of where it came from. A running total in a variable keeps the sum, and forgets what the sum was made of:

# %% [markdown] lang="zh"
# ### P7：赋值就是重新开始
#
# 变量是装数的盒子。`assign` 往里放一个新数，却不记这个数从哪里来。用变量来累加，和还在，加进去的数从哪里来却全忘了：

# %%
w = tf.Variable(2.0)
total = tf.Variable(0.0)

with tf.GradientTape() as tape:
    for number in [1.0, 2.0, 3.0]:
        total.assign_add(tf.square(w * number - 1.0))
    loss = total / 3.0

print(loss.numpy(), tape.gradient(loss, w))

# %% [markdown] lang="en"
# The value is right, the road is cut at each `assign_add`. Inside a calculation, use tensors. `+` makes a new tensor that knows both of its parents:

# %% [markdown] lang="zh"
# 值是对的，路却在每个 `assign_add` 处断掉。计算过程中要用张量：`+` 造出的新张量认得自己的父母：

# %%
with tf.GradientTape() as tape:
    total = 0.0
    for number in [1.0, 2.0, 3.0]:
        total = total + tf.square(w * number - 1.0)
    loss = total / 3.0

print(loss.numpy(), tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# ### P6: the name means something else now
#
# And here is the mirror image. *Between* two calculations, where a parameter gets its next value, `assign` is right and `=` is wrong:

# %% [markdown] lang="zh"
# ### P6：名字换了主人
#
# 反过来也会出错。在两次计算**之间**，给参数换上新值的时候，`assign` 是对的，`=` 反而错了：

# %%
w = tf.Variable(2.0)
for step in range(2):
    with tf.GradientTape() as tape:
        loss = tf.square(w - 1.0)
    slope = tape.gradient(loss, w)
    print(type(w).__name__, slope)
    if slope is not None:
        w = w - 0.1 * slope

# %% [markdown] lang="en"
# `w = w - ...` makes a tensor and gives it the name `w`. From then on the tape meets a constant, and this is P1 again. (`w -= ...` would be the same trap, but TensorFlow 2.21 refuses it with a clear `RuntimeError`.) Update in place:

# %% [markdown] lang="zh"
# `w = w - ...` 造出一个张量，再把 `w` 这个名字给它。从此梯度带遇到的是常量，又回到了 P1。（写成 `w -= ...` 是同一个陷阱，不过 TensorFlow 2.21 会明确报 `RuntimeError`，不让这么写。）应当就地更新：

# %%
w = tf.Variable(2.0)
for step in range(2):
    with tf.GradientTape() as tape:
        loss = tf.square(w - 1.0)
    w.assign_sub(0.1 * tape.gradient(loss, w))
    print(type(w).__name__, w.numpy())

# %% [markdown] lang="en"
# ### P11: there is no road
#
# Sometimes nothing is wrong with the record: the target does not depend on the source. In $z = 3x^2 + 2y$ the slope $\partial z/\partial y$ is a plain 2, which contains no $y$:

# %% [markdown] lang="zh"
# ### P11：本来就没有路
#
# 有时记录毫无差错，只是目标与源确实无关。在 $z = 3x^2 + 2y$ 里，$\partial z/\partial y$ 就是 2，其中没有 $y$：

# %%
x, y = tf.Variable(2.0), tf.Variable(3.0)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        z = 3.0 * x**2 + 2.0 * y
    dz_dy = inner_tape.gradient(z, y)

print(dz_dy.numpy(), outer_tape.gradient(dz_dy, y))

# %% [markdown] lang="en"
# On paper this derivative is 0. TensorFlow says `None`, since a missing road is so often a mistake. If you know that it is not, ask for the zero:

# %% [markdown] lang="zh"
# 在纸上，这个导数是 0。TensorFlow 却说 `None`，因为没有路往往是写错了。如果你知道没有写错，可以让它回答 0：

# %%
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        z = 3.0 * x**2 + 2.0 * y
    dz_dy = inner_tape.gradient(z, y)

print(outer_tape.gradient(dz_dy, y, unconnected_gradients="zero").numpy())

# %% [markdown] lang="en"
# ### P23: None or 0, by the way it is written
#
# The same function, written in two ways, differentiated three times. **Predict first:** two zeros?

# %% [markdown] lang="zh"
# ### P23：写法不同，None 或 0
#
# 同一个函数，两种写法，各求三次导。**先猜一猜：** 会是两个零吗？


# %%
def derivative(f, x, order, **options):
    if order == 0:
        return f(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = derivative(f, x, order - 1, **options)
    return tape.gradient(y, x, **options)


one = tf.constant(1.0)
print("x * x :", derivative(lambda x: x * x, one, 3))
print("x ** 2:", derivative(lambda x: x**2, one, 3))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The derivative of `x * x` is recorded as `x + x`, and the derivative of that as a plain 2. The road ends there: `None`. The rule for powers multiplies instead, $2 \cdot 1 \cdot 0 \cdot x^{-1}$. The road is there and carries a 0. (At $x = 0$ this becomes $0 \cdot \infty$, which is NaN: lesson 4 shows it.)
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# `x * x` 的导数记成 `x + x`，再求导就是光秃秃的 2，路到此为止：`None`。幂的求导法则却继续相乘，$2 \cdot 1 \cdot 0 \cdot x^{-1}$，路还在，传来的是 0。（在 $x = 0$ 处它变成 $0 \cdot \infty$，也就是 NaN，第 4 课见过。）
#
# </details>

# %% [markdown] lang="en"
# Nothing is broken. If a function of yours may be differentiated until nothing is left, ask for zeros:

# %% [markdown] lang="zh"
# 什么都没坏。如果一个函数可能会一直求导，求到什么都不剩，就让它回答 0：

# %%
print(derivative(lambda x: x * x, one, 3, unconnected_gradients="zero").numpy())

# %% [markdown] lang="en"
# ### P8: the road was used up
#
# A tape answers once, then lets go of its record. The second question fails, and for once the message says what happened:

# %% [markdown] lang="zh"
# ### P8：路已经用掉了
#
# 普通的梯度带只回答一次，然后就丢掉记录，第二次提问就会失败。难得的是，这回报错把事情说清楚了：

# %% tags=["raises-exception"]
with tf.GradientTape() as tape:
    z = 3.0 * x**2 + 2.0 * y

tape.gradient(z, x)
tape.gradient(z, y)

# %% [markdown] lang="en"
# Ask once, with a list. Use `persistent=True` only if the second question depends on the first answer.

# %% [markdown] lang="zh"
# 用列表一次问完。只有第二个问题要看第一个答案时，才用 `persistent=True`。

# %%
with tf.GradientTape() as tape:
    z = 3.0 * x**2 + 2.0 * y

print([float(slope) for slope in tape.gradient(z, [x, y])])

# %% [markdown] lang="en"
# ### Let the helper ask
#
# In your own code there is usually a tape already. Put `gt.explain_gradient(tape, target, sources)` where `tape.gradient(target, sources)` stood. It answers for each source separately:

# %% [markdown] lang="zh"
# ### 让助手来问
#
# 你自己的代码里通常已经有梯度带了。在原来写 `tape.gradient(目标, 源)` 的地方，换成 `gt.explain_gradient(tape, 目标, 源)`。它对每个源分别作答：

# %%
w, b, unused = tf.Variable(0.5), tf.constant(0.1), tf.Variable(1.0)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(w * inputs + b))

gt.explain_gradient(tape, loss, [w, b, unused])

# %% [markdown] lang="en"
# The helper has a blind spot: a number that lacks a part, like the 9 of `cube`. Given the function, it tries points nearby and notices. A tape that is already recorded cannot be run again; there the helper can only point at the line, if it can read it. “Nothing wrong was found” therefore does not mean that the number is right. Ask `gt.check_gradients` for that.

# %% [markdown] lang="zh"
# 助手有一个盲点：像 `cube` 的 9 那样，缺了一部分的数。把函数交给它，它会在附近的点上再算几次，就能发现。已经录好的梯度带没法重跑，助手最多指出是哪一行，还得读得到代码才行。所以“没有发现问题”不等于数是对的，这要用 `gt.check_gradients` 核对。

# %% [markdown] lang="en"
# ## Question 2: has every step a slope?
#
# The road is recorded from end to end. Now look at the single steps. A slope answers the question: *if the input moves a little, how much does the output move?* Some steps cannot answer.
#
# ### P2: whole numbers
#
# A whole number cannot move a little. It is easy to make one without noticing: `3` for `3.0`, a NumPy array of counts, a column of a table.

# %% [markdown] lang="zh"
# ## 问题二：每一步都有斜率吗？
#
# 路从头到尾都记下来了，现在逐步检查。斜率回答的是：“输入变一点点，输出变多少？”有些步骤答不上来。
#
# ### P2：整数
#
# 整数没法只变一点点。一不留神就会造出整数：把 `3.0` 写成 `3`，用 NumPy 数组计数，从表格里取出一列。

# %%
x = tf.Variable(3)
with tf.GradientTape() as tape:
    y = x**2

print(x.dtype.name, tape.gradient(y, x))

# %% [markdown] lang="en"
# TensorFlow 2.21 says nothing here; only `tape.watch` on a whole number prints a warning. So look at the `dtype`. An integer *target* is the same mistake at the other end, for instance a loss that was cast for printing:

# %% [markdown] lang="zh"
# TensorFlow 2.21 在这里一声不响，只有对整数调用 `tape.watch` 才会警告。所以要看 `dtype`。**目标**是整数也是同样的错，只是出在另一头，比如为了打印而把损失转成了整数：

# %%
x = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    loss = x**2
    shown = tf.cast(loss, tf.int32)

print(shown.numpy(), tape.gradient(shown, x), tape.gradient(loss, x).numpy())
del tape

# %% [markdown] lang="en"
# Cast to integers only on a side road, as `shown` is here. And data that arrive as whole numbers are converted *before* they are watched:

# %% [markdown] lang="zh"
# 要转成整数，只在岔路上转，就像这里的 `shown`。数据如果本来就是整数，要在监视**之前**转好：

# %%
counts = np.array([3, 4])
for data in (tf.constant(counts), tf.cast(counts, tf.float32)):
    with tf.GradientTape() as tape:
        tape.watch(data)
        y = tf.reduce_sum(data**2)
    print(data.dtype.name, tape.gradient(y, data))

# %% [markdown] lang="en"
# ### P15: stairs and switches
#
# Rounding, cutting off decimals, comparing, asking which entry is the largest: the output stands still, then jumps. Each of these steps is a staircase.
#
# **Predict first.** On a stair the slope is 0. Which of these five will say 0, and which `None`?

# %% [markdown] lang="zh"
# ### P15：台阶和开关
#
# 四舍五入、取整、比较、取最大者的位置：输出先是一动不动，然后突然一跳。这些步骤都是台阶。
#
# **先猜一猜。** 在台阶上，斜率是 0。下面五个，哪些会说 0，哪些会说 `None`？

# %%
stairs = {
    "round": tf.round,
    "floor": tf.floor,
    "cast": lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32),
    "x > 2": lambda x: tf.cast(x > 2.0, tf.float32),
    "sign": tf.sign,
}
for name, stair in stairs.items():
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = stair(x)
    print(f"{name:6} {y.numpy()}  {tape.gradient(y, x)}")

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Only `sign` says 0. The others say `None`: they are registered as steps without a slope, or lead through whole numbers or truth values, which have none. Be glad of the `None`. A 0 stops training just as well, and without a word.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 只有 `sign` 说 0，其余都是 `None`：它们有的登记为没有斜率的步骤，有的中途经过整数或真假值，自然没有斜率。得到 `None` 倒是好事：0 同样会让训练停住，却一声不响。
#
# </details>

# %% [markdown] lang="en"
# There are two repairs. The first replaces the staircase by a smooth stand-in. Left, $x - \frac{1}{2\pi}\sin 2\pi x$ for rounding; right, for the comparison $x > 0$, the *sigmoid* $\sigma(4x)$, where $\sigma(x) = \frac{1}{1 + e^{-x}}$ climbs from 0 to 1. The stairs themselves are dotted. Look at the derivatives: where are they far from 0?

# %% [markdown] lang="zh"
# 改法有两种。第一种，用光滑的替身换掉台阶。左图用 $x - \frac{1}{2\pi}\sin 2\pi x$ 代替四舍五入；右图用 *sigmoid* 函数 $\sigma(4x)$ 代替比较 $x > 0$，其中 $\sigma(x) = \frac{1}{1 + e^{-x}}$ 从 0 爬升到 1。台阶本身画成点线。请看导数：它在哪里远离 0？


# %%
def smooth_round(x):
    return x - tf.sin(2.0 * np.pi * x) / (2.0 * np.pi)


fig, (left, right) = plt.subplots(1, 2)
gt.plot_derivatives(smooth_round, (-1.9, 1.9), order=1, mark=(), ax=left)
gt.plot_derivatives(lambda x: tf.sigmoid(4 * x), (-2, 2), order=1, mark=(), ax=right)
points = np.linspace(-1.9, 1.9, 1001)
left.plot(points, np.round(points), ":", color="C3", label=r"$\mathrm{round}(x)$")
right.plot(points, points > 0, ":", color="C3", label="$x > 0$")
left.legend(loc="lower right")
right.legend(loc="upper left")
plt.show()

# %% [markdown] lang="en"
# The slope sits where the staircase jumps, which is where a small change could matter. A steeper stand-in is more faithful, but its slope lives in a narrower strip, and outside it is again nearly 0. That is the price.
#
# The second repair keeps the staircase and lies about its slope. The *straight-through estimator* goes forward as `round` and backward as if nothing had happened. `tf.stop_gradient` hides the difference between $\mathrm{round}(x)$ and $x$ from the tape, so the tape sees $x$ plus a constant:

# %% [markdown] lang="zh"
# 台阶在哪里跳，斜率就在哪里，而那正是变一点点就可能有影响的地方。替身越陡越逼真，斜率却挤进更窄的一条，条外又几乎是 0。这就是代价。
#
# 第二种改法保留台阶，但在斜率上撒个谎。**直通估计器**往前走时照常四舍五入，往回走时当作什么都没发生。`tf.stop_gradient` 把 $\mathrm{round}(x)$ 与 $x$ 的差藏起来，梯度带看到的只是 $x$ 加一个常数：


# %%
def straight_through_round(x):
    return x + tf.stop_gradient(tf.round(x) - x)


for f in (smooth_round, straight_through_round):
    x = tf.Variable(2.7)
    with tf.GradientTape() as tape:
        y = f(x)
    print(f"{f.__name__:23} {y:.3f}  {tape.gradient(y, x):.3f}")

# %% [markdown] lang="en"
# ### P22: an operation without a rule
#
# For most operations somebody has registered the derivative. For some, nobody has. `tf.math.bincount` adds up weights by class, which is a sum, so a slope exists; it was never written down:

# %% [markdown] lang="zh"
# ### P22：没有求导法则的运算
#
# 大多数运算都有人登记过导数，也有一些没有。`tf.math.bincount` 按类别把权重加起来，不过是求和，斜率当然存在，只是没人登记：

# %% tags=["raises-exception"]
classes = tf.constant([0, 1, 0])
weights = tf.Variable([1.0, 2.0, 3.0])

with tf.GradientTape() as tape:
    totals = tf.math.bincount(classes, weights=weights)
    loss = tf.reduce_sum(totals**2)

tape.gradient(loss, weights)

# %% [markdown] lang="en"
# The message names the operation, `DenseBincount`. The better repair is another operation that does the same and has a rule; here it is `tf.math.unsorted_segment_sum`. If there is none, write the rule yourself with `tf.custom_gradient`: a function that returns its value, and a function that carries the gradient back. Here each weight receives the gradient of its class:

# %% [markdown] lang="zh"
# 报错点出了运算的名字 `DenseBincount`。最好换一个作用相同、又有法则的运算，这里是 `tf.math.unsorted_segment_sum`。实在没有，就用 `tf.custom_gradient` 自己写法则：返回函数值，再返回一个把梯度往回带的函数。这里，每个权重收到的就是它那个类别的梯度：


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
# ## Question 3: is the slope a number that helps?
#
# The road is there, each step has a slope, and still what arrives is of no use. All of this section is about multiplication: one 0 on the road makes everything 0, and one infinity spoils everything it meets.
#
# ### P27: flat ground

# %% [markdown] lang="zh"
# ## 问题三：斜率是管用的数吗？
#
# 路在，每一步都有斜率，到手的东西却没有用。这一节说的都是乘法：路上有一个 0，全程就是 0；路上有一个无穷大，碰到什么就毁掉什么。
#
# ### P27：平地

# %%
x = tf.Variable([-2.0, 20.0])
with tf.GradientTape() as tape:
    y = tf.stack([tf.nn.relu(x[0]), tf.sigmoid(x[1])])

print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# Both gradients are exactly 0. When that happens, draw the step with its derivative, over the range of inputs that you really have. Left `relu`, right the sigmoid. How steep are they on the dotted lines, at $-2$ and at 20?

# %% [markdown] lang="zh"
# 两个梯度都恰好是 0。遇到这种情况，就把这一步和它的导数画出来，范围取真实输入的范围。左图是 `relu`，右图是 sigmoid。在点线处，也就是 $-2$ 和 20 处，它们有多陡？

# %%
fig, (left, right) = plt.subplots(1, 2)
gt.plot_derivatives(tf.nn.relu, (-3.0, 3.0), order=1, mark=(), ax=left)
gt.plot_derivatives(tf.sigmoid, (-25.0, 25.0), order=1, mark=(), ax=right)
left.axvline(-2.0, color="C3", linestyle=":")
right.axvline(20.0, color="C3", linestyle=":")
plt.show()

# %% [markdown] lang="en"
# Left of 0, `relu` is level: a unit that is negative for every example is *dead*, and no step will wake it. The sigmoid is never quite level, but its slope at 20 is about $e^{-20} \approx 2 \cdot 10^{-9}$. In `float32` the value $\sigma$ is rounded to 1, so the slope, computed as $\sigma(1 - \sigma)$, is exactly 0: the unit is *saturated*. Repairs: an activation with some slope everywhere; smaller inputs or starting weights; and for a loss, the function that takes the *logits*, the numbers before the sigmoid:

# %% [markdown] lang="zh"
# 在 0 左边，`relu` 是平的：如果一个单元对所有样本都是负的，它就**死了**，走多少步也唤不醒。sigmoid 从不真正变平，但在 20 处斜率只有 $e^{-20} \approx 2 \cdot 10^{-9}$。在 `float32` 里，函数值 $\sigma$ 舍入成了 1，斜率按 $\sigma(1 - \sigma)$ 计算，恰好是 0：这个单元**饱和**了。改法：换一个处处都有斜率的激活函数；让输入或初始权重小一些；如果用在损失里，就换成直接接收 *logits*（sigmoid 之前的数）的函数：

# %%
logit = tf.Variable(20.0)
with tf.GradientTape(persistent=True) as tape:
    leaky = tf.nn.leaky_relu(x[0])
    saturated = -tf.math.log(1.0 - tf.sigmoid(logit) + 1e-7)
    from_logits = tf.nn.sigmoid_cross_entropy_with_logits(labels=0.0, logits=logit)

print(tape.gradient(leaky, x).numpy())
for loss in (saturated, from_logits):
    print(tape.gradient(loss, logit).numpy())
del tape

# %% [markdown] lang="en"
# The two losses are the same formula, $-\ln(1 - \sigma(x))$; the $10^{-7}$ only keeps the logarithm away from 0. The logit 20 for the label 0 is badly wrong, so the loss should push hard. Computed in two steps it does not push at all; computed in one, its slope is 1.
#
# ### P16: the trap of tf.where
#
# You know that $\ln 0$ is not finite, so you guard it. The value is fine:

# %% [markdown] lang="zh"
# 两个损失是同一个公式 $-\ln(1 - \sigma(x))$，$10^{-7}$ 只是不让对数碰到 0。标签是 0，logit 却是 20，错得离谱，损失本该使劲推。分两步算，一点也不推；一步算成，斜率是 1。
#
# ### P16：tf.where 的陷阱
#
# 你知道 $\ln 0$ 不是有限的数，于是加了保护。值没有问题：


# %%
def guarded_log(x):
    return tf.where(x > 0.0, tf.math.log(x), 0.0)


x = tf.Variable([0.0, 1.0, 4.0])
with tf.GradientTape() as tape:
    y = guarded_log(x)

print(y.numpy(), tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# The gradient at 0 is `nan`, although the branch with the logarithm was not chosen there. The drawing shows why. Follow the gradient back through `log`:

# %% [markdown] lang="zh"
# 0 处的梯度是 `nan`，可是在那里，对数那一支根本没有被选中。看图就明白了，请跟着梯度往回穿过 `log`：

# %%
gt.draw_tape(guarded_log, 0.0)
plt.show()

# %% [markdown] lang="en"
# `tf.where` computes *both* branches and then chooses. On the way back it hands a 0 to the branch that was not chosen. That branch multiplies by its own slope, $1/x = \infty$, and $0 \cdot \infty$ is NaN. Multiplying by 0 is not the same as not going there.
#
# Repair: make the *input* of the dangerous step safe, so that its slope is finite. This takes a second `where` and is called the double `where`:

# %% [markdown] lang="zh"
# `tf.where` 把**两支都算**出来，再挑一支。往回走时，没被选中的那支收到 0；它再乘上自己的斜率 $1/x = \infty$，而 $0 \cdot \infty$ 是 NaN。乘以 0，不等于没走过。
#
# 改法：让危险步骤的**输入**先变安全，斜率就是有限的了。这要再用一个 `where`，叫双重 `where`：


# %%
def safe_log(x):
    positive = x > 0.0
    return tf.where(positive, tf.math.log(tf.where(positive, x, 1.0)), 0.0)


gt.draw_tape(safe_log, 0.0)
plt.show()

# %% [markdown] lang="en"
# The logarithm now sees a 1 where it would have seen a 0. Its result is thrown away as before, but the way back stays finite: 0 times 1 is 0.
#
# ### P17: a root at zero
#
# **Predict first.** The length of a vector, $\sqrt{x_0^2 + x_1^2}$, at the origin, and $\sqrt{x}$ at 0. Infinite, zero or NaN?

# %% [markdown] lang="zh"
# 对数本来会遇到 0，现在遇到的是 1。它的结果照样被丢掉，但回来的路上都是有限的数：0 乘以 1 等于 0。
#
# ### P17：零处的根号
#
# **先猜一猜。** 向量的长度 $\sqrt{x_0^2 + x_1^2}$ 在原点，还有 $\sqrt{x}$ 在 0 处，梯度是无穷大、零，还是 NaN？

# %%
x, s = tf.Variable([0.0, 0.0]), tf.Variable(0.0)
with tf.GradientTape() as tape:
    length = tf.norm(x)
    root = tf.sqrt(s)

for slope in tape.gradient([length, root], [x, s]):
    print(slope.numpy())

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The root alone is infinitely steep at 0: `inf`. In the length, the root's infinity meets the slope $2x = 0$ of the square: $\infty \cdot 0$, NaN. It is the product of the last section, with the factors the other way round. This one strikes wherever a distance or a standard deviation can become 0.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 根号自己在 0 处无限陡：`inf`。在长度里，根号的无穷大遇上平方的斜率 $2x = 0$：$\infty \cdot 0$，NaN。这就是上一小节的那个乘积，只是因子换了次序。凡是距离、标准差可能为 0 的地方，都会撞上它。
#
# </details>

# %% [markdown] lang="en"
# Repair: a small $\varepsilon$ *under* the root. At the origin the gradient is then 0, and away from it hardly anything changes:

# %% [markdown] lang="zh"
# 改法：在根号**里面**加一个很小的 $\varepsilon$。这样原点处的梯度是 0，别处几乎不变：


# %%
def smooth_length(x):
    return tf.sqrt(tf.reduce_sum(x**2) + 1e-12)


for point in ([0.0, 0.0], [3.0, 4.0]):
    value, slope = gt.value_and_gradient(smooth_length, point)
    print(value.numpy(), slope.numpy())

# %% [markdown] lang="en"
# ### Let the helper look at the numbers
#
# A NaN spreads: one step later all parameters are NaN, and nobody can say where it began. The helper can, as long as you ask it before the first update:

# %% [markdown] lang="zh"
# ### 让助手来看这些数
#
# NaN 会蔓延：再走一步，所有参数都成了 NaN，谁也说不出它从哪里来。只要赶在第一次更新之前问，助手就说得出来：

# %%
x = tf.constant([0.0, 1.0, 4.0])
gt.explain_gradient(lambda x: tf.reduce_sum(guarded_log(x)), x)

# %% [markdown] lang="en"
# ## Question 4: is it the number that you meant?
#
# From here on TensorFlow makes no mistake. It answers a question that is not quite yours.
#
# ### P12: a vector is summed
#
# A gradient has the shape of its source. If the target is a vector, its entries are added first, without a word.
#
# **Predict first.** Twice `gradient`, for $f = x_0^2\,x_1^3$ at $(1, 2)$. There are $\partial^2 f/\partial x_0^2 = 16$, $\partial^2 f/\partial x_1^2 = 12$ and the mixed derivative 24. Which two of these numbers will come back? Run the next cell: it shows the choices.

# %% [markdown] lang="zh"
# ## 问题四：是你要的那个数吗？
#
# 从这里起，TensorFlow 没有错，只是它回答的和你问的差了一点。
#
# ### P12：向量会被求和
#
# 梯度的形状总和源一样。如果目标是向量，它的各个分量会先加起来，一声不响。
#
# **先猜一猜。** 对 $f = x_0^2\,x_1^3$，在 $(1, 2)$ 处用两次 `gradient`。已知 $\partial^2 f/\partial x_0^2 = 16$，$\partial^2 f/\partial x_1^2 = 12$，混合偏导数是 24。返回的会是其中哪两个？运行下一个单元格，选项就会出现。

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
# None of them. 40 is $16 + 24$ and 36 is $24 + 12$: the row sums of the Hessian. The two entries of the first gradient were added before they were differentiated again.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 一个也不是。40 是 $16 + 24$，36 是 $24 + 12$，也就是黑塞矩阵各行之和。第一次求出的梯度有两个分量，它们先加在一起，才又求了一次导。
#
# </details>

# %% [markdown] lang="en"
# `jacobian` keeps the targets apart:

# %% [markdown] lang="zh"
# `jacobian` 把各个目标分开：

# %%
print(outer_tape.jacobian(first, x).numpy())
del outer_tape

# %% [markdown] lang="en"
# `gt.hessian` does both steps at once. In a training loop the same sum makes every gradient grow with the number of examples; there, take the mean over the examples yourself.
#
# ### P13: the axes of a Jacobian
#
# A Jacobian predicts changes: $\Delta q \approx J\,\Delta p$. Its shape is the target's shape, then the source's. If it is square, nothing warns you when you use it the wrong way round, as `transpose_a=True` does here:

# %% [markdown] lang="zh"
# `gt.hessian` 一步到位。在训练循环里，同样的求和会让梯度随样本数一起变大；那时请自己先对所有样本的损失求平均。
#
# ### P13：雅可比矩阵的轴
#
# 雅可比矩阵可以预报变化：$\Delta q \approx J\,\Delta p$。它的形状先是目标的，再是源的。如果恰好是方阵，用反了也没有任何提示，就像这里的 `transpose_a=True`：


# %%
def q(p):
    return tf.stack([p[0] * p[1], p[0] + 10.0 * p[1]])


p = tf.constant([2.0, 3.0])
change = tf.constant([0.01, 0.0])
jacobian = gt.jacobian(q, p)

print(tf.linalg.matvec(jacobian, change, transpose_a=True).numpy().round(3))
print((q(p + change) - q(p)).numpy().round(3))

# %% [markdown] lang="en"
# The prediction, above, and what really happened, below, do not agree. Moving one input a little is the way to check any Jacobian. Entry `[i, j]` belongs to target $i$ and source $j$, so the change of the source is multiplied from the right:

# %% [markdown] lang="zh"
# 上面是预报，下面是真实的变化，两者对不上。让一个输入变一点点，看预报准不准，凡是雅可比矩阵都可以这样检验。`[i, j]` 处的元素属于第 $i$ 个目标和第 $j$ 个源，所以源的变化要从右边乘：

# %%
print(tf.linalg.matvec(jacobian, change).numpy().round(3))

# %% [markdown] lang="en"
# ### P24: ties and kinks
#
# At a kink there is no tangent, and TensorFlow has to choose a slope. Which one depends on the operation, even where the functions are equal:

# %% [markdown] lang="zh"
# ### P24：并列与尖点
#
# 尖点处没有切线，TensorFlow 只好选一个斜率。选哪个，要看用的是什么运算，哪怕函数本身是同一个：

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
# And a tie is a kink too. Which of two equal numbers is the largest?

# %% [markdown] lang="zh"
# 并列也是尖点。两个相等的数，哪个最大？

# %%
a, b = tf.Variable(2.0), tf.Variable(2.0)
with tf.GradientTape(persistent=True) as tape:
    pairwise = tf.maximum(a, b)
    reduced = tf.reduce_max(tf.stack([a, b]))
for name, y in {"maximum(a, b)": pairwise, "reduce_max": reduced}.items():
    print(f"{name:14} {[slope.numpy().item() for slope in tape.gradient(y, [a, b])]}")
del tape

# %% [markdown] lang="en"
# `maximum` gives everything to its first argument, `reduce_max` shares. Every answer lies between the slopes on the two sides, so each is defensible; know which one you get. If equal values must be treated alike, a smooth maximum has no tie to break. Its value is somewhat larger than the maximum:

# %% [markdown] lang="zh"
# `maximum` 全给排在前面的那个数，`reduce_max` 平分。每个答案都在两侧的斜率之间，都说得过去，要紧的是知道自己得到的是哪一个。如果相等的值必须一视同仁，就用光滑的最大值，它没有并列可言，只是值比真正的最大值大一些：

# %%
with tf.GradientTape() as tape:
    y = tf.reduce_logsumexp(tf.stack([a, b]))

print([slope.numpy().item() for slope in tape.gradient(y, [a, b])])

# %% [markdown] lang="en"
# ### P25: the moment of recording
#
# **Predict first.** $x^2$ was recorded at $x = 3$. Before the question is asked, `x` becomes 10. Is the slope 6 or 20? Write it in place of `...` below.

# %% [markdown] lang="zh"
# ### P25：记录的那一刻
#
# **先猜一猜。** $x^2$ 是在 $x = 3$ 时记录的。提问之前，`x` 变成了 10。斜率是 6 还是 20？写在下面的 `...` 处。

# %%
gt.predict("9.c", ...)

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2
x.assign(10.0)

slope = tape.gradient(y, x)
print(x.numpy(), slope.numpy())
gt.predict("9.c", outcome=slope)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It is 6. The tape keeps the values that it met, and `y` is still 9. That is what one wants: the gradient belongs to the loss that was computed.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是 6。梯度带留着当时遇到的值，`y` 也还是 9。这正是我们要的：梯度属于算出来的那个损失。
#
# </details>

# %% [markdown] lang="en"
# For the slope at the new place, calculate again:

# %% [markdown] lang="zh"
# 想要新位置的斜率，就重新算一遍：

# %%
with tf.GradientTape() as tape:
    y = x**2

print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# ### P26: the check is wrong, not the tape
#
# In doubt, one compares the tape with a finite difference. Make $h$ as small as you can, and the tape looks wrong by a wide margin. Here is $x^4$ at 3, whose slope is 108, in `float32`:

# %% [markdown] lang="zh"
# ### P26：错的是验算，不是梯度带
#
# 心里没底时，会拿有限差分来核对梯度带。如果把 $h$ 取得尽量小，梯度带看上去就错得厉害。下面是 $x^4$ 在 3 处，斜率本是 108，用 `float32` 计算：


# %%
def fourth_power(x):
    return (x * x) * (x * x)


x = tf.constant(3.0)
for h in [1e-2, 1e-6, 1e-7]:
    difference = (fourth_power(x + h) - fourth_power(x - h)) / (2.0 * h)
    print(f"h = {h:.0e}   {difference.numpy():.1f}")

# %% [markdown] lang="en"
# With $h = 10^{-6}$ the check is off by 5, with $10^{-7}$ it finds no change at all. Lesson 2 told why; here is its picture again. The error falls with $h$, then rounding takes over, and it rises. Look where the lowest point of each curve lies:

# %% [markdown] lang="zh"
# $h = 10^{-6}$ 时差了 5，$10^{-7}$ 时干脆看不出变化。原因在第 2 课讲过，这里再看一次那张图：误差先随 $h$ 变小，之后舍入误差占了上风，又变大。请看每条曲线的最低点在哪里：

# %%
gt.plot_step_error(fourth_power, at=3.0)
plt.show()

# %% [markdown] lang="en"
# For the central difference $\delta_h$ the best $h$ is, as a rule of thumb, near the cube root of the *machine epsilon*, the distance from 1 to the next number that the computer knows: about $5 \cdot 10^{-3}$ in `float32`, $6 \cdot 10^{-6}$ in `float64`. `gt.check_gradients`, which found the wrong 9 of P5, takes that step for you, in `float64`:

# %% [markdown] lang="zh"
# 对中心差分 $\delta_h$，最佳的 $h$ 一般在**机器精度**（1 与计算机能表示的下一个数之差）的立方根附近：`float32` 约为 $5 \cdot 10^{-3}$，`float64` 约为 $6 \cdot 10^{-6}$。查出 P5 里那个错误的 9 的，就是 `gt.check_gradients`：它会替你取好步长，并用 `float64` 计算：

# %%
print(gt.check_gradients(fourth_power, 3.0))

# %% [markdown] lang="en"
# ### Let the helper sort
#
# In a test, or in a loop over many functions, you need no sentences. `.causes` holds the numbers alone, and it is empty when nothing wrong was found. **Predict first:** which numbers belong to these six?

# %% [markdown] lang="zh"
# ### 让助手来分类
#
# 写测试，或者成批检查函数的时候，用不着整段的话。`.causes` 只给编号，没发现问题就是空的。**先猜一猜：** 下面六个各是几号？

# %%
suspects = {
    "floor, 2.7": (tf.floor, 2.7),
    "relu, -2": (tf.nn.relu, -2.0),
    "sqrt, 0": (tf.sqrt, 0.0),
    "abs, 0": (tf.abs, 0.0),
    "[x, x**2], 3": (lambda x: tf.stack([x, x**2]), 3.0),
    "cos, 0": (tf.cos, 0.0),
}
for name, (f, at) in suspects.items():
    print(f"{name:13} {gt.explain_gradient(f, at).causes}")

# %% [markdown] lang="en"
# The last one is innocent. The cosine has a maximum at 0, so a slope of 0 is the truth there. Not every zero is a fault.

# %% [markdown] lang="zh"
# 最后一个是清白的。余弦在 0 处取得极大值，斜率本来就是 0。并不是所有的零都有毛病。

# %% [markdown] lang="en"
# ## Keras has rules of its own
#
# Keras 3 wraps its variables and keeps lists of them. Four mistakes come from there. None of them is new: something is not watched, in the wrong list, or not known.
#
# ### P18: watching a weight
#
# `layer.kernel` is a Keras variable, and `tape.watch` does not know that class:

# %% [markdown] lang="zh"
# ## Keras 有自己的规矩
#
# Keras 3 把变量包了一层，还把它们收进各种列表。有四种错误由此而来，但没有一种是新的：不外乎变量没被监视、列表不对，或者不被认识。
#
# ### P18：监视权重
#
# `layer.kernel` 是 Keras 变量，`tape.watch` 不认识这个类：

# %% tags=["raises-exception"]
layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
layer.build((None, 2))

with tf.GradientTape(watch_accessed_variables=False) as tape:
    tape.watch(layer.kernel)

# %% [markdown] lang="en"
# Inside it there is a `tf.Variable`, and its name is `.value`. (An ordinary tape watches it without being told; you need this only if you switched that off.)

# %% [markdown] lang="zh"
# 它里面装着一个 `tf.Variable`，用 `.value` 取出来。（普通的梯度带会自动监视它，只有关掉了自动监视才需要这样写。）

# %%
with tf.GradientTape(watch_accessed_variables=False) as tape:
    tape.watch(layer.kernel.value)
    y = tf.reduce_sum(layer(tf.constant([[1.0, 2.0]])))

print(tape.gradient(y, layer.kernel.value).numpy().ravel())

# %% [markdown] lang="en"
# ### P19: a weight that is in no list
#
# Keras finds the weights that were made with `add_weight`. A plain `tf.Variable` takes part in the calculation, and the tape even has a gradient for it, but it is in no list, and so it is never trained:

# %% [markdown] lang="zh"
# ### P19：哪个列表里都没有的权重
#
# Keras 找得到用 `add_weight` 建的权重。直接放进去的 `tf.Variable` 照样参与计算，梯度带甚至有它的梯度，可它不在任何列表里，于是永远得不到训练：


# %%
class Gain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = tf.Variable(1.0)

    def call(self, x):
        return self.gain * x


gain = Gain()
with tf.GradientTape() as tape:
    y = tf.reduce_sum(gain(inputs))

print(gain.trainable_variables, tape.gradient(y, gain.gain).numpy())

# %% [markdown] lang="en"
# Nothing fails, nothing warns. The repair is `add_weight`. (A `tf.Module` instead of a Keras layer collects plain variables too.)

# %% [markdown] lang="zh"
# 不报错，也不警告。改法是用 `add_weight`。（不用 Keras 层而用 `tf.Module` 的话，普通变量也会被收进列表。）


# %%
class TrainableGain(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.gain = self.add_weight(initializer="ones", name="gain")

    def call(self, x):
        return self.gain * x


print([variable.name for variable in TrainableGain().trainable_variables])

# %% [markdown] lang="en"
# ### P20: a list with too much in it
#
# The opposite: `model.variables` also holds what a model *keeps*: the running mean and variance by which a normalisation layer rescales once it is trained, the random state with which a dropout layer switches off entries. They are not trained, and no road leads to them:

# %% [markdown] lang="zh"
# ### P20：列表里的东西太多
#
# 正好相反：`model.variables` 里还有模型**记着**的东西，比如归一化层训练好以后用来缩放数据的滑动均值和方差，dropout 层（它随机关掉一部分输出）的随机数状态。它们不参与训练，也没有路通向它们：

# %%
model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(2),
        tf.keras.layers.BatchNormalization(),
        tf.keras.layers.Dropout(0.1),
    ]
)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(tf.ones((4, 3)), training=True) - 1.0))

for variable, gradient in zip(model.variables, tape.gradient(loss, model.variables)):
    print(f"{variable.name:20}", "None" if gradient is None else gradient.shape)

# %% [markdown] lang="en"
# Three of seven are `None`: the running mean and variance of the normalisation, and the random state of the dropout. Ask for `trainable_variables`, and there is no `None` among them:

# %% [markdown] lang="zh"
# 七个里有三个是 `None`：归一化的滑动均值和方差，还有 dropout 的随机数状态。改问 `trainable_variables`，就一个 `None` 也没有了：

# %%
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(tf.ones((4, 3)), training=True) - 1.0))

gradients = tape.gradient(loss, model.trainable_variables)
print(len(gradients), [gradient is None for gradient in gradients].count(True))

# %% [markdown] lang="en"
# ### P21: an optimizer that met other variables
#
# An optimizer keeps notes on each variable, and opens its book at the first call. A variable that comes later is refused:

# %% [markdown] lang="zh"
# ### P21：优化器认识的是别的变量
#
# 优化器给每个变量记账，账本在第一次调用时就开好了，后来的变量一概不收：

# %% tags=["raises-exception"]
first, second = tf.Variable(1.0), tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)
optimizer.apply_gradients([(tf.constant(1.0), first)])
optimizer.apply_gradients([(tf.constant(1.0), second)])

# %% [markdown] lang="en"
# This happens when layers are added, or unfrozen, after training has begun. Make a new optimizer, or introduce all variables beforehand:

# %% [markdown] lang="zh"
# 训练开始以后再加层，或者再解冻某些层，就会碰上它。改法是新建一个优化器，或者事先把所有变量都介绍给它：

# %%
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)
optimizer.build([first, second])
optimizer.apply_gradients([(tf.constant(1.0), first)])
optimizer.apply_gradients([(tf.constant(1.0), second)])
print(first.numpy(), second.numpy())

# %% [markdown] lang="en"
# ## Right, but costly
#
# The last three of the 28. The gradient is right; what it costs is not.
#
# ### P9: a tape that keeps everything
#
# For the way back a tape must hold the intermediate results. An ordinary tape lets go of them with its answer. A persistent one holds them as long as it lives. A weak reference tells whether a value is still there:

# %% [markdown] lang="zh"
# ## 对是对，代价太大
#
# 28 条里还剩最后三条。梯度是对的，不对的是代价。
#
# ### P9：什么都留着的梯度带
#
# 为了走回去，梯度带必须留着中间结果。普通的梯度带答完就丢；持久梯度带活多久，就留多久。用弱引用可以知道一个值还在不在：

# %%
import weakref


def alive_after_gradient(persistent):
    x = tf.Variable(3.0)
    with tf.GradientTape(persistent=persistent) as tape:
        a = tf.exp(x)
        y = a * a
    seen = weakref.ref(a)
    del a
    tape.gradient(y, x)
    before = seen() is not None
    del tape
    return before, seen() is not None


print(alive_after_gradient(persistent=False))
print(alive_after_gradient(persistent=True))

# %% [markdown] lang="en"
# The first entry of each pair was taken after the answer, the second after `del tape`. That is the repair: `del tape` with the last question, or a tape inside a function, which goes when the function returns. For one number it does not matter. For the intermediate results of a large network, one forgotten tape in a notebook can be the difference between fitting into memory and not.
#
# ### P14: a Jacobian in a loop
#
# `jacobian` writes a graph for the way back and runs it for all targets at once. Writing the graph is the slow part, and it is thrown away each time. We can count: a step with a gradient function of its own notes whether it is being written into a graph.

# %% [markdown] lang="zh"
# 每一对里，前一个是答完之后看的，后一个是 `del tape` 之后看的。改法就在这里：问完最后一个问题就 `del tape`；或者把梯度带写在函数里，函数一返回它就没了。一个数无所谓；换成大网络的中间结果，笔记本里一条忘了删的梯度带，就可能决定内存够不够用。
#
# ### P14：循环里的雅可比矩阵
#
# `jacobian` 先为回来的路画一张计算图，再对所有目标一起运行。画图是慢的部分，而且每次用完就扔。我们可以数一数：让一个自带梯度函数的步骤自己报告，它是不是正在被画进图里。

# %%
drawn = []


@tf.custom_gradient
def counted_sin(x):
    def backward(upstream):
        drawn.append(tf.inside_function())
        return upstream * tf.cos(x)

    return tf.sin(x), backward


def jacobian_of_sin(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = counted_sin(x)
    return tape.jacobian(y, x)


for number in range(2):
    jacobian_of_sin(tf.fill([4], float(number)))
print(drawn)

# %% [markdown] lang="en"
# Two calls, two graphs. (In a longer loop TensorFlow itself warns of *retracing*.) Wrapped in a `tf.function`, the whole calculation, tape and Jacobian included, is written once and then run:

# %% [markdown] lang="zh"
# 两次调用，画了两张图。（循环再长一些，TensorFlow 自己会警告你在反复画图，它叫 *retracing*。）用 `tf.function` 包起来，整个计算，连同梯度带和雅可比矩阵，只画一次，之后只管运行：

# %%
drawn.clear()
compiled = tf.function(jacobian_of_sin)
for number in range(100):
    compiled(tf.fill([4], float(number)))
print(drawn)

# %% [markdown] lang="en"
# ### P28: a GPU that is not found
#
# This one cannot be shown in a cell, it depends on the computer. TensorFlow 2.10 was the last release that could use a GPU on native Windows; since 2.11 `tf.config.list_physical_devices("GPU")` is empty there, whatever the driver says, and everything runs on the processor: right, and slow. Repair: install TensorFlow inside WSL2, which runs Linux within Windows; there the GPU is found. `gradtape doctor` tells what your computer has.

# %% [markdown] lang="zh"
# ### P28：找不到 GPU
#
# 这一条没法用单元格演示，它取决于电脑。能在原生 Windows 上使用 GPU 的，TensorFlow 2.10 是最后一版；从 2.11 起，不管驱动装得多好，`tf.config.list_physical_devices("GPU")` 在那里都是空的，一切都在处理器上跑：结果没错，就是慢。改法：在 WSL2（在 Windows 里运行 Linux）里安装 TensorFlow，就能找到 GPU。你的电脑有什么，可以用 `gradtape doctor` 看。

# %% [markdown] lang="en"
# ## A model that somebody brings you
#
# Now all of it at once. A museum counts its visitors at 64 times of the day; time runs from $-1$ (opening) to 1 (closing), and most people come around noon. A network is to learn the expected number. For counts one does not use the squared error but the *deviance*, $2\left(y \ln \frac{y}{p} - (y - p)\right)$, which is 0 where the prediction $p$ equals the count $y$. The logarithm is guarded, since at some times there are no visitors. The network ends with `softplus`, a smooth `relu` that keeps $p$ positive, and a layer that multiplies by a gain.

# %% [markdown] lang="zh"
# ## 别人带来的模型
#
# 现在把所有东西合起来用。一家博物馆在一天的 64 个时刻清点参观人数；时间从 $-1$（开门）到 1（关门），中午前后人最多。要让网络学会预期的人数。计数问题不用平方误差，而用**偏差**（deviance）：$2\left(y \ln \frac{y}{p} - (y - p)\right)$，预测 $p$ 等于计数 $y$ 时它就是 0。有的时刻没有人，所以对数加了保护。网络最后是 `softplus`（光滑的 `relu`，保证 $p$ 为正）和一个乘以放大系数的层。

# %%
hours = tf.linspace(-1.0, 1.0, 64)[:, tf.newaxis]
visitors = tf.round(12.0 * tf.exp(-6.0 * hours**2))


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
# Here is the training step as its author wrote it. **Predict first:** read it and count the mistakes, before you run anything. There are five in this section, the model and the loss included.

# %% [markdown] lang="zh"
# 下面是作者写的训练步骤。**先猜一猜：** 先别运行，读一遍，数数有几处错。连同模型和损失，这一节里一共有五处。

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
# The message does not help. Put the helper in the place of `tape.gradient`:

# %% [markdown] lang="zh"
# 报错帮不上忙。把 `tape.gradient` 换成助手：

# %%
with tf.GradientTape() as tape:
    loss = training_loss()

gt.explain_gradient(tape, loss, model.variables)

# %% [markdown] lang="en"
# Three causes at once, each in a line of its own. The repairs that are printed are patterns. Fitted to these lines, they become:
#
# - Question 1, P5: the loss left TensorFlow. Take `tf.reduce_mean` for `np.mean`.
# - Question 2, P15: counts are whole, so the author rounded the prediction. But the *expected* number need not be whole, and the rounding goes.
# - Question 1 once more, P20: the running mean and variance of the normalisation are not trained, so the tape does not watch them. Ask for `trainable_variables`.
#
# All three repaired:

# %% [markdown] lang="zh"
# 一下子找出三个原因，各在一行。打印出来的改法只是样板，套到这几行代码上就是：
#
# - 问题一，P5：损失走出了 TensorFlow。把 `np.mean` 换成 `tf.reduce_mean`。
# - 问题二，P15：人数是整数，作者就把预测四舍五入了。可**预期**的人数不必是整数，去掉就好。
# - 还是问题一，P20：归一化的滑动均值和方差不参与训练，梯度带不监视它们。应当用 `trainable_variables`。
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
# Now question 3, P16: the loss is a healthy number, and every gradient is NaN. Where $y = 0$ the branch with the logarithm is not chosen, but the logarithm's slope is infinite there. The author guarded the result and not the input. The inner `where` of P16 repairs it; the outer one is not needed here, because the factor $y$ is already 0.
#
# This time we hand the function itself to the helper. It needs no arguments, so the sources are all variables that it uses:

# %% [markdown] lang="zh"
# 轮到问题三，P16：损失是个正常的数，梯度却全是 NaN。在 $y = 0$ 的地方，对数那一支没有被选中，可对数的斜率在那里是无穷大。作者保护了结果，没有保护输入。用 P16 里面那层 `where` 就能修好；外面那层这里用不着，因为因子 $y$ 本来就是 0。
#
# 这次把函数本身交给助手。它不带自变量，所以源就是它用到的全部变量：


# %%
def safe_deviance(y, p):
    positive = tf.where(y > 0, y, 1.0)
    return 2.0 * (y * tf.math.log(positive / p) - (y - p))


def training_loss():
    return tf.reduce_mean(safe_deviance(visitors, model(hours, training=True)))


gt.explain_gradient(training_loss)

# %% [markdown] lang="en"
# All is well, as far as the helper can see. But count: these are the variables that the loss *uses*. How many does the model want to *train*?

# %% [markdown] lang="zh"
# 就助手所见，一切正常。不过请数一数：上面列的是损失**用到**的变量。模型打算**训练**的有几个？

# %%
print(len(gt.explain_gradient(training_loss).sources), len(model.trainable_variables))

model = build_model(TrainableGain())
print(len(gt.explain_gradient(training_loss).sources), len(model.trainable_variables))

# %% [markdown] lang="en"
# Seven against six: the one too many is the first row above, the one without a name from Keras. That was the fifth mistake, P19: the gain at the end of the network took part and was in no list. With the other layer the two counts agree, and the loop can run:

# %% [markdown] lang="zh"
# 七个对六个：多出来的就是前面诊断里的第一行 `∂/∂v`，唯独它没有 Keras 起的名字。这就是第五处错，P19：网络末尾的放大系数参与了计算，却不在任何列表里。换上另一个层，两个数就一致了，循环可以跑了：

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
# Left, the loss on a logarithmic scale; right, the counts and what the network expects. Five mistakes: the four questions found four of them, counting the variables found the fifth, and not one was found by trying things at random.

# %% [markdown] lang="zh"
# 左图是损失，用对数坐标；右图是清点的人数和网络预期的人数。五处错误，四处靠四个问题找到，第五处靠数变量找到，没有一处是碰运气试出来的。

# %% [markdown] lang="en"
# ## A decision chart
#
# Find on the left what came back, then answer the questions beside it. The numbers are those in the headings above; JupyterLab's table of contents, on the left, leads to each.
#
# | What came back | Ask | Likely causes, the most frequent first |
# |---|---|---|
# | `None` for every source | Is `tape.watched_variables()` empty? | P1, P6, P4 |
# | `None`, although variables are watched | Was the target computed inside the `with`, in TensorFlow, with floats? | P3, P5, P2, P15, P7, P10 |
# | `None` for some sources only | Does the target depend on these? Should it? | P11, P20, P23 |
# | 0 | Is a step flat where your numbers are? Draw it with its derivative. | P27, P15, P24 |
# | `nan` or `inf` | Which step is infinitely steep, chosen or not? | P16, P17 |
# | a number, but not the one expected | Is the target one number? Which axis, which moment? Is the check itself right? | P12, P5, P4, P13, P24, P25, P26 |
# | `AttributeError` | Is the target a tensor? If the message names `NoneType`, see `None` above. | P5 |
# | `LookupError` | Is there an operation that does the same and has a rule? | P22 |
# | `RuntimeError` | Was the tape asked twice? Is a variable changed with `-=`? | P8, P6 |
# | `ValueError` from Keras | Does Keras know this variable? | P18, P21 |
# | good gradients, no learning | Is everything in `trainable_variables`? | P19 |
# | right, but slow or out of memory | Who keeps what? What is written again and again? | P9, P14, P28 |

# %% [markdown] lang="zh"
# ## 决策表
#
# 先在左边找到你遇到的现象，再回答旁边的问题。右边的编号就是上面各小节的编号，点 JupyterLab 左侧的目录可以直接跳过去。
#
# | 得到的是 | 先问 | 可能的原因，常见的在前 |
# |---|---|---|
# | 所有源的梯度都是 `None` | `tape.watched_variables()` 是空的吗？ | P1、P6、P4 |
# | 有变量受监视，仍是 `None` | 目标是在 `with` 里、用 TensorFlow、用浮点数算的吗？ | P3、P5、P2、P15、P7、P10 |
# | 只有部分源的梯度是 `None` | 目标与它们有关吗？应该有关吗？ | P11、P20、P23 |
# | 0 | 你的数是不是落在某一步的平地上？把它和导数一起画出来。 | P27、P15、P24 |
# | `nan` 或 `inf` | 哪一步无限陡？没被选中的分支也算。 | P16、P17 |
# | 是个数，但不是想要的 | 目标是一个数吗？是哪个轴，哪一刻？验算本身对吗？ | P12、P5、P4、P13、P24、P25、P26 |
# | `AttributeError` | 目标是张量吗？报错里如果有 `NoneType`，请看上面 `None` 的几行。 | P5 |
# | `LookupError` | 有没有作用相同、又有法则的运算？ | P22 |
# | `RuntimeError` | 同一条梯度带问了两次吗？用 `-=` 改变量了吗？ | P8、P6 |
# | Keras 的 `ValueError` | Keras 认识这个变量吗？ | P18、P21 |
# | 梯度正常，就是学不会 | 该训练的都在 `trainable_variables` 里吗？ | P19 |
# | 结果对，但是慢，或者内存不够 | 谁留着什么没放？什么在反复重画？ | P9、P14、P28 |

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("9.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 9.1** (what comes back?) A tape is asked for the gradient of each of these six with respect to `x = tf.Variable(0.0)`, recorded inside its block. Decide before you try: `"0"`, `"1"`, `"2"`, `"inf"`, `"NaN"`, `"None"` or `"error"`?
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
# **练习 9.1**（会得到什么？）下面每一行都写在梯度带的块里，再求它关于 `x = tf.Variable(0.0)` 的梯度。先判断，后试验：是 `"0"`、`"1"`、`"2"`、`"inf"`、`"NaN"`、`"None"`，还是报错 `"error"`？
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
        slope = tape.gradient(y, x)
        print(slope if slope is None else slope.numpy())
    except AttributeError as error:
        print(type(error).__name__)
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 9.2** (repair this) `descend(inputs, steps)` should move `w` from 1 towards 2 by gradient descent on the mean of $(wx - 2x)^2$ with $\eta = 0.1$, and return it. Nothing moves. There are three mistakes; find each with a question, not by trying. The rounding is for a report and has no place on the road. Repair it where it stands, and run the check after each repair.

# %% [markdown] lang="zh"
# **练习 9.2**（修好它）`descend(inputs, steps)` 应当用 $\eta = 0.1$ 对 $(wx - 2x)^2$ 的平均做梯度下降，让 `w` 从 1 走向 2，再返回它。现在却一动不动。一共有三处错；每一处都用提问来找，别靠瞎试。四舍五入只是为了报告，不该出现在路上。在原处修改，每改一处就运行一次检查。


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
# **Exercise 9.3** (make it safe) The function $\frac{\sin x}{x}$ has the value 1 and the slope 0 at 0, and its second derivative there is $-\frac13$. Write `sinc(x)` with `tf.where` such that value, first and second derivative are right everywhere, 0 included. Why is a double `where` with a constant enough for the first derivative, and not for the second?

# %% [markdown] lang="zh"
# **练习 9.3**（让它安全）函数 $\frac{\sin x}{x}$ 在 0 处的值是 1，斜率是 0，二阶导数是 $-\frac13$。用 `tf.where` 写出 `sinc(x)`，让函数值、一阶导数和二阶导数处处正确，包括 0 处。如果双重 `where` 的另一支写成常数，为什么一阶导数对，二阶导数却不对？


# %%
def sinc(x):
    # BEGIN SOLUTION
    at_zero = x == 0.0
    safe = tf.where(at_zero, 1.0, x)
    return tf.where(at_zero, 1.0 - x**2 / 6, tf.sin(safe) / safe)
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
# **Exercise 9.4** (a slope of your own) Clipping, `tf.clip_by_value(x, 0.0, 1.0)`, has slope 0 outside the interval: a parameter that strays there never comes back. With `tf.custom_gradient` write `clip(x)`, which clips in the same way, and on whose way back `upstream` passes inside the interval, and outside it wherever a step of gradient descent would push `x` towards the interval; elsewhere 0 comes back.

# %% [markdown] lang="zh"
# **练习 9.4**（自己写斜率）截断 `tf.clip_by_value(x, 0.0, 1.0)` 在区间外斜率为 0，参数一旦跑出去就再也回不来。用 `tf.custom_gradient` 写出 `clip(x)`：截断的结果照旧；往回走时，在区间内放 `upstream` 通过，在区间外，只要梯度下降的一步会把 `x` 推向区间，也放它通过；其余地方传回 0。

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
# **Exercise 9.5** (for two) Take the network of lesson 5, hide two mistakes of this lesson in it, and give it to somebody. They may ask the four questions. Did `gt.explain_gradient` find both?

# %% [markdown] lang="zh"
# **练习 9.5**（两个人做）拿第 5 课的网络，在里面藏两处这一课讲过的错误，交给别人去找。对方可以问四个问题。`gt.explain_gradient` 两处都找到了吗？

# %%
# your work

# %% [markdown] lang="en"
# ## Recap
#
# - Four questions, in this order: is the road on the tape, has every step a slope, is the slope a number that helps, is it the number that you meant?
# - `None` is a cut road; a wrong number may mean that one of several roads was cut.
# - 0 on the road makes everything 0; $0 \cdot \infty$ is NaN, even in a branch that was not chosen.
# - Reduce the target to one number, update in place, ask for `trainable_variables`, and look whether anything is missing in that list.
# - `gt.explain_gradient(f, ...)` or `(tape, target, sources)` asks for you; `gt.draw_tape` shows the cut; `gt.check_gradients` checks the number.
#
# Back to [6 · Summary](06_summary.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 四个问题，按顺序问：路记下来了吗？每一步都有斜率吗？斜率是管用的数吗？是你要的那个数吗？
# - `None` 是路断了；数不对，可能是几条路里断了一部分。
# - 路上有 0，全程就是 0；$0 \cdot \infty$ 是 NaN，没被选中的分支也不例外。
# - 目标要变成一个数，更新要就地进行，求导要用 `trainable_variables`，还要看看这个列表里缺不缺东西。
# - `gt.explain_gradient(f, ...)` 或 `(tape, 目标, 源)` 替你提问；`gt.draw_tape` 画出断在哪里；`gt.check_gradients` 核对数字。
#
# 上一课：[6 · 总结](06_summary.ipynb)
