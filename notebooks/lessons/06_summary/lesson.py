# ---
# jupyter:
#   gradtape:
#     minutes: 40
#     optional: 5
#     teaches:
#       en: the tape on one page, and a project of your own
#       zh: 一页纸讲完梯度带，再做一个自己的项目
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 6 · Summary
#
# From functions of one variable to surfaces over the plane, and on to a line fitted to four points: in five lessons the functions grew, and the tape stayed the same: record the calculation, then go through the record backwards. This lesson puts all of it on one page, goes once through a small project from data to a checked result, and sets you a larger one.
#
# By the end you will be able to
#
# - write the usual uses of the tape from memory, with one page at hand for what you forget;
# - choose between paper, finite differences, `gradient`, `jacobian` and nested tapes;
# - take measurements, fit a model to them by gradient descent, and check the result by calculus;
# - decide what to learn next.
#
# You need lessons [1](01_tensorflow_at_a_glance.ipynb), [2](02_automatic_differentiation.ipynb), [3](03_several_variables.ipynb), [4](04_higher_order_derivatives.ipynb) and [5](05_gradients_in_deep_learning.ipynb). The core takes about 40 minutes to read, and the project as long as you like.

# %% [markdown] lang="zh"
# # 6 · 总结
#
# 从一元函数，到平面上的曲面，再到拟合四个点的直线：五课下来，函数越来越复杂，梯度带（gradient tape，也译梯度磁带、求导记录器）的用法始终没变：先记录计算，再倒着读记录。这一课把所有内容收到一页纸上，从数据到验证完整走一遍小项目，再留一个大一些的项目，由你独立完成。
#
# 学完这一课，你能够
#
# - 凭记忆写出梯度带的各种用法，忘了的也有一页纸可查；
# - 在手算、有限差分（数值微分）、`gradient`、`jacobian` 和嵌套梯度带之间做出选择；
# - 拿到测量数据，用梯度下降拟合模型，再用微积分验证结果；
# - 决定接下来学什么。
#
# 请先学完第 [1](01_tensorflow_at_a_glance.ipynb)、[2](02_automatic_differentiation.ipynb)、[3](03_several_variables.ipynb)、[4](04_higher_order_derivatives.ipynb)、[5](05_gradients_in_deep_learning.ipynb) 课。核心部分大约需要 40 分钟，项目花多久由你决定。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("06", lang="en")

# %% [markdown] lang="en"
# ## Four lessons in four lines
#
# The main example of each of the lessons 2 to 5 has the same shape: some sources, a calculation inside a tape, a `gradient` call. Here are the four, one of each lesson.

# %% [markdown] lang="zh"
# ## 四课内容，四行代码
#
# 第 2 到第 5 课，每课的主要例子都是同一个样子：几个源，一段写在梯度带里的计算，一次 `gradient`。下面每课取一个，把四个例子放在一起。


# %%
def gradient(f, *sources):
    sources = [tf.Variable(source) for source in sources]
    with tf.GradientTape() as tape:
        y = f(*sources)
    return [round(float(each), 3) for each in tape.gradient(y, sources)]


def loss(w, b):
    x = tf.constant([1.0, 2.0, 3.0, 4.0])
    y_true = tf.constant([2.0, 4.0, 6.0, 8.0])
    return tf.reduce_mean((w * x + b - y_true) ** 2)


print("2:", gradient(lambda x: x**4, 3.0))
print("3:", gradient(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0))
print("4:", gradient(lambda x: gt.derivatives(lambda t: t**3, x)[1], 2.0))
print("5:", gradient(loss, 0.5, 0.1))

# %% [markdown] lang="en"
# 108 was the derivative of $x^4$ at 3. 12 and 2 were the partial derivatives of $3x^2 + 2y$. 12 was the second derivative of $x^3$ at 2, here as the derivative of the first. And $-22$ and $-7.3$ moved the line of lesson 5 towards its points. `gradient` is the same for a school exercise and for deep learning.
#
# The same four as figures: a tangent, a gradient field, a curve with its derivatives, a path of descent. Look for what all four have in common.

# %% [markdown] lang="zh"
# 108 是 $x^4$ 在 3 处的导数；12 和 2 是 $3x^2 + 2y$ 的两个偏导数；12 是 $x^3$ 在 2 处的二阶导数，这里写成一阶导数的导数；$-22$ 和 $-7.3$ 在第 5 课里曾用来调整直线，使它靠近那几个点。无论是课本习题还是深度学习，用的都是同一个 `gradient`。
#
# 同样的四个例子，换成图：一条切线，一个梯度场，一条曲线和它的导数，一条下降的路线。找一找四张图的共同点。

# %%
fig, axes = plt.subplots(2, 2, figsize=(7.2, 6.4))
gt.plot_tangent(lambda x: x**4, at=3.0, interval=(0.0, 4.0), ax=axes[0, 0])
gt.plot_gradient_field(
    lambda x, y: 3 * x**2 + 2 * y, (-2.0, 2.0), (-2.0, 2.0), ax=axes[0, 1]
)
gt.plot_derivatives(lambda x: x**3, (-2.0, 2.0), order=2, ax=axes[1, 0])
gt.plot_descent(loss, (0.5, 0.1), learning_rate=0.05, steps=20, ax=axes[1, 1])
axes[1, 1].set(xlabel="$w$", ylabel="$b$")
plt.show()

# %% [markdown] lang="en"
# In each of them something curved is approximated by something straight: the curve by its tangent, the surface by its tangent plane, whose steepest direction the arrow shows, the loss, at each place of the descent, by its tangent plane; and $f'$ in the third is, at every point, the slope of the tangent. A derivative gives the best linear approximation near a point.

# %% [markdown] lang="zh"
# 四张图里，都是以直代曲：用切线代替曲线；用切平面代替曲面，箭头就是它最陡的方向；在下降路径的每一处，用切平面代替损失；第三张图里的 $f'$，是每一点处切线的斜率。导数给出一点附近最好的线性近似。

# %% [markdown] lang="en"
# ## The tape on one page
#
# | I want | I write | lesson |
# |---|---|---|
# | a derivative | `with tf.GradientTape() as tape:` compute `y`; then `tape.gradient(y, x)` | 2 |
# | several at once | `tape.gradient(y, [a, b])`, or a dictionary, or `model.trainable_variables` | 2, 3 |
# | to differentiate with respect to a constant | `tape.watch(x)` before it is used | 2 |
# | several `gradient` calls | `tf.GradientTape(persistent=True)`, and `del tape` afterwards | 3 |
# | a second derivative | a tape inside a tape; the inner `gradient` inside the outer block | 4 |
# | each result's own derivative | `tape.jacobian(y, x)`; in its shape, results come first, then inputs | 3 |
# | 0 where nothing connects | `unconnected_gradients="zero"` | 3 |
# | to take a step | `w.assign_sub(learning_rate * gradient)`, or an optimizer's `apply_gradients` | 5 |
# | speed | `@tf.function` around the step | 5, 10 |
# | a part left out | `tf.stop_gradient(part)` | here, 7 |
#
# The rows below belong to the lessons that follow; skip them until you need them.
#
# | I want | I write | lesson |
# |---|---|---|
# | steps that this tape does not record | `with tape.stop_recording():` | 7 |
# | to watch only what I name | `tf.GradientTape(watch_accessed_variables=False)` | 7 |
# | entries replaced, the gradient kept | `tf.tensor_scatter_nd_update(t, i, u)`, not `assign` | 7 |
# | a derivative of my own | `tf.custom_gradient`, tested by `gt.check_gradients` | 7 |
# | one row of the Jacobian, or a mixture of rows | `tape.gradient(y, x, output_gradients=u)` | 8 |
# | one column, or a mixture of columns | `tf.autodiff.ForwardAccumulator(x, d)`, then `.jvp(y)` | 8 |
# | a Jacobian for each example | `tape.batch_jacobian(Y, X)`, if the examples do not mix | 8 |
# | the reason for a `None`, 0 or NaN | `gt.explain_gradient(tape, y, x)` | 9, 12 |
# | a gradient that is not too long | `tf.clip_by_global_norm(gradients, 1.0)` | 10 |
# | a batch that does not fit into memory | gradients added up over parts of it, or `tf.recompute_grad(f)` | 10 |
# | to differentiate with respect to the input | `tape.watch(x)`, then `tape.gradient(loss, x)` | 11 |
#
# When a gradient is `None`, ask in this order: Is the source a variable, or watched before its first use? Is it a float? Was every step inside the block, and in TensorFlow rather than NumPy? Does the target depend on the source at all? (Lesson 9 looks at zeros, NaN and wrong numbers too, with four wider questions.)
#
# One row of the first table is new. `tf.stop_gradient` passes a value on and counts as a constant on the way back. **Predict first:** at $x = 3$, what are the derivatives of $x \cdot x$ and of `x * tf.stop_gradient(x)`?

# %% [markdown] lang="zh"
# ## 一页纸讲完梯度带
#
# | 我想要 | 我这样写 | 第几课 |
# |---|---|---|
# | 一个导数 | `with tf.GradientTape() as tape:` 里算出 `y`，再写 `tape.gradient(y, x)` | 2 |
# | 一次求几个 | `tape.gradient(y, [a, b])`，也可以是字典或 `model.trainable_variables` | 2、3 |
# | 对常量求导 | 用到它之前先 `tape.watch(x)` | 2 |
# | 多次调用 `gradient` | `tf.GradientTape(persistent=True)`，用完 `del tape` | 3 |
# | 二阶导数 | 梯度带套梯度带，内层的 `gradient` 写在外层的块里 | 4 |
# | 每个结果各自的导数 | `tape.jacobian(y, x)`；得到的形状里，结果在前，输入在后 | 3 |
# | 未连接（unconnected）时得到 0 | `unconnected_gradients="zero"` | 3 |
# | 走一步 | `w.assign_sub(learning_rate * gradient)`，或优化器的 `apply_gradients` | 5 |
# | 跑得快 | 给这一步加上 `@tf.function` | 5、10 |
# | 让某一部分不参与求导 | `tf.stop_gradient(part)` | 本课、7 |
#
# 下面几行属于后面的课，用到时再看。
#
# | 我想要 | 我这样写 | 第几课 |
# |---|---|---|
# | 某些步骤不让这个梯度带记录 | `with tape.stop_recording():` | 7 |
# | 只监视（watch）指定的那些 | `tf.GradientTape(watch_accessed_variables=False)` | 7 |
# | 替换几个元素而保留梯度 | `tf.tensor_scatter_nd_update(t, i, u)`，不用 `assign` | 7 |
# | 自定义导数 | `tf.custom_gradient`，用 `gt.check_gradients` 检验 | 7 |
# | 雅可比矩阵（Jacobian）的一行，或各行的组合 | `tape.gradient(y, x, output_gradients=u)` | 8 |
# | 雅可比矩阵的一列，或各列的组合 | `tf.autodiff.ForwardAccumulator(x, d)`，再 `.jvp(y)` | 8 |
# | 每个样本一个雅可比矩阵 | `tape.batch_jacobian(Y, X)`，样本之间不能互相影响 | 8 |
# | 得到 `None`、0 或 NaN 的原因 | `gt.explain_gradient(tape, y, x)` | 9、12 |
# | 梯度不要太长 | `tf.clip_by_global_norm(gradients, 1.0)` | 10 |
# | 一批数据内存放不下 | 分成几份，把梯度累加起来；或 `tf.recompute_grad(f)` | 10 |
# | 对输入求导 | `tape.watch(x)`，再 `tape.gradient(loss, x)` | 11 |
#
# 梯度是 `None` 时，按顺序问自己：源是变量吗？如果不是，第一次用到之前监视了吗？它是浮点数吗？每一步都写在块里、用的是 TensorFlow 而不是 NumPy 吗？目标到底用没用到源？（第 9 课还要看 0、NaN 和错的数，那里的四个问题涵盖得更全。）
#
# 第一张表里有一行是新的。`tf.stop_gradient` 让值照样通过，往回传时则当作常数。**先猜一猜：** 在 $x = 3$ 处，$x \cdot x$ 和 `x * tf.stop_gradient(x)` 的导数各是多少？

# %%
gt.predict("6.a", ...)

# %%
plain = gradient(lambda x: x * x, 3.0)
stopped = gradient(lambda x: x * tf.stop_gradient(x), 3.0)
print(plain, stopped)

# %%
gt.predict("6.a", outcome=plain + stopped)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# 6 and 3. In $x \cdot x$ two paths lead back to $x$, each worth 3. `tf.stop_gradient` closes one of them: its value still enters the product, and for the backward pass it is a constant.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 6 和 3。在 $x \cdot x$ 里，有两条路径回到 $x$，各贡献 3。`tf.stop_gradient` 切断其中一条：它的值照样参与相乘，可在反向传播中，它只是个常数。
#
# </details>

# %% [markdown] lang="en"
# ## Which tool, and when
#
# | Situation | Tool | Because |
# |---|---|---|
# | you need a formula to read | paper, or a computer algebra system (software that transforms formulas) | only they give one |
# | you cannot see inside the function | finite differences | they need nothing but values |
# | one result, many inputs | `gradient` | one backward pass gives all |
# | several results, each on its own | `jacobian` | one backward pass for each result |
# | many results, few inputs | forward mode (derivatives computed from the inputs on), `tf.autodiff.ForwardAccumulator` (lesson 8) | one forward pass for each input |
# | second derivatives with respect to a few variables | nested tapes, `gt.hessian` | no step error, and affordable |
# | second derivatives with respect to millions of variables | Hessian-vector products (lesson 8) | the full Hessian would not fit into memory |
# | a part of a variable frozen | a mask (a tensor of zeros and ones), or better, keep the fixed part out of the variable (lesson 7) | an optimizer may move masked entries |
# | memory or time runs out | accumulation, `tf.recompute_grad`, mixed precision (a part in `float16`), several devices (lesson 10) | each gives the gradient of the plain loop |
# | the input itself is to change, or a network to obey a law | a tape that watches the input (lesson 11) | a model is a function of its input too |
#
# Finite differences have one more use: they do not depend on how TensorFlow differentiates, so they can check it. `gt.check_gradients` compares the two entry by entry. First for the loss, then for a function with a wrong gradient, made on purpose. (With `tf.custom_gradient` a function defines its own backward pass: it returns its value and the function that passes the gradient on.)

# %% [markdown] lang="zh"
# ## 什么时候用什么工具
#
# | 情况 | 工具 | 理由 |
# |---|---|---|
# | 想要一个能读的公式 | 手算，或计算机代数系统（推导公式的软件） | 只有它们给得出公式 |
# | 看不到函数内部 | 有限差分 | 它只需要函数值 |
# | 一个结果，很多输入 | `gradient` | 反向传播一遍，全都有了 |
# | 几个结果，要各自的导数 | `jacobian` | 每个结果反向传播一遍 |
# | 很多结果，几个输入 | 前向模式（从输入往前求导），`tf.autodiff.ForwardAccumulator`（第 8 课） | 每个输入前向一遍 |
# | 对几个变量的二阶导数 | 嵌套梯度带、`gt.hessian` | 没有截断误差，也算得起 |
# | 对上百万个变量的二阶导数 | 第 8 课的黑塞-向量积（HVP） | 整个黑塞矩阵（Hessian，又译海森矩阵）存不下 |
# | 冻结变量的一部分 | 掩码（由 0 和 1 组成的张量）；更稳妥的是把固定的部分放在变量之外（第 7 课） | 优化器可能改动被掩码挡住的元素 |
# | 内存不够或太慢 | 梯度累积、`tf.recompute_grad`、混合精度（一部分用 `float16` 计算）、多个设备（第 10 课） | 得到的梯度与普通循环相同 |
# | 要改动的是输入，或网络要服从一条定律 | 监视输入的梯度带（第 11 课） | 模型也是输入的函数 |
#
# 有限差分还有一个用处：它与 TensorFlow 怎样求导无关，所以能用来检查求导的结果。`gt.check_gradients` 逐个比较两者。先检查损失函数，再检查一个故意写错梯度的函数。（用 `tf.custom_gradient`，函数可以自己定义反向传播：返回函数值，再返回一个传递梯度的函数。）


# %%
@tf.custom_gradient
def wrong_square(x):
    return x**2, lambda upstream: upstream * x


print(gt.check_gradients(loss, 0.5, 0.1).agrees)
print(gt.check_gradients(wrong_square, 3.0))

# %% [markdown] lang="en"
# The wrong gradient is $x$ instead of $2x$: 3 instead of 6 at this point. The check names the place and both numbers. Whenever you write a gradient by hand, run this check first.

# %% [markdown] lang="zh"
# 写错的梯度是 $x$，应该是 $2x$：在这一点上，是 3 而不是 6。检查结果指出了位置和两个数。只要是自己动手写的梯度，第一件事就是这样检查一遍。

# %% [markdown] lang="en"
# ## A small project, from data to check
#
# A patient is given a dose of a medicine. Every half hour a blood sample is taken and the concentration measured, in milligrams per litre. The body removes the medicine in proportion to what is there, so we expect
#
# $$
# c(t) = A\,e^{-k t}
# $$
#
# with two unknown numbers: $A$, the concentration at the start, and $k$, the *elimination rate constant*, in 1/hour. Our measurements are simulated, with $A = 6.5$ and $k = 0.8$ and some noise, so that we can see afterwards how close the fit is. (`tf.random.stateless_normal` gives random numbers, the same ones for the same `seed`.)

# %% [markdown] lang="zh"
# ## 一个小项目：从数据到验证
#
# 给病人用一剂药，然后每半小时采一次血样，测药物浓度，单位是毫克每升。体内的药越多，消除得越快，两者成正比，所以预计
#
# $$
# c(t) = A\,e^{-k t}
# $$
#
# 其中有两个未知数：$A$ 是开始时的浓度，$k$ 是**消除速率常数**，单位是 1/小时。这里的数据是模拟的，取 $A = 6.5$、$k = 0.8$，再加一点噪声，这样最后能看出结果有多准。（`tf.random.stateless_normal` 给出随机数，`seed` 相同，随机数就相同。）

# %%
hours = tf.linspace(0.0, 5.0, 11)
noise = tf.random.stateless_normal(hours.shape, seed=[1, 2], stddev=0.15)
measured = 6.5 * tf.exp(-0.8 * hours) + noise


def misfit(A, k):
    return tf.reduce_mean((A * tf.exp(-k * hours) - measured) ** 2)


A, k = tf.Variable(4.0), tf.Variable(0.2)
print(f"loss = {misfit(A, k):.3f}")

# %% [markdown] lang="en"
# Now the loop of lesson 5: record, compute both derivatives, step against them. Every 100 steps the parameters are printed.

# %% [markdown] lang="zh"
# 接着是第 5 课的循环：记录，求两个导数，逆着梯度走一步。每 100 步打印一次参数。

# %%
for step in range(401):
    with tf.GradientTape() as tape:
        loss_now = misfit(A, k)
    dL_dA, dL_dk = tape.gradient(loss_now, [A, k])
    if step % 100 == 0:
        print(
            f"{step:3}  loss = {loss_now:.3f}  A = {A.numpy():.2f}  k = {k.numpy():.2f}"
        )
    A.assign_sub(0.05 * dL_dA)
    k.assign_sub(0.05 * dL_dk)

# %% [markdown] lang="en"
# The loss fell from about 2 to 0.02, about the variance of the noise ($0.15^2 \approx 0.02$), and the two numbers are close to 6.5 and 0.8. On the left below is the fit. On the right is the path of $(A, k)$ over the contour lines of the loss. Where does it turn, and why there?

# %% [markdown] lang="zh"
# 损失从 2 左右降到 0.02，大约就是噪声的方差（$0.15^2 \approx 0.02$），两个数也接近 6.5 和 0.8。下面左图是拟合的结果，右图是 $(A, k)$ 在损失的等高线上走过的路线。它在哪里拐了弯？为什么在那里？

# %%
fig, (left, right) = plt.subplots(1, 2)
fine = tf.linspace(0.0, 5.0, 101)
left.plot(fine, A * tf.exp(-k * fine), color="0.15")
left.plot(hours, measured, "o", color="C1")
left.set(xlabel="$t$", ylabel="$c$")
gt.plot_descent(misfit, (4.0, 0.2), learning_rate=0.05, steps=400, ax=right)
right.set(xlabel="$A$", ylabel="$k$")
plt.show()

# %% [markdown] lang="en"
# At first it goes almost straight up, since the loss is far steeper in $k$ than in $A$: a wrong $k$ affects every measurement but the first, a wrong $A$ mostly the early ones. The first step even overshoots the bottom of the valley, and the next few come back to it. There, where $k$ is about right for the present $A$, the path turns and follows the bottom, slowly. A long narrow valley is a frequent reason why gradient descent takes hundreds of steps.

# %% [markdown] lang="zh"
# 开头几乎笔直向上，因为损失沿 $k$ 方向比沿 $A$ 方向陡得多：$k$ 不对，除了第一个，每个测量值都受影响；$A$ 不对，主要影响前几个。第一步甚至冲过了谷底，随后几步又退回来。到了谷底，$k$ 与当前的 $A$ 已大致配合，路线就拐弯，顺着谷底慢慢走。梯度下降往往要走几百步，常见的原因就是这样又长又窄的山谷。

# %% [markdown] lang="en"
# Last, the check, by calculus. If the removal is in proportion to what is there, the fitted curve must satisfy $c' = -k\,c$ at *every* moment, also between the measurements. A tape gives both sides:

# %% [markdown] lang="zh"
# 最后用微积分来验证。如果消除的快慢与现有药量成正比，那么拟合出的曲线在**每一刻**都应满足 $c' = -k\,c$，测量点之间也不例外。用梯度带求出等式两边：

# %%
curve, speed = gt.derivatives(lambda t: A * tf.exp(-k * t), [0.25, 1.75, 3.25], order=1)
print((speed / curve).numpy().round(3))
print(f"ln 2 / k = {(tf.math.log(2.0) / k).numpy():.2f} h")

# %% [markdown] lang="en"
# The ratio $c'/c$ is $-k$ at every point. It would be for every $A$ and $k$, our first guess included. So this check says that the formula in the cell obeys the law, and nothing about the fit; how far the curve is from the measurements, only the loss says. A result needs both. From $k$ follows the number that a doctor wants, the *half-life* $\ln 2/k$: every 0.87 hours, about 52 minutes, the concentration halves.

# %% [markdown] lang="zh"
# 在每一点处，$c'/c$ 都是 $-k$。换成别的 $A$ 和 $k$，包括最初的猜测，也会这样：这个检验只说明单元格里的公式符合定律，与拟合得好不好无关；损失检验的是曲线离测量值有多远，两样都不能少。由 $k$ 得到医生想知道的数，**半衰期** $\ln 2/k$：每过 0.87 小时，也就是约 52 分钟，浓度减半。

# %% [markdown] lang="en"
# ## Inside the tape (optional)
#
# One last look at the record, now of this loss. We take a single measurement $m$, the one at $t = 1$, and follow its error back to both parameters.

# %% [markdown] lang="zh"
# ## 梯度带里面（选学）
#
# 最后再看一次记录，这回是上面的损失。只取 $t = 1$ 处的一个测量值 $m$，从误差出发，往回算到两个参数。

# %%
A, k, m = tf.Variable(4.0), tf.Variable(0.2), measured[2]
with tf.GradientTape(persistent=True) as tape:
    u = -k * 1.0
    v = tf.exp(u)
    c = A * v
    e = c - m
    L = e**2

record = {
    "A": A,
    "k": k,
    "u = -kt": u,
    "v = exp u": v,
    "c = Av": c,
    "e = c - m": e,
    "L = e²": L,
}
for name, value in record.items():
    back = tape.gradient(L, value)
    print(f"{name:9} = {value.numpy():6.3f}   dL/d{name[0]} = {back:6.3f}")
del tape

# %% [markdown] lang="en"
# Follow the last column from the bottom up. $L = e^2$ gives $2e$. Subtracting a constant changes nothing on the way back. At $c = A v$ the path forks: for $A$ what arrives is multiplied by $v$, for $v$ by $A$. At the exponential it is multiplied by the value of the exponential, and $u = -kt$ multiplies by $-t = -1$. The backward pass of a network is such a table, with more rows.

# %% [markdown] lang="zh"
# 最后一列从下往上看。$L = e^2$ 给出 $2e$；减去常量，往回时导数不变；到 $c = A v$，路径分成两条：传来的值乘以 $v$ 得到对 $A$ 的，乘以 $A$ 得到对 $v$ 的；指数函数这一步乘以它自己的值；$u = -kt$ 这一步乘以 $-t = -1$。神经网络的反向传播也是这样一张表，只是行数更多。

# %% [markdown] lang="en"
# ## Watch out
#
# ### A variable that changed in between
#
# `gradient` returns the derivative at the values that the variables had during the forward pass, not at those that they have when it is called. That is right, and worth knowing when you read a training loop:

# %% [markdown] lang="zh"
# ## 当心
#
# ### 中途改过的变量
#
# `gradient` 求的是前向传播那一刻的梯度，而不是调用它那一刻的。这样没有错，但读训练循环时要注意：

# %%
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2

x.assign(10.0)
print(tape.gradient(y, x).numpy())

# %% [markdown] lang="en"
# 6 is the derivative at 3, where `y` was computed, and not 20. The tape keeps the old value. So in a loop, record again after every update: a gradient from before the step belongs to the old place.

# %% [markdown] lang="zh"
# 结果是 6，不是 20：`y` 是在 3 处算的，6 就是那里的导数。梯度带保留着旧值。所以在循环里，每次更新之后都要重新记录：走步之前求的梯度，属于原来的位置。

# %% [markdown] lang="en"
# ### At a kink there is no derivative, but a convention
#
# $|x|$ has a kink at 0, and so has `relu`, which is $\max(x, 0)$; $\max(a, b)$ has one wherever $a = b$. There is no derivative there. TensorFlow raises no error; it returns a number by convention, and the convention is not everywhere the same:

# %% [markdown] lang="zh"
# ### 尖点处没有导数，只有约定
#
# $|x|$ 在 0 处有尖点（严格说是角点），`relu` 即 $\max(x, 0)$ 也一样；$\max(a, b)$ 的尖点则在 $a = b$ 处。那里没有导数。TensorFlow 不会报错，而是按约定返回一个数，而且各种运算的约定不一样：

# %%
print("|x|    :", gradient(tf.abs, 0.0))
print("relu   :", gradient(tf.nn.relu, 0.0))
print("maximum:", gradient(tf.maximum, 1.0, 1.0))
print("max    :", gradient(lambda a, b: tf.reduce_max(tf.stack([a, b])), 1.0, 1.0))

# %% [markdown] lang="en"
# For $|x|$ and `relu` it is 0. `tf.maximum` gives 1 to its first argument and 0 to the second; `tf.reduce_max` shares between the two. Each of these lies between the derivatives on the two sides or equals one of them, and training rarely lands exactly on a kink. It matters when you start there: at weights that are all equal, or all zero.

# %% [markdown] lang="zh"
# 对 $|x|$ 和 `relu` 是 0；`tf.maximum` 给前一个参数 1，后一个 0；`tf.reduce_max` 由两者平分。这些数都介于两侧的导数之间（含两端），训练时也很少恰好落在尖点上。但如果就从那里出发，比如权重全都相等或全为零，就要注意了。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("06")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. If you are stuck, `gt.hint("6.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 6.1** (from memory) Close the other lessons. Write `two_derivatives(f, x)`, which returns $f(x)$, $f'(x)$ and $f''(x)$, in this order, for any function $f$ and any floating-point number $x$. Use `tf.GradientTape` and nothing else. A straight line is a function too: its $f''$ is 0.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。卡住了就运行 `gt.hint("6.1")`，一次给一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 6.1**（默写）合上其他各课。写出 `two_derivatives(f, x)`：对任意函数 $f$ 和任意浮点数 $x$，依次返回 $f(x)$、$f'(x)$ 和 $f''(x)$。只用 `tf.GradientTape`，别的都不用。直线也是函数：它的 $f''$ 是 0。


# %%
def two_derivatives(f, x):
    # BEGIN SOLUTION
    x = tf.Variable(x)
    with tf.GradientTape() as outer_tape:
        with tf.GradientTape() as inner_tape:
            y = f(x)
        first = inner_tape.gradient(y, x)
    return y, first, outer_tape.gradient(first, x, unconnected_gradients="zero")
    # END SOLUTION


# %%
gt.check("6.1", two_derivatives)

# %% [markdown] lang="en"
# Now let the library confirm it: compare with `gt.derivatives` for $e^{-x^2}$ at 0.5.

# %% [markdown] lang="zh"
# 再用 gradtape 库验证：对 $e^{-x^2}$ 在 0.5 处，和 `gt.derivatives` 对照。

# %%
# BEGIN SOLUTION
bell = lambda x: tf.exp(-(x**2))
print([round(float(value), 4) for value in two_derivatives(bell, 0.5)])
print(gt.derivatives(bell, 0.5, order=2).numpy().round(4))
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 6.2** (what will this print?) Read, do not run:
#
# ```python
# a = tf.Variable(2.0)
# b = tf.constant(3.0)
# with tf.GradientTape() as tape:
#     c = tf.stop_gradient(a * b)
#     z = a * c + b
#
# a.assign(10.0)
# for slope in tape.gradient(z, [a, b]):
#     print(None if slope is None else slope.numpy())
# ```
#
# Write the two lines as two strings between quotes, such as `"1.0"`; `None` becomes `"None"`.

# %% [markdown] lang="zh"
# **练习 6.2**（读程序，写输出）只读，不运行：
#
# ```python
# a = tf.Variable(2.0)
# b = tf.constant(3.0)
# with tf.GradientTape() as tape:
#     c = tf.stop_gradient(a * b)
#     z = a * c + b
#
# a.assign(10.0)
# for slope in tape.gradient(z, [a, b]):
#     print(None if slope is None else slope.numpy())
# ```
#
# 把打印的两行写成两个字符串，加引号，例如 `"1.0"`；`None` 写成 `"None"`。

# %%
slope_a = ...
slope_b = ...
# BEGIN SOLUTION
slope_a = "6.0"  # c as it was in the block, where it counts as a constant
slope_b = "None"  # a constant that is not watched
# END SOLUTION

# %%
gt.check("6.2", slope_a, slope_b)

# %% [markdown] lang="en"
# **Exercise 6.3** (draw this) Fit $y = |w x|$ to the points $(1, 2)$ and $(2, 4)$ by gradient descent, starting from $w = 0$: nothing moves. Find out why. Draw the loss $L(w)$, the mean of the two squared errors, on $(-4, 4)$, and mark every point of the curve at which `gradient` gives 0. Assign the figure's axes to `ax`. From which starts does the training work?

# %% [markdown] lang="zh"
# **练习 6.3**（作图）用梯度下降让 $y = |w x|$ 拟合点 $(1, 2)$ 和 $(2, 4)$，从 $w = 0$ 出发，结果纹丝不动。请找出原因。在 $(-4, 4)$ 上画出损失 $L(w)$，也就是两个误差平方的平均；曲线上凡是 `gradient` 给出 0 的点，都标出来。请把图的 Axes 对象赋给 `ax`。从哪些起点出发，训练才行得通？

# %%
ax = ...
# BEGIN SOLUTION
points = tf.constant([1.0, 2.0]), tf.constant([2.0, 4.0])
L = lambda w: tf.reduce_mean((tf.abs(w * points[0]) - points[1]) ** 2)
w = tf.linspace(-4.0, 4.0, 161)
_, ax = plt.subplots()
ax.plot(w, tf.map_fn(L, w))
for a in [-2.0, 0.0, 2.0]:
    value, derivative = gt.value_and_gradient(L, a)
    print(f"w = {a:4}  L = {value.numpy():4}  dL/dw {derivative.numpy()}")
    ax.plot(a, value, "o")
ax.set(xlabel="$w$", ylabel="$L$")
plt.show()
# END SOLUTION

# %%
gt.check("6.3", ax)

# %% [markdown] lang="en"
# <details>
# <summary>Answer: from which starts</summary>
#
# From every start but 0, with steps that are not too long: a positive start ends at 2, a negative one at −2. At 0 the loss has a local maximum, a kink with the derivatives 10 and −10 on its two sides; by the convention for $|x|$ the gradient is 0, and no step is taken.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案：从哪些起点出发</summary>
#
# 只要步子不太大，除了 0，从哪里出发都行：正的起点走到 2，负的走到 −2。在 0 处，损失有一个尖的极大值，两侧的导数是 10 和 −10；按 $|x|$ 的约定，梯度是 0，于是一步也不走。
#
# </details>

# %% [markdown] lang="en"
# ## The project: a damped oscillation
#
# A weight hangs on a spring. You pull it and let go; it swings and comes to rest. Its position at the time $t$, in seconds, is
#
# $$
# y(t) = A\,e^{-\gamma t} \cos(\omega t + \varphi)
# $$
#
# with four unknown parameters. Here are 60 measurements. Find the parameters with the tape alone: no optimizer, no fitting library. There are six stages, each with a check.

# %% [markdown] lang="zh"
# ## 项目：阻尼振动
#
# 弹簧上挂着一个重物。拉一下再松手，它来回摆动，最后停下来。时刻 $t$（单位秒）的位置是
#
# $$
# y(t) = A\,e^{-\gamma t} \cos(\omega t + \varphi)
# $$
#
# 其中有四个未知参数。下面是 60 个测量值。请只用梯度带求出这些参数：不用优化器，也不用拟合用的库。一共六步，每一步都有检查。

# %%
seconds = tf.linspace(0.0, 10.0, 60)
noise = tf.random.stateless_normal(seconds.shape, seed=[3, 4], stddev=0.05)
position = 1.5 * tf.exp(-0.3 * seconds) * tf.cos(2.0 * seconds + 0.5) + noise

fig, ax = plt.subplots()
ax.axhline(0.0, color="0.6", linewidth=0.8)
ax.plot(seconds, position, "o", color="C1")
ax.set(xlabel="$t$", ylabel="$y$")
plt.show()

# %% [markdown] lang="en"
# **Exercise 6.4** (stage 1: the model) Write `model(t, A, gamma, omega, phi)`, the formula above. `t` is a tensor of moments; the positions come back in the same shape.

# %% [markdown] lang="zh"
# **练习 6.4**（第一步：模型）把上面的公式写成 `model(t, A, gamma, omega, phi)`。`t` 是装着许多时刻的张量，返回的位置和它形状相同。


# %%
def model(t, A, gamma, omega, phi):
    # BEGIN SOLUTION
    return A * tf.exp(-gamma * t) * tf.cos(omega * t + phi)
    # END SOLUTION


# %%
gt.check("6.4", model)

# %% [markdown] lang="en"
# Now guess. Read starting values off the figure: the height at the start is about $A \cos \varphi$; from one peak to the next it takes $2\pi/\omega$, and each peak is $e^{-2\pi\gamma/\omega}$ times as high as the one before; where the curve first crosses 0, $\omega t + \varphi = \pi/2$. Draw the model with your guess over the measurements. It need not fit; it should swing with about the same frequency.

# %% [markdown] lang="zh"
# 现在来猜。从图上读出初值：开头的高度约为 $A \cos \varphi$；从一个峰到下一个峰要 $2\pi/\omega$，后一个峰的高度是前一个的 $e^{-2\pi\gamma/\omega}$ 倍；曲线第一次穿过 0 的时候，$\omega t + \varphi = \pi/2$。用你猜的数画出模型，叠在测量值上。不必吻合，频率大致相同就好。

# %%
guess = ...
# BEGIN SOLUTION
guess = [1.3, 0.2, 2.1, 0.2]
_, ax = plt.subplots()
ax.plot(seconds, position, "o", color="C1")
ax.plot(seconds, model(seconds, *guess), color="0.15")
ax.set(xlabel="$t$", ylabel="$y$")
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 6.5** (stage 2: the loss) Write `loss(parameters, t, y)`, the mean squared error of your model. `parameters` is a list of the four, in the order $A$, $\gamma$, $\omega$, $\varphi$; `t` and `y` are the measurements, these or others.

# %% [markdown] lang="zh"
# **练习 6.5**（第二步：损失）写出 `loss(parameters, t, y)`，即模型的均方误差。`parameters` 是四个参数的列表，顺序是 $A$、$\gamma$、$\omega$、$\varphi$；`t` 和 `y` 是测量值，可能是这一组，也可能是别的。


# %%
def loss(parameters, t, y):
    # BEGIN SOLUTION
    return tf.reduce_mean((model(t, *parameters) - y) ** 2)
    # END SOLUTION


# %%
gt.check("6.5", loss)

# %% [markdown] lang="en"
# **Exercise 6.6** (stage 3: the gradient) Write `gradients(parameters, t, y)`, which returns the four derivatives of the loss, in the order of the parameters. The parameters come as variables. One `tape.gradient` call is enough.

# %% [markdown] lang="zh"
# **练习 6.6**（第三步：梯度）写出 `gradients(parameters, t, y)`，按参数的顺序返回损失的四个导数。传进来的参数是变量。调用一次 `tape.gradient` 就够了。


# %%
def gradients(parameters, t, y):
    # BEGIN SOLUTION
    with tf.GradientTape() as tape:
        value = loss(parameters, t, y)
    return tape.gradient(value, parameters)
    # END SOLUTION


# %%
gt.check("6.6", gradients)

# %% [markdown] lang="en"
# The rule of this lesson: check what you can check. Let `gt.check_gradients` compare your loss with finite differences at your guess.

# %% [markdown] lang="zh"
# 这一课的规矩：能验证的都验证。用 `gt.check_gradients` 把你的损失在初值处和有限差分比一比。

# %%
# BEGIN SOLUTION
print(gt.check_gradients(lambda *four: loss(four, seconds, position), *guess))
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 6.7** (stage 4: the training) Write `fit(start, t, y)`. `start` is a list of four numbers, your guess for instance. The function does gradient descent from there until the loss has all but stopped falling, and returns the four parameters that it reached. The check gives it measurements that you have not seen and a rough guess for them. When it passes, run it on yours: the loss should come down to about 0.0025, the variance of the noise.

# %% [markdown] lang="zh"
# **练习 6.7**（第四步：训练）写出 `fit(start, t, y)`。`start` 是四个数的列表，比如你的猜测。函数从那里开始做梯度下降，直到损失几乎不再下降，返回得到的四个参数。检查会给它一组你没见过的测量值和一个粗略的猜测。通过以后，再拿它去拟合你的数据：损失应该降到 0.0025 左右，也就是噪声的方差。


# %%
def fit(start, t, y):
    # BEGIN SOLUTION
    parameters = [tf.Variable(value) for value in start]

    @tf.function
    def step():
        for parameter, back in zip(parameters, gradients(parameters, t, y)):
            parameter.assign_sub(0.2 * back)

    for _ in range(400):
        step()
    return [parameter.numpy() for parameter in parameters]
    # END SOLUTION


# %%
gt.check("6.7", fit)

# %%
# BEGIN SOLUTION
fitted = fit(guess, seconds, position)
for name, value in zip(["A", "gamma", "omega", "phi"], fitted):
    print(f"{name:5} {value:.2f}")
print(f"loss  {loss(fitted, seconds, position).numpy():.4f}")
# END SOLUTION

# %% [markdown] lang="en"
# And what if the guess is bad? Start with $\omega = 6$ and the rest as before. Draw what comes out, and then the loss over $\omega$ alone, from 0 to 8, with the other three as fitted. How many valleys lead to the fit?

# %% [markdown] lang="zh"
# 如果猜得不好呢？从 $\omega = 6$ 出发，其余照旧。把结果画出来，再单独画损失随 $\omega$ 的变化，从 0 到 8，另外三个参数取拟合值。有几个谷能通向正确的拟合结果？

# %%
# BEGIN SOLUTION
lost = fit([guess[0], guess[1], 6.0, guess[3]], seconds, position)
A, gamma, _, phi = fitted
omegas = tf.linspace(0.0, 8.0, 201)
_, (left, right) = plt.subplots(1, 2)
left.plot(seconds, position, "o", color="C1")
left.plot(seconds, model(seconds, *lost), color="0.15")
left.set(xlabel="$t$", ylabel="$y$")
right.plot(
    omegas, [loss([A, gamma, omega, phi], seconds, position) for omega in omegas]
)
right.set(xlabel=r"$\omega$", ylabel="$L$")
plt.show()
print(f"loss {loss(lost, seconds, position).numpy():.2f}")
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# One, around $\omega = 2$. Further up the loss is almost level, with a few shallow ripples: a curve of another frequency is right and wrong by turns, and a small change of $\omega$ alone hardly helps. With all four parameters the descent from 6 finds a detour: first $\gamma$ grows, until the curve is right in the first second and close to 0 from then on, and the loss hardly falls for thousands of steps. A `fit` that stops there returns a bad answer; one that goes on sees $\omega$ sink slowly to 2, and $\gamma$ come back. A good guess saves all that.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 只有一个，在 $\omega = 2$ 附近。再往上，损失几乎是平的，只有几道浅浅的波纹：频率不同的曲线时对时错，单单改一改 $\omega$ 几乎没有用。四个参数一起动，从 6 出发的下降会绕路：先是 $\gamma$ 增大，直到曲线在第一秒里对得上，之后贴着 0，损失几千步几乎不降。`fit` 如果在这里停下，答案就不对；继续走下去，$\omega$ 会慢慢降到 2，$\gamma$ 也会降回来。猜得好，这些路都省了。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 6.8** (stage 5: see) Draw two axes (subplots) in one figure, one above the other: above, the measurements as points and the fitted curve, from 0 to 10; below, the *residuals*, what is left of each measurement when the curve is taken away, each with a marker. Assign the two axes to `above` and `below`. In a good fit the residuals have no pattern. Do yours have one?

# %% [markdown] lang="zh"
# **练习 6.8**（第五步：看）在一张图里画上下两个子图：上图把测量值画成点，再画上从 0 到 10 的拟合曲线；下图画**残差**，即每个测量值减去曲线以后剩下的部分，每个都用标记画出来。请把两个 Axes 对象赋给 `above` 和 `below`。拟合得好，残差就没有规律。你的残差有规律吗？

# %%
above = ...
below = ...
# BEGIN SOLUTION
fine = tf.linspace(0.0, 10.0, 301)
_, (above, below) = plt.subplots(2, 1, sharex=True)
above.plot(fine, model(fine, *fitted), color="0.15")
above.plot(seconds, position, "o", color="C1")
above.set_ylabel("$y$")
below.axhline(0.0, color="0.6", linewidth=0.8)
below.plot(seconds, position - model(seconds, *fitted), "o", color="C1")
below.set(xlabel="$t$", ylabel=r"$y - \hat y$")
plt.show()
# END SOLUTION

# %%
gt.check("6.8", above, below)

# %% [markdown] lang="en"
# **Exercise 6.9** (stage 6: check by calculus) Physics says that this motion satisfies $y'' + 2\gamma\,y' + (\gamma^2 + \omega^2)\,y = 0$ at every moment. Write `left_side(y, t, gamma, omega)`: it takes *any* function `y` and a tensor of moments `t`, and returns the left side at each of them. Use nested tapes. Then see how close to 0 it comes for your fit, and for a curve with another $\omega$.

# %% [markdown] lang="zh"
# **练习 6.9**（第六步：用微积分验证）物理学告诉我们，这种运动在每一刻都满足 $y'' + 2\gamma\,y' + (\gamma^2 + \omega^2)\,y = 0$。写出 `left_side(y, t, gamma, omega)`：它接受**任意**函数 `y` 和装着许多时刻的张量 `t`，返回每一刻左边的值。请用嵌套的梯度带。然后看看对你的拟合曲线，左边离 0 有多近；换一个 $\omega$ 的曲线呢？


# %%
def left_side(y, t, gamma, omega):
    # BEGIN SOLUTION
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(t)
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(t)
            position = y(t)
        speed = inner_tape.gradient(position, t)
    acceleration = outer_tape.gradient(speed, t)
    return acceleration + 2 * gamma * speed + (gamma**2 + omega**2) * position
    # END SOLUTION


# %%
gt.check("6.9", left_side)

# %%
# BEGIN SOLUTION
moments = tf.constant([0.5, 2.0, 5.0, 9.0])
for w in (omega := fitted[2], omega + 0.5):
    curve = lambda t: model(t, A, gamma, w, phi)
    print(tf.abs(left_side(curve, moments, gamma, omega)).numpy().round(4))
# END SOLUTION

# %% [markdown] lang="en"
# One thing is left to understand. Where is the weight fastest? Draw $y$ and $y'$ of your fit with `gt.plot_derivatives`, and compare these moments with those at which $y = 0$. They are not quite the same: what pulls them apart?

# %% [markdown] lang="zh"
# 还剩一件事要弄明白：重物在什么时候最快？用 `gt.plot_derivatives` 画出拟合曲线的 $y$ 和 $y'$，把这些时刻和 $y = 0$ 的时刻比一比。它们并不完全相同：是什么把它们错开的？

# %%
# BEGIN SOLUTION
gt.plot_derivatives(lambda t: model(t, *fitted), (0.0, 10.0), order=1)
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The damping. The weight is fastest a little *before* it passes 0. At 0 the spring exerts no force, and the law of exercise 6.9 leaves $y'' = -2\gamma\,y'$: the weight is slowing down already. Without damping, $\gamma = 0$, it would be fastest exactly at 0.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是阻尼。重物在经过 0 **之前**一点就已经最快。到了 0 处，弹簧的力是零，练习 6.9 的定律只剩下 $y'' = -2\gamma\,y'$：重物这时已经在减速。如果没有阻尼，即 $\gamma = 0$，它恰好在 0 处最快。
#
# </details>

# %% [markdown] lang="en"
# ## Where to go next
#
# The lessons that follow can be read in their order, or when you need them:
#
# - [7 · Controlling the tape](07_controlling_the_tape.ipynb): leave steps out, freeze parts, give a function a gradient of your own.
# - [8 · Jacobians and Hessians](08_jacobians_and_hessians.ipynb): rows, columns, forward mode, and what each of them costs.
# - [9 · When gradients go missing](09_when_gradients_go_missing.ipynb): in your own code you will meet a `None` that you did not expect; four questions find its cause. It needs lessons 2 to 5 only.
# - [10 · Gradients fast and at scale](10_gradients_fast_and_at_scale.ipynb): the same gradient, faster and with less memory.
# - [11 · Gradients at work](11_gradients_at_work.ipynb): from saliency maps to differential equations.
# - [12 · The pitfalls, one by one](12_the_pitfalls_one_by_one.ipynb), to look things up in.
#
# And beyond this course:
#
# - Griewank and Walther, *Evaluating Derivatives* (SIAM, 2008), is the book on how all of this works and what it costs.
# - Read the source of a training loop that you use, and find the tape in it. In Keras it is in `Model.train_step`.

# %% [markdown] lang="zh"
# ## 接下来去哪里
#
# 后面几课可以按顺序学，也可以用到时再看：
#
# - [7 · 控制梯度带](07_controlling_the_tape.ipynb)：不记录某些步骤，冻结一部分参数，自定义梯度。
# - [8 · 雅可比矩阵和黑塞矩阵](08_jacobians_and_hessians.ipynb)：行、列、前向模式，以及各自的代价。
# - [9 · 梯度去哪儿了](09_when_gradients_go_missing.ipynb)：自己的代码里，迟早会遇到意想不到的 `None`，用四个问题找出原因。只需要第 2 到第 5 课。
# - [10 · 又快又大地求梯度](10_gradients_fast_and_at_scale.ipynb)：同样的梯度，算得更快，更省内存。
# - [11 · 梯度的用武之地](11_gradients_at_work.ipynb)：梯度的应用，从显著图到微分方程。
# - [12 · 常见错误速查](12_the_pitfalls_one_by_one.ipynb)，供查阅。
#
# 课程之外：
#
# - Griewank 和 Walther 的 *Evaluating Derivatives*（SIAM，2008）把这一切的原理和代价讲得很透。
# - 找一段你常用的训练代码读一读，看看梯度带在哪里。在 Keras 里，它在 `Model.train_step` 中。

# %% [markdown] lang="en"
# ## Recap
#
# - A tape records a calculation, and the record is read backwards: multiply along a path, add where paths meet.
# - Simple functions and the losses of deep learning are differentiated by the same few lines: a `with` block and one call of `gradient`.
# - `None` means that source and target are unconnected. Look for the cut before you ask for a 0.
# - Check what you can check: by finite differences, by a figure, by the law that the result must obey.
# - With the differentiation left to the tape, you can think about the problem itself.
#
# Back to [5 · Gradients in deep learning](05_gradients_in_deep_learning.ipynb) · On to [7 · Controlling the tape](07_controlling_the_tape.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 梯度带记录计算，再倒着读记录：沿路径相乘，汇合处相加。
# - 简单的函数也好，深度学习的损失也好，求导都是同样的几行代码：一个 `with` 块，再调用一次 `gradient`。
# - `None` 表示源和目标未连接。先找断在哪里，再考虑要不要 0。
# - 能验证的都验证：用有限差分，用图，用结果必须服从的定律。
# - 求导交给梯度带，你就能专心想问题本身。
#
# 上一课：[5 · 深度学习中的梯度](05_gradients_in_deep_learning.ipynb) · 下一课：[7 · 控制梯度带](07_controlling_the_tape.ipynb)
