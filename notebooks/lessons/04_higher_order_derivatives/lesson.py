# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 30
#     teaches:
#       en: nested tapes, bending curves, Taylor polynomials and Newton's method
#       zh: 嵌套的梯度带、曲线的弯曲、泰勒多项式和牛顿法
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 4 · Higher-order derivatives
#
# The rate at which your position changes is your velocity. The rate at which your velocity changes is your acceleration: the derivative of a derivative, which you feel in every car. In mathematics the second derivative tells how a curve bends, whether a horizontal tangent belongs to a maximum or a minimum, and how far a straight line is good as an approximation. A tape finds it the same way as the first derivative, provided that a second tape records how the first derivative was computed.
#
# By the end you will be able to
#
# - nest tapes to get the second, third or any derivative;
# - say which line must stand inside which `with` block, and why;
# - read bending, extrema and inflection points off a figure;
# - approximate a function by Taylor polynomials, and know where they fail;
# - find a minimum by Newton's method;
# - in the second, optional part: compute the Hessian of a function of two variables, and judge by its eigenvalues.
#
# You need [lesson 3](03_several_variables.ipynb). The core takes about 45 minutes to read, the optional part another 25; the exercises come on top. The natural break is before “Two variables: the Hessian”.

# %% [markdown] lang="zh"
# # 4 · 高阶导数
#
# 位置变化的快慢是速度，速度变化的快慢是加速度。加速度就是导数的导数，坐车时人人都感觉得到。在数学里，二阶导数说明曲线怎样弯，水平切线处是极大值点还是极小值点，以及用直线近似在多大范围内可信。用梯度带（gradient tape，也译梯度磁带、求导记录器）求它，办法和求一阶导数一样，只是要用第二个梯度带，把一阶导数的计算过程也记录下来。
#
# 学完这一课，你能够
#
# - 用嵌套的梯度带求二阶、三阶以至任意阶导数；
# - 说清哪一行必须写在哪个 `with` 块里，以及为什么；
# - 从图上读出曲线的弯曲和转折；
# - 用泰勒多项式近似一个函数，并知道它在哪里失效；
# - 用牛顿法找最小值；
# - 在选学的第二部分里：求二元函数的黑塞矩阵（Hessian，又译海森矩阵），并用特征值来判断。
#
# 请先学完[第 3 课](03_several_variables.ipynb)。核心部分大约需要 45 分钟，选学部分另需 25 分钟，练习的时间另算。要分两次学，就在“两个变量：黑塞矩阵”之前停下。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("04", lang="en")

# %% [markdown] lang="en"
# ## A tape inside a tape
#
# Take $y = x^3$ at $x = 2$. On paper: $y = 8$, $y' = 3x^2 = 12$, $y'' = 6x = 12$.

# %% [markdown] lang="zh"
# ## 梯度带套梯度带
#
# 取 $y = x^3$，看 $x = 2$ 处。在纸上算：$y = 8$，$y' = 3x^2 = 12$，$y'' = 6x = 12$。

# %%
x = tf.Variable(2.0)

with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
    dy_dx = inner_tape.gradient(y, x)
d2y_dx2 = outer_tape.gradient(dy_dx, x)

print("y       =", y.numpy())
print("dy/dx   =", dy_dx.numpy())
print("d²y/dx² =", d2y_dx2.numpy())

# %% [markdown] lang="en"
# Look at the indentation:
#
# - `y = x**3` stands inside both blocks. Both tapes record it.
# - `inner_tape.gradient(y, x)` stands outside the inner block and **inside the outer one**. The backward pass of the inner tape is a calculation like any other: it takes a power and multiplies. The outer tape records that calculation.
# - `outer_tape.gradient(dy_dx, x)` stands outside both. It differentiates what the outer tape has on record: the way from `x` to `dy_dx`.
#
# That both derivatives are 12 is a coincidence of this point. At $x = 3$ they would be 27 and 18.

# %% [markdown] lang="zh"
# 关键在缩进：
#
# - `y = x**3` 在两个块里面，两个梯度带都记下了它。
# - `inner_tape.gradient(y, x)` 在内层块外面，却**在外层块里面**。内层梯度带的反向传播，也是一次普通的计算：求幂、相乘。外层梯度带把这次计算也记了下来。
# - `outer_tape.gradient(dy_dx, x)` 在两个块外面。它对外层的记录求导：从 `x` 到 `dy_dx` 的这段计算。
#
# 两个导数都是 12，只是这一点上的巧合。换成 $x = 3$，就是 27 和 18。

# %% [markdown] lang="en"
# **Predict first.** What if we move the inner `gradient` call one step to the left, out of the outer block? The first derivative is still 12. And the second? Write your choice in place of `...`.

# %% [markdown] lang="zh"
# **先猜一猜。** 如果把内层的 `gradient` 往左缩一级，移到外层块的外面呢？一阶导数仍然是 12。二阶导数呢？把你的选择写在 `...` 处。

# %%
gt.predict("4.a", ...)

# %%
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
dy_dx = inner_tape.gradient(y, x)
d2y_dx2 = outer_tape.gradient(dy_dx, x)

print(dy_dx.numpy(), d2y_dx2)
gt.predict("4.a", outcome=d2y_dx2)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# `None`. The number 12 is there, but it was computed while no tape was recording. The outer tape has recorded how `y` was computed, and not how `dy_dx` was, so on its record nothing leads from `x` to it. Everything that you want to differentiate must be recorded, and a derivative is no exception.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 得到 `None`。12 这个数是有的，但算出它的时候没有梯度带在记录。外层梯度带记录了 `y` 是怎么算的，却没有记录 `dy_dx` 是怎么算的，所以从 `x` 到它没有连接。凡是要对它求导的量，计算过程都得先记录下来；导数也不例外。
#
# </details>

# %% [markdown] lang="en"
# ## Any order
#
# Two levels of indentation are readable, five are not. A recursive function nests the tapes: the derivative of order $n$ is the first derivative of the derivative of order $n - 1$.

# %% [markdown] lang="zh"
# ## 任意阶
#
# 缩进两层还好读，五层就不行了。用递归来嵌套：$n$ 阶导数，就是 $n - 1$ 阶导数的一阶导数。


# %%
def derivative(f, x, order):
    if order == 0:
        return f(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        lower = derivative(f, x, order - 1)
    return tape.gradient(lower, x)


point = tf.constant(2.0)
for order in range(5):
    print(order, derivative(lambda x: x**3, point, order).numpy())

# %% [markdown] lang="en"
# $x^3$, then $3x^2$, then $6x$, then 6, then 0: each line is the derivative of the one above. The library does this for many points at once. Every row is an order, every column a point:

# %% [markdown] lang="zh"
# 依次是 $x^3$、$3x^2$、$6x$、6 和 0：每一行都是上一行的导数。gradtape 库可以同时对许多点这样做。每一行是一个阶数，每一列是一个点：

# %%
print(gt.derivatives(lambda x: x**3, [0.0, 1.0, 2.0, 3.0], order=3).numpy())

# %% [markdown] lang="en"
# ## How a curve bends
#
# The first derivative says whether a curve rises or falls. The second says how the first changes: where $f'' > 0$ the curve bends upwards like a bowl (*convex*), where $f'' < 0$ it bends downwards like a dome (*concave*). Here is $f(x) = x^3 - 3x$ with three of its derivatives. Find the places where $f' = 0$, then see what sign $f''$ has there.

# %% [markdown] lang="zh"
# ## 曲线怎样弯
#
# 一阶导数说明曲线在升还是在降；二阶导数说明一阶导数怎样变：$f'' > 0$ 的地方，曲线像碗一样向上弯；$f'' < 0$ 的地方，像拱一样向下弯。（前者在国内多数教材里叫凹，后者叫凸；最优化的书里正好相反，把前者叫凸函数。本课只说“像碗”和“像拱”。）下面是 $f(x) = x^3 - 3x$ 和它的前三阶导数。先找出 $f' = 0$ 的地方，再看那里 $f''$ 的符号。


# %%
def cubic(x):
    return x**3 - 3.0 * x


gt.plot_derivatives(cubic, (-2.2, 2.2), order=3)
plt.show()

# %% [markdown] lang="en"
# At $x = -1$ the derivative is zero and $f'' = -6 < 0$: a dome, so the curve has a local **maximum** at $-1$, with the value $f(-1) = 2$. At $x = 1$ the derivative is zero and $f'' = 6 > 0$: a bowl, so it has a local **minimum** at 1, with the value $-2$. In between, at $x = 0$, the second derivative changes its sign: there the curve changes from dome to bowl. Such a point is an **inflection point**. On this curve it is also where the curve falls most steeply, since $f'$ has its minimum there. The third derivative is the constant 6, the slope of the line $f'' = 6x$.
#
# Now look at the bending itself. The three tangents below touch the curve on its way from dome to bowl.

# %% [markdown] lang="zh"
# 在 $x = -1$，导数为零，$f'' = -6 < 0$：像拱，所以 $-1$ 是**极大值点**，极大值是 $f(-1) = 2$。在 $x = 1$，导数为零，$f'' = 6 > 0$：像碗，所以 1 是**极小值点**，极小值是 $-2$。中间的 $x = 0$ 处，二阶导数变号，曲线从拱变成碗。这样的点叫**拐点**。对这条曲线来说，$f'$ 在这里取最小值，所以曲线在这里也下降得最快。三阶导数是常数 6，就是直线 $f'' = 6x$ 的斜率。
#
# 再看弯曲本身。下面在曲线由拱变碗的一段上取三个位置，各画一条切线。

# %%
fig, axes = plt.subplots(1, 3, sharey=True)
for ax, at in zip(axes, [-1.5, 0.0, 1.5]):
    gt.plot_tangent(cubic, at=at, interval=(-2.2, 2.2), ax=ax)
    ax.set(title=f"$x = {at}$", ylim=(-4.5, 4.5))
    ax.get_legend().remove()
plt.show()

# %% [markdown] lang="en"
# Left, $f'' < 0$: near the point of contact the curve lies below its tangent. Right, $f'' > 0$: it lies above. In the middle $f''$ changes its sign: the curve crosses from one side of its tangent to the other. This is the geometric meaning of the second derivative.

# %% [markdown] lang="zh"
# 左图 $f'' < 0$，在切点附近曲线在切线下方；右图 $f'' > 0$，曲线在切线上方；中间 $f''$ 变号，曲线从切线的一侧穿到另一侧。这就是二阶导数的几何意义。

# %% [markdown] lang="en"
# ## Taylor polynomials: approximating a curve
#
# A tangent agrees with a curve at one point in two things, the value and the first derivative. A parabola can also have the same second derivative, a cubic the same third. The polynomial of degree at most $n$ that agrees with $f$ at $a$ in all derivatives up to order $n$ is the **Taylor polynomial**:
#
# $$
# T_n(x) = f(a) + f'(a)\,(x - a) + \frac{f''(a)}{2!}\,(x - a)^2 + \dots + \frac{f^{(n)}(a)}{n!}\,(x - a)^n
# $$
#
# The factorials are there to undo what differentiating does: the third derivative of $(x-a)^3$ is $3! = 6$. All that the formula needs are derivatives at one point, and those we have.
#
# **Predict first.** For $\sin$ at $a = 0$, how far to the right is the polynomial of order 7 within 0.1 of the curve: to about 1, 3, or 6?

# %% [markdown] lang="zh"
# ## 泰勒多项式：逼近曲线
#
# 切线在切点处与曲线的值相同，一阶导数也相同。抛物线还能让二阶导数也相同，三次曲线还能让三阶导数也相同。次数不超过 $n$、在 $a$ 处直到 $n$ 阶导数都与 $f$ 一致的多项式，叫**泰勒多项式**：
#
# $$
# T_n(x) = f(a) + f'(a)\,(x - a) + \frac{f''(a)}{2!}\,(x - a)^2 + \dots + \frac{f^{(n)}(a)}{n!}\,(x - a)^n
# $$
#
# 阶乘是用来抵消求导的：$(x-a)^3$ 的三阶导数是 $3! = 6$。公式里只需要一个点上的各阶导数，这些我们都有了。
#
# **先猜一猜。** 对 $a = 0$ 处的 $\sin$，7 阶泰勒多项式往右到多远为止，与曲线相差不到 0.1？大约到 1，到 3，还是到 6？

# %%
gt.predict("4.b", ...)

# %%
gt.plot_taylor(tf.sin, 0.0, (-6.5, 6.5), orders=(1, 3, 5, 7))
plt.show()

# %% [markdown] lang="en"
# Where is the polynomial more than 0.1 away from the curve?

# %% [markdown] lang="zh"
# 从哪里起，多项式与曲线相差超过 0.1？

# %%
x = tf.linspace(0.0, 6.5, 651)
polynomial = x - x**3 / 6 + x**5 / 120 - x**7 / 5040
reach = tf.reduce_max(x[abs(polynomial - tf.sin(x)) < 0.1])

print(f"{reach:.1f}")
gt.predict("4.b", outcome=reach)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# To about 3. For $\sin$ the polynomial with one more term is good a little further out, and then leaves the curve faster, since a polynomial that is not constant grows without bound. For other functions no order helps beyond some distance: at $a = 0$, the polynomials of $\ln(1 + x)$ fail beyond 1. A Taylor polynomial is a local approximation.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 大约到 3。对 $\sin$ 来说，项数越多，逼近的范围越大，可一旦超出，偏离得也越快，因为多项式只要不是常数，走远了绝对值总会趋向无穷。换成别的函数，超过一定距离，阶数再高也没有用：在 $a = 0$ 处，$\ln(1 + x)$ 的泰勒多项式超过 1 就失效。泰勒多项式只是局部的近似。
#
# </details>

# %% [markdown] lang="en"
# In numbers, at $x = 1$: we sum the terms one after another and watch the error against $\sin 1$ fall.

# %% [markdown] lang="zh"
# 再看数字。在 $x = 1$ 处，一项一项加上去，看它与 $\sin 1$ 的误差怎样变小。

# %%
terms = gt.derivatives(tf.sin, tf.constant(0.0, tf.float64), order=7)
exact = tf.sin(tf.constant(1.0, tf.float64))

total, factorial = 0.0, 1.0
for order, term in enumerate(terms):
    factorial *= max(order, 1)
    total += term / factorial
    if order % 2:
        print(f"n = {order}   T = {total:.6f}   T - sin 1 = {total - exact:+.6f}")

# %% [markdown] lang="en"
# Only odd orders are printed, since $\sin$ has no even terms at 0: its even derivatives are $\pm\sin 0 = 0$. The error changes sign each time and shrinks from 0.16 to 0.000003. Four terms, and the error is down to a few millionths.

# %% [markdown] lang="zh"
# 只打印了奇数阶，因为 $\sin$ 在 0 处没有偶次项：它的偶数阶导数是 $\pm\sin 0 = 0$。误差每次变号，从 0.16 缩小到 0.000003。四项加起来，误差只剩百万分之几。

# %% [markdown] lang="en"
# ## Newton's method: using the second derivative
#
# Gradient descent uses the first derivative only; how far to step is set by a learning rate. The second derivative tells how fast the first one changes, and so about how far away it reaches zero: that distance is $f'/f''$. Stepping there is **Newton's method**:
#
# $$
# x_{\text{new}} = x - \frac{f'(x)}{f''(x)}
# $$
#
# Let both look for the minimum of $f(x) = e^x - 2x$, from $x = 2$. The answer is known: $f' = e^x - 2 = 0$ at $x = \ln 2$. So we can print the distance that is left.

# %% [markdown] lang="zh"
# ## 牛顿法：利用二阶导数
#
# 梯度下降只用一阶导数，一步走多远由学习率决定。二阶导数说明一阶导数变得多快，由此可以估计还要走多远，一阶导数才会变成零：这段距离是 $f'/f''$。照这个距离走一步，就是**牛顿法**：
#
# $$
# x_{\text{new}} = x - \frac{f'(x)}{f''(x)}
# $$
#
# 让两种办法都从 $x = 2$ 出发，去找 $f(x) = e^x - 2x$ 的最小值点。答案是知道的：$f' = e^x - 2 = 0$，即 $x = \ln 2$。所以可以打印出离答案还有多远。


# %%
def bowl(x):
    return tf.exp(x) - 2.0 * x


goal = tf.math.log(tf.constant(2.0, tf.float64))
x_newton = x_descent = tf.constant(2.0, tf.float64)
newton_errors, descent_errors = [], []

for step in range(6):
    newton_errors.append(abs(x_newton - goal).numpy())
    descent_errors.append(abs(x_descent - goal).numpy())
    print(f"{step}   {descent_errors[-1]:.1e}   {newton_errors[-1]:.1e}")
    _, first, second = gt.derivatives(bowl, x_newton, order=2)
    x_newton = x_newton - first / second
    x_descent = x_descent - 0.1 * gt.derivatives(bowl, x_descent, order=1)[1]

# %% [markdown] lang="en"
# The first column is the step, then the distance left by gradient descent with learning rate 0.1, then by Newton. After the first step they are still close, after the second Newton's method is already several times nearer. From the third step on, Newton's method roughly doubles the number of correct digits each time: $10^{-2}$, $10^{-5}$, $10^{-9}$ (*quadratic convergence*). Gradient descent shortens the distance by a part of it; near the minimum it is always the same part, a fifth. On a logarithmic scale that is a slanted line beside a curve that bends steeply down:

# %% [markdown] lang="zh"
# 第一列是步数，第二列是学习率为 0.1 的梯度下降剩下的距离，第三列是牛顿法的。第一步之后还相差不多，第二步之后牛顿法已经近了好几倍；从第三步起，牛顿法每走一步，正确的位数大约翻一倍：$10^{-2}$、$10^{-5}$、$10^{-9}$（**二次收敛**）。梯度下降每一步只把距离缩短一部分；越接近最小值点，每步缩短的比例越固定（五分之一）。画在对数坐标上，一条是斜线，一条急剧下降：

# %%
fig, ax = plt.subplots()
ax.semilogy(descent_errors, "o--", color="C1", label=r"$x - 0.1\,f'(x)$")
ax.semilogy(newton_errors, "s-", color="0.15", label="$x - f'(x)/f''(x)$")
ax.set(xlabel="$n$", ylabel=r"$|x_n - \ln 2|$")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# Why then are networks not trained this way? With a million parameters the second derivatives form a table of a million times a million numbers; and Newton's method looks for *any* zero of $f'$, a maximum as well as a minimum. Against the attraction to maxima, exercise 4.5 turns the step downhill.

# %% [markdown] lang="zh"
# 那为什么训练神经网络不用它？参数有一百万个，二阶导数就是一百万乘一百万的表；而且牛顿法找的是 $f'$ 的**任意**零点，不区分极大值点和极小值点。对第二个问题，练习 4.5 会让步子总朝下坡方向走。

# %% [markdown] lang="en"
# ## Inside the tape (optional)
#
# What did the outer tape of $x^3$ at 2 record, beside $x^3$ itself? The calculation of the first derivative, $3x^2$. Here is that part of its record, with its own way back:

# %% [markdown] lang="zh"
# ## 梯度带里面（选学）
#
# 求 $x^3$ 在 2 处的导数时，外层梯度带除了 $x^3$ 本身，还记下了什么？记下了一阶导数 $3x^2$ 是怎样算的。下面就是这部分记录，连同它自己回来的路：


# %%
def first_derivative(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**3
    return tape.gradient(y, x)


gt.draw_tape(first_derivative, 2.0)
plt.show()

# %% [markdown] lang="en"
# The target is no longer $y$ but $dy/dx = 12$: a power, 4, times 3. What comes back to `x` is the second derivative, 12 again. To differentiate twice is to differentiate this drawing.
#
# Is it really an ordinary calculation? We write its two steps out by hand, beside the tape's, and differentiate each with a persistent outer tape.

# %% [markdown] lang="zh"
# 这里的目标不再是 $y$，而是 $dy/dx = 12$：先求幂得 4，再乘以 3。传回 `x` 的是二阶导数，也是 12。求二阶导数，就是对这张图再求一次导。
#
# 这真是一次普通的计算吗？我们在一旁手写出这两步，再用持久的外层梯度带求每一步的导数。

# %%
x = tf.Variable(2.0)
with tf.GradientTape(persistent=True) as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**3
    dy_dx = inner_tape.gradient(y, x)
    square = x**2
    by_hand = 3.0 * square

record = {"x": x, "x²": square, "3x²": by_hand, "dy/dx": dy_dx}
for name, value in record.items():
    slope = outer_tape.gradient(value, x)
    print(f"{name:5} = {value.numpy():4.1f}   d/dx: {slope.numpy():4.1f}")
del outer_tape

# %% [markdown] lang="en"
# The last two rows agree in value and in derivative: the tape's `dy_dx` and our own $3x^2$ are the same calculation. A derivative that comes from a tape is an ordinary tensor. A tape that recorded how it was computed can differentiate it, and a third tape can record the second one.
#
# There is a cost. Each tape records the backward pass of the tape inside it, and a backward pass is usually longer than what it differentiates. `tf.function` (lesson 5) can record a calculation as a graph without running it; here are the operations in the graph for $\sin(x)\,e^{-x^2/2}$, counted order by order, and the factor by which the count grew.

# %% [markdown] lang="zh"
# 最后两行，值相同，导数也相同：梯度带给出的 `dy_dx` 和我们自己写的 $3x^2$，是同一个计算。梯度带求出的导数就是普通的张量。只要有梯度带记录了它的计算过程，就能对它求导；再套第三个，还能继续下去。
#
# 代价是有的：每个梯度带都要记录内层的反向传播，而反向传播通常比原来的计算更长。用 `tf.function`（第 5 课）可以把一段计算构建成计算图而不执行它；下面数一数 $\sin(x)\,e^{-x^2/2}$ 各阶导数的计算图里有多少个运算，打印每升一阶变成原来的几倍。


# %%
def wave(x):
    return tf.sin(x) * tf.exp(-(x**2) / 2.0)


def count_operations(order):
    traced = tf.function(lambda x: derivative(wave, x, order))
    graph = traced.get_concrete_function(tf.TensorSpec([], tf.float32)).graph
    return len(graph.get_operations())


counts = [count_operations(order) for order in range(7)]
for order in range(3, 7):
    print(f"{order - 1} -> {order}:  x {counts[order] / counts[order - 1]:.1f}")

# %% [markdown] lang="en"
# For this function every further order multiplies the number of operations by about 2.3. That is harmless for orders 2 and 3, and too much for order 20. The first derivatives with respect to a million parameters are cheap; the twentieth derivative with respect to one variable, by nested tapes, is not.

# %% [markdown] lang="zh"
# 对这个函数，每升一阶，运算个数大约变成 2.3 倍。二阶、三阶无妨，20 阶就算不动了。对一百万个参数求一阶导数代价不大；用嵌套的梯度带对一个变量求二十阶导数，代价却很大。

# %% [markdown] lang="en"
# ## Watch out
#
# A missing second derivative is only one kind of missing gradient; lesson [9](09_when_gradients_go_missing.ipynb) is about finding the cause.
#
# ### The inner gradient outside the outer tape
#
# You met this one above: a frequent mistake with nested tapes, and it gives `None` without a warning. The repair is one level of indentation. If a second derivative comes back as `None`, look first at where the inner `gradient` stands.

# %% [markdown] lang="zh"
# ## 当心
#
# 二阶导数求不出来，只是梯度缺失的一种；怎样查找原因，见[第 9 课](09_when_gradients_go_missing.ipynb)。
#
# ### 内层的梯度写到了外层梯度带外面
#
# 前面已经见过：这是嵌套梯度带常见的错，结果是 `None`，也没有任何警告。改起来只要多缩进一级。二阶导数得到 `None` 时，先看内层的 `gradient` 写在哪里。

# %% [markdown] lang="en"
# ### One tape used twice
#
# Why two tapes, if one is recording anyway? Because `gradient` can be called once on an ordinary tape, which then releases its record:

# %% [markdown] lang="zh"
# ### 一个梯度带用两次
#
# 反正都在记录，为什么要用两个？因为对普通的梯度带只能调用一次 `gradient`，之后记录就释放了：

# %% tags=["raises-exception"]
with tf.GradientTape() as tape:
    y = x**3
    dy_dx = tape.gradient(y, x)

tape.gradient(dy_dx, x)

# %% [markdown] lang="en"
# A single *persistent* tape does work, if the first `gradient` call stands inside its block. The numbers are right, and TensorFlow warns you, because the tape then records its own backward pass, which costs time and memory:

# %% [markdown] lang="zh"
# 如果创建时写上 `persistent=True`，一个也够，只要第一次 `gradient` 写在它的块里面。得到的数是对的，但 TensorFlow 会警告：这样一来，梯度带要把自己的反向传播也记录下来，时间和内存的开销更大：

# %%
with tf.GradientTape(persistent=True) as tape:
    y = x**3
    dy_dx = tape.gradient(y, x)

print(tape.gradient(dy_dx, x).numpy())
del tape

# %% [markdown] lang="en"
# Keep to one tape per order.

# %% [markdown] lang="zh"
# 所以最好每一阶用一个梯度带。

# %% [markdown] lang="en"
# ### 0, None or nan
#
# **Predict first.** $x \cdot x$ and $x^2$ are the same function. Differentiate both three times; for `x ** 2` the result is 0. What is it for `x * x`?

# %% [markdown] lang="zh"
# ### 0、None 还是 nan
#
# **先猜一猜。** $x \cdot x$ 和 $x^2$ 是同一个函数。各求三阶导数，对 `x ** 2`，结果是 0。对 `x * x` 呢？

# %%
gt.predict("4.c", ...)

# %%
point = tf.constant(1.0)
third = derivative(lambda x: x * x, point, 3)
print("x * x :       ", third)
print("x ** 2:       ", derivative(lambda x: x**2, point, 3).numpy())
print("x ** 2, x = 0:", derivative(lambda x: x**2, tf.constant(0.0), 3).numpy())
gt.predict("4.c", outcome=third)

# %% [markdown] lang="en"
# For `x * x` the second derivative is computed as a plain 2 that does not depend on `x`: no connection, hence `None`. For `x ** 2` the rule of powers keeps multiplying, $2 \cdot 1 \cdot 0 \cdot x^{-1}$, so the connection is there and the result is 0. At $x = 0$ the same product is $0 \cdot 0^{-1}$, that is $0 \cdot \infty$, and the result is `nan`, not a number. For $\partial^2 z/\partial y^2$ of $z = 3x^2 + 2y$ in lesson 3 a tape returns `None` too: the first derivative is a constant. If you mean 0, write `unconnected_gradients="zero"`; `gt.derivatives` does it for you. (It makes the `None` a 0, not the `nan`.)

# %% [markdown] lang="zh"
# 对 `x * x`，二阶导数算出来就是常数 2，与 `x` 再无关系：没有连接，所以是 `None`。对 `x ** 2`，幂的求导法则继续往下乘，$2 \cdot 1 \cdot 0 \cdot x^{-1}$，连接还在，结果是 0。到了 $x = 0$，同一个乘积变成 $0 \cdot 0^{-1}$，即 $0 \cdot \infty$，结果是 `nan`，即“不是一个数”。第 3 课的 $z = 3x^2 + 2y$ 也一样，$\partial^2 z/\partial y^2$ 得到 `None`：它的一阶导数是常数。如果要的是 0，就写 `unconnected_gradients="zero"`；`gt.derivatives` 已经这样写了。（它把 `None` 变成 0，`nan` 还是 `nan`。）

# %%
print(gt.derivatives(lambda x: x * x, 1.0, order=3).numpy())

# %% [markdown] lang="en"
# ## Two variables: the Hessian (optional)
#
# This is the place for a break. The first part ends here, and exercises 4.1 to 4.5 go with it; what follows, with exercise 4.6, makes a second sitting.
#
# With two inputs there are four second derivatives: each of the two partial derivatives can be differentiated with respect to either input. They form the **Hessian**:
#
# $$
# H = \begin{pmatrix} \partial^2 f/\partial x^2 & \partial^2 f/\partial x\,\partial y \\ \partial^2 f/\partial y\,\partial x & \partial^2 f/\partial y^2 \end{pmatrix}
# $$
#
# It is the Jacobian of the gradient, which gives the recipe: an inner tape for the gradient, and `jacobian` on the outer tape. Our function is $f = x^3 - 3x + y^2$.

# %% [markdown] lang="zh"
# ## 两个变量：黑塞矩阵（选学）
#
# 到这里可以歇一歇。第一部分到此结束，练习 4.1 到 4.5 属于这一部分；下面的内容和练习 4.6 可以另找时间学。
#
# 有两个输入，就有四个二阶导数：两个偏导数，每个都能再对两个输入求导。它们组成**黑塞矩阵**：
#
# $$
# H = \begin{pmatrix} \partial^2 f/\partial x^2 & \partial^2 f/\partial x\,\partial y \\ \partial^2 f/\partial y\,\partial x & \partial^2 f/\partial y^2 \end{pmatrix}
# $$
#
# 它是梯度的雅可比矩阵（Jacobian），做法也就清楚了：用内层梯度带求梯度，再对外层梯度带调用 `jacobian`。我们的函数是 $f = x^3 - 3x + y^2$。


# %% tags=["atol=1e-6"]
def valley(x, y):
    return x**3 - 3.0 * x + y**2


p = tf.Variable([1.0, 0.0])
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        z = valley(p[0], p[1])
    gradient = inner_tape.gradient(z, p)
hessian = outer_tape.jacobian(gradient, p)

print("gradient =", gradient.numpy())
print(hessian.numpy())
print(gt.hessian(lambda p: valley(p[0], p[1]), [-1.0, 0.0]).numpy())

# %% [markdown] lang="en"
# The gradient at $(1, 0)$ is zero. The Hessian says how the surface bends there: 6 along $x$ and 2 along $y$, both upwards. It bends upwards in every direction, so there is a **minimum** at that point. The last matrix, from the library's `gt.hessian`, belongs to the other point with zero gradient, $(-1, 0)$: along $x$ the surface bends down, along $y$ up. That is a **saddle point**. Find both in the field: where do the arrows vanish, and what do those around them do?

# %% [markdown] lang="zh"
# $(1, 0)$ 处梯度为零。黑塞矩阵说明曲面在那里怎样弯：沿 $x$ 是 6，沿 $y$ 是 2，都向上弯。各个方向都像碗，这一点就是**极小值点**。最后那个矩阵用 gradtape 库的 `gt.hessian` 求得，属于梯度为零的另一点 $(-1, 0)$：沿 $x$ 向下弯，沿 $y$ 向上弯，这是**鞍点**。请在梯度场里找出这两点：箭头在哪里消失？它们周围的箭头又怎样？

# %%
ax = gt.plot_gradient_field(valley, (-2.0, 2.0), (-1.5, 1.5))
ax.plot([1.0], [0.0], "o", color="0.15")
ax.plot([-1.0], [0.0], "X", color="0.15")
plt.show()

# %% [markdown] lang="en"
# Around the minimum (the dot) every arrow points away, uphill. Around the saddle (the cross) arrows come in from the left and right and go out above and below.
#
# ### Eigenvalues (optional)
#
# Here the axes of the bowl were those of $x$ and $y$, because the entries off the diagonal are 0. Now a bowl that is turned, $g = x^2 + xy + y^2$, whose Hessian has a 1 off the diagonal. Draw it from above, and measure how it bends along three directions:

# %% [markdown] lang="zh"
# 在极小值点（圆点）周围，箭头全都向外，指向上坡。在鞍点（叉号）周围，箭头从左右进来，从上下出去。
#
# ### 特征值（选学）
#
# 上面那个碗的轴就是 $x$ 轴和 $y$ 轴，因为非对角线上的元素是 0。再看一个转了角度的碗 $g = x^2 + xy + y^2$，它的黑塞矩阵的非对角元是 1。从上方看这个碗，并求它沿三个方向的二阶导数：


# %% tags=["atol=1e-5"]
def turned_bowl(p):
    return p[0] ** 2 + p[0] * p[1] + p[1] ** 2


H = gt.hessian(turned_bowl, [0.0, 0.0])
print(H.numpy())
for direction in ([1.0, 0.0], [0.7071, 0.7071], [0.7071, -0.7071]):
    u = tf.constant(direction)
    along = gt.derivatives(lambda s: turned_bowl(s * u), 0.0, order=2)[2]
    print(direction, f"{along:.2f}")
print(tf.linalg.eigvalsh(H).numpy().round(3))

gt.plot_gradient_field(lambda x, y: turned_bowl([x, y]), (-2.0, 2.0), (-2.0, 2.0))
plt.show()

# %% [markdown] lang="en"
# Along $x$ the second derivative is 2. It is largest, 3, along one diagonal, where the contour lines lie closest, and smallest, 1, along the other. These two directions are the axes of the bowl, the *eigenvectors* of $H$: on them $H$ acts as multiplication by a number, $Hu = \lambda u$. The numbers, 1 and 3, are its *eigenvalues*: the smallest and the largest second derivative over all directions of length 1. `tf.linalg.eigvalsh` computes them for a symmetric matrix. So their signs decide at a point where the gradient is zero:
#
# - all positive: a local minimum;
# - all negative: a local maximum;
# - some positive, some negative: a saddle point;
# - otherwise, with a 0 among them: undecided, as for $x^4$, $-x^4$ and $x^3$, which all have $f'' = 0$ at 0.

# %% [markdown] lang="zh"
# 沿 $x$ 方向，二阶导数是 2。沿一条对角线最大，是 3，那里等高线最密；沿另一条对角线最小，是 1。这两个方向就是碗的轴，也就是 $H$ 的**特征向量**：对它们来说，$H$ 的作用就是乘以一个数，$Hu = \lambda u$。这两个数 1 和 3 就是**特征值**，它们是沿各个单位向量方向的二阶导数的最小值和最大值。`tf.linalg.eigvalsh` 求对称矩阵的特征值。所以在梯度为零的点，由特征值的符号就能判断：
#
# - 全为正：极小值点；
# - 全为负：极大值点；
# - 有正有负：鞍点；
# - 其余情形，即其中有 0：无法判断，比如 $x^4$、$-x^4$ 和 $x^3$ 在 0 处都是 $f'' = 0$。

# %% [markdown] lang="en"
# ### Mixed derivatives one by one (optional)
#
# A persistent *inner* tape is useful when you need the partial derivatives one by one, and want to differentiate each of them again. Its `gradient` calls then stand inside the outer block and outside its own.

# %% [markdown] lang="zh"
# ### 逐个求混合偏导数（选学）
#
# 需要把偏导数一个个取出来再分别求导的时候，**内层**可以用持久梯度带（persistent）。这时它的 `gradient` 写在外层块里面、它自己的块外面。

# %%
u, v = tf.Variable(2.0), tf.Variable(3.0)

with tf.GradientTape(persistent=True) as outer_tape:
    with tf.GradientTape(persistent=True) as inner_tape:
        z = u**2 * v**3
    dz_du = inner_tape.gradient(z, u)
    dz_dv = inner_tape.gradient(z, v)

print("d²z/du² =", outer_tape.gradient(dz_du, u).numpy())
print("d²z/dudv =", outer_tape.gradient(dz_du, v).numpy())
print("d²z/dvdu =", outer_tape.gradient(dz_dv, u).numpy())
del inner_tape, outer_tape

# %% [markdown] lang="en"
# The two mixed derivatives agree, $6uv^2 = 108$, as they do wherever they are continuous: there the Hessian is symmetric.

# %% [markdown] lang="zh"
# 两个混合偏导数相等，都是 $6uv^2 = 108$。只要它们连续就必然如此，这时黑塞矩阵是对称的。

# %% [markdown] lang="en"
# ### Row sums instead of a Hessian (optional)
#
# With `gradient` instead of `jacobian` on the outer tape, the target is summed as always. The target here is the whole gradient vector, so the result is the sums of the Hessian's rows:

# %% [markdown] lang="zh"
# ### 得到的不是黑塞矩阵，而是各行之和（选学）
#
# 如果对外层梯度带调用的是 `gradient` 而不是 `jacobian`，就会像往常一样先对目标求和。这里的目标是整个梯度向量，于是得到黑塞矩阵各行的和：

# %%
p = tf.Variable([1.0, 2.0])
with tf.GradientTape(persistent=True) as outer_tape:
    with tf.GradientTape() as inner_tape:
        z = p[0] ** 2 * p[1] ** 2
    gradient = inner_tape.gradient(z, p)

print("gradient:", outer_tape.gradient(gradient, p).numpy())
print("jacobian:", outer_tape.jacobian(gradient, p).numpy().tolist())
del outer_tape

# %% [markdown] lang="en"
# $8 + 8 = 16$ and $8 + 2 = 10$. For a function applied to each number separately, such as $x^3$ on a vector of points, the Hessian of the sum of the results has nothing off its diagonal, and the sums of its rows are the second derivatives that you want. That is why `gradient` often gives the right numbers all the same.

# %% [markdown] lang="zh"
# $8 + 8 = 16$，$8 + 2 = 10$。如果函数是逐个作用在每个数上的，比如对一串点求 $x^3$，各结果之和的黑塞矩阵除了对角线都是零，各行之和恰好就是想要的二阶导数。所以用 `gradient` 常常也能得到正确的数。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("04")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. If you are stuck, `gt.hint("4.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 4.1** (what will this print?) Read the cell, follow it with pencil and paper, and write what it prints (a number, with or without quotes).
#
# ```python
# x = tf.Variable(2.0)
# with tf.GradientTape() as outer_tape:
#     with tf.GradientTape() as inner_tape:
#         y = x**4
#     slope = inner_tape.gradient(y, x)
#     z = x * slope
# print(outer_tape.gradient(z, x).numpy())
# ```

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。卡住了就运行 `gt.hint("4.1")`，一次给一条，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 4.1**（读程序，写输出）读下面的代码，用纸笔推算，写出它打印的内容（一个数，加不加引号都行）。
#
# ```python
# x = tf.Variable(2.0)
# with tf.GradientTape() as outer_tape:
#     with tf.GradientTape() as inner_tape:
#         y = x**4
#     slope = inner_tape.gradient(y, x)
#     z = x * slope
# print(outer_tape.gradient(z, x).numpy())
# ```

# %%
printed = ...
# BEGIN SOLUTION
printed = "128.0"
# END SOLUTION

# %%
gt.check("4.1", printed)

# %% [markdown] lang="en"
# Now type it in and let the two tapes confirm it.

# %% [markdown] lang="zh"
# 再把代码敲进去，让两个梯度带来验证。

# %%
# BEGIN SOLUTION
x = tf.Variable(2.0)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        y = x**4
    slope = inner_tape.gradient(y, x)
    z = x * slope
print(outer_tape.gradient(z, x).numpy())
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 4.2** (repair this) The function should return the second derivative of any function `f` at a point `at`; `bend(lambda x: x**4, 1.0)` is to be 12. It returns `None`. There are two mistakes in it, and the result stays `None` until both are repaired; the check then says which one is left.

# %% [markdown] lang="zh"
# **练习 4.2**（改错）这个函数应当返回任意函数 `f` 在点 `at` 处的二阶导数；比如 `bend(lambda x: x**4, 1.0)` 应当是 12。可它返回 `None`。里面有两处错，两处都改好之前结果一直是 `None`；检查会说还剩哪一处。


# %%
def bend(f, at):
    start = tf.constant(at, tf.float32)
    with tf.GradientTape() as outer_tape:
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(start)
            y = f(start)
    first = inner_tape.gradient(y, start)
    return outer_tape.gradient(first, start)


# BEGIN SOLUTION
def bend(f, at):
    start = tf.constant(at, tf.float32)
    with tf.GradientTape() as outer_tape:
        outer_tape.watch(start)
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(start)
            y = f(start)
        first = inner_tape.gradient(y, start)
    return outer_tape.gradient(first, start)


# END SOLUTION

# %%
gt.check("4.2", bend)

# %% [markdown] lang="en"
# **Exercise 4.3** (by hand, then by tape) Derive the second derivative of the bell $f(x) = e^{-x^2}$ by hand, and write it as `bend_of_bell(x)`, without a tape.

# %% [markdown] lang="zh"
# **练习 4.3**（先手算，再用梯度带）动手推出钟形曲线 $f(x) = e^{-x^2}$ 的二阶导数，不用梯度带，写成 `bend_of_bell(x)`。


# %%
def bend_of_bell(x):
    # BEGIN SOLUTION
    return (4 * x**2 - 2) * tf.exp(-(x**2))
    # END SOLUTION


# %%
gt.check("4.3", bend_of_bell)

# %% [markdown] lang="en"
# Where is the bell steepest? Solve $f'' = 0$ by hand. Then draw $f$ with its first two derivatives on $(-3, 3)$, let two tapes give $f''$ at your place, and see whether they agree.

# %% [markdown] lang="zh"
# 钟形曲线在哪里最陡？动手解 $f'' = 0$。然后在 $(-3, 3)$ 上画出 $f$ 和它的前两阶导数，再让两个梯度带求出你那一点上的 $f''$，看看是否一致。

# %%
# BEGIN SOLUTION
bell = lambda x: tf.exp(-(x**2))
steepest = 0.5**0.5  # 4x² = 2
print(f"{steepest:.4f}   {abs(bend(bell, steepest)):.4f}")
gt.plot_derivatives(bell, (-3.0, 3.0), order=2)
plt.show()
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# At $x = \pm\sqrt{1/2} \approx \pm 0.7071$. There $f''$ changes its sign, so $f'$ is largest on the left and smallest on the right.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 在 $x = \pm\sqrt{1/2} \approx \pm 0.7071$ 处。$f''$ 在那里变号，所以 $f'$ 在左边那一点最大，在右边那一点最小。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 4.4** (draw this) Newton's method can be seen: near a point, replace the curve by its Taylor polynomial of order 2, a parabola, and step to the parabola's lowest point. Take $f(x) = e^x - 2x$ at $x = 2$. Draw $f$ and the parabola on $(0, 2.5)$, and put a marker at the lowest point of the parabola. The check wants the figure's axes under the name `ax`.

# %% [markdown] lang="zh"
# **练习 4.4**（作图）牛顿法可以画出来看：在一点附近，用 2 阶泰勒多项式（一条抛物线）代替曲线，再走到抛物线的最低点。取 $f(x) = e^x - 2x$，在 $x = 2$ 处。在 $(0, 2.5)$ 上画出 $f$ 和这条抛物线，并在抛物线的最低点处画一个标记。请把图的 Axes 对象赋给 `ax`。

# %%
ax = ...
# BEGIN SOLUTION
f = lambda x: tf.exp(x) - 2.0 * x
value, first, second = gt.derivatives(f, 2.0, order=2)
parabola = lambda x: value + first * (x - 2.0) + second / 2.0 * (x - 2.0) ** 2
lowest = 2.0 - first / second

x = tf.linspace(0.0, 2.5, 200)
_, ax = plt.subplots()
ax.plot(x, f(x), color="0.15", label="$f(x)$")
ax.plot(x, parabola(x), "--", color="C1", label="$T_2(x)$")
ax.plot(lowest, parabola(lowest), "o", color="C1")
ax.plot(2.0, f(2.0), "s", color="0.15")
ax.set(xlabel="$x$")
ax.legend()
plt.show()
# END SOLUTION

# %%
gt.check("4.4", ax)

# %% [markdown] lang="en"
# **Exercise 4.5** (always downhill) On $f(x) = x^3 - 3x$, one of two runs of Newton's method, from $x = 0.5$ and from $x = -0.5$, converges to the local maximum. Which, and why? Write `downhill(f, x)` for any function `f` and a plain number `x` at which $f''$ is not 0: it returns where a step of the same length as Newton's leads, $|f'/f''|$, but always downhill.

# %% [markdown] lang="zh"
# **练习 4.5**（只走下坡）对 $f(x) = x^3 - 3x$ 用牛顿法，分别从 $x = 0.5$ 和 $x = -0.5$ 出发，有一次会收敛到极大值点。是哪一次？为什么？写出 `downhill(f, x)`，`f` 是任意函数，`x` 是普通的 Python 数，该处的 $f''$ 不为 0：走一步，步长和牛顿法一样是 $|f'/f''|$，但只走下坡，返回走到的地方。


# %%
def downhill(f, x):
    # BEGIN SOLUTION
    _, first, second = gt.derivatives(f, x, order=2)
    return x - first / abs(second)
    # END SOLUTION


# %%
gt.check("4.5", downhill)

# %% [markdown] lang="en"
# Take six steps from $-0.5$ with each of the two, side by side.

# %% [markdown] lang="zh"
# 从 $-0.5$ 出发，两种办法各走六步，并排比一比。

# %%
# BEGIN SOLUTION
cubic = lambda x: x**3 - 3.0 * x
x_newton = x_downhill = tf.constant(-0.5, tf.float64)
for step in range(7):
    print(f"{step}   {x_newton:+.4f}   {x_downhill:+.4f}")
    _, first, second = gt.derivatives(cubic, x_newton, order=2)
    x_newton = x_newton - first / second
    x_downhill = downhill(cubic, x_downhill)
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The run from $-0.5$: there $f'' = 6x = -3$, the curve is a dome, and its parabola has a highest point instead of a lowest. Newton's method converges to the maximum, at $-1$. `downhill` turns the step round, overshoots once, and converges to the minimum, at 1.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 是从 $-0.5$ 出发的那一次：那里 $f'' = 6x = -3$，曲线像拱，逼近它的抛物线只有最高点，没有最低点。牛顿法收敛到极大值点 $-1$。`downhill` 把方向反了过来，虽然越过一次，最后收敛到极小值点 1。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 4.6** (Newton in the plane; goes with the optional part) Write `newton_step(f, p)` for a function of two variables: `f` takes one argument, a point `p` of shape `(2,)`, such as `lambda p: valley(p[0], p[1])`, and returns one number. In one variable the step is $f'/f''$; here it is the vector $s$ with $Hs = g$, where $g$ is the gradient. `tf.linalg.solve(H, g)` solves such equations, and wants $g$ as a matrix of one column: `g[:, tf.newaxis]` turns the shape `(2,)` into `(2, 1)`, and `s[:, 0]` takes the column out again. Return the new point, shape `(2,)`.

# %% [markdown] lang="zh"
# **练习 4.6**（平面上的牛顿法，配合选学部分）为二元函数写出 `newton_step(f, p)`：`f` 只有一个自变量，即形状为 `(2,)` 的点 `p`，例如 `lambda p: valley(p[0], p[1])`，返回一个数。一个变量时，步子是 $f'/f''$；这里是满足 $Hs = g$ 的向量 $s$，其中 $g$ 是梯度。`tf.linalg.solve(H, g)` 解这样的方程，但 $g$ 要写成只有一列的矩阵：`g[:, tf.newaxis]` 把形状 `(2,)` 变成 `(2, 1)`，`s[:, 0]` 再把这一列取出来。返回新的点，形状为 `(2,)`。


# %%
def newton_step(f, p):
    # BEGIN SOLUTION
    _, gradient = gt.value_and_gradient(f, p)
    step = tf.linalg.solve(gt.hessian(f, p), gradient[:, tf.newaxis])
    return p - step[:, 0]
    # END SOLUTION


# %%
gt.check("4.6", newton_step)

# %% [markdown] lang="en"
# From $(0, 0)$, a single step lands on the minimum of $x^2 + xy + y^2 - 3x$. Try it, then say what is special about this function.

# %% [markdown] lang="zh"
# 对 $x^2 + xy + y^2 - 3x$，从 $(0, 0)$ 出发，一步就到了最小值点。试一试，再说说这个函数有什么特别。

# %%
# BEGIN SOLUTION
bowl = lambda p: p[0] ** 2 + p[0] * p[1] + p[1] ** 2 - 3.0 * p[0]
landed = newton_step(bowl, tf.constant([0.0, 0.0]))
print(landed.numpy())
print(gt.value_and_gradient(bowl, landed)[1].numpy())
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It is a polynomial of degree 2, and so its own Taylor polynomial of order 2. The step leads to the lowest point of the function itself, not of an approximation.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 它是二次多项式，它的 2 阶泰勒多项式就是它自己。牛顿法走到的不是近似函数的最低点，而是函数自己的最低点。
#
# </details>

# %% [markdown] lang="en"
# ## Recap
#
# - A second derivative needs a second tape, and the inner `gradient` call inside the outer tape.
# - $f'' > 0$ is a bowl, $f'' < 0$ a dome; where $f''$ changes sign the curve inflects. In two variables the eigenvalues of the Hessian decide, unless one of them is 0.
# - Derivatives at one point make a Taylor polynomial: good nearby, unreliable further off, for some functions at every order.
# - Newton's method uses the second derivative to choose its step; close to the goal it about doubles the correct digits, and it converges to maxima as well as minima.
# - Each further order makes the calculation longer, often more than twice as long.
#
# Back to [3 · Several variables](03_several_variables.ipynb) · On to [5 · Gradients in deep learning](05_gradients_in_deep_learning.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 求二阶导数要两个梯度带，内层的 `gradient` 要写在外层梯度带里面。
# - $f'' > 0$ 像碗，$f'' < 0$ 像拱；$f''$ 变号处是拐点。两个变量时由黑塞矩阵的特征值来判断，其中有 0 时无法判断。
# - 一点上的各阶导数合成泰勒多项式：近处可靠，远处靠不住；有些函数，阶数再高也没有用。
# - 牛顿法用二阶导数决定步子，接近目标时正确位数大约翻倍，但也会收敛到极大值点。
# - 每升一阶，计算都会变长，常常变成两倍以上。
#
# 上一课：[3 · 多个变量](03_several_variables.ipynb) · 下一课：[5 · 深度学习中的梯度](05_gradients_in_deep_learning.ipynb)
