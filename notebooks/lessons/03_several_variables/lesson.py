# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 20
#     teaches:
#       en: gradients, persistent tapes, gradient fields and Jacobians
#       zh: 梯度、持久梯度带、梯度场和雅可比矩阵
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 3 · Several variables
#
# Most quantities depend on several variables. The price of a flat depends on its size, age and street; the loss of a neural network, the error that training reduces, depends on millions of parameters. For each input one asks: *if this one changes a little and the others stay as they are, how does the result change?* The answers, one partial derivative for each input, together are the gradient.
#
# By the end you will be able to
#
# - find every partial derivative of a function with one tape, in one call or in several;
# - say what `persistent=True` costs and when it is needed;
# - read a gradient as an arrow: which way it points, and how long it is;
# - get gradients in the structure of your data: a list, a dictionary, a model's trainable variables;
# - tell a gradient from a Jacobian, and know which of them TensorFlow returned.
#
# You need [lesson 2](02_automatic_differentiation.ipynb). The core takes about 45 minutes to read, the sections marked *optional* another 20; the exercises come on top.

# %% [markdown] lang="zh"
# # 3 · 多个变量
#
# 实际问题往往有多个变量。房价要看面积、房龄和地段；神经网络的损失（衡量预测错得多厉害的数）由上百万个参数共同决定。对每个输入，要问的都是同一个问题：“别的都不动，只有它变一点点，结果会怎么变？”每个输入得到一个偏导数，合在一起就是梯度。
#
# 学完这一课，你能够
#
# - 用一个梯度带（gradient tape，也译梯度磁带、求导记录器）求出一个函数的全部偏导数，一次求完或分几次求；
# - 说清 `persistent=True` 的代价，以及什么时候才需要它；
# - 把梯度看成箭头：它指向哪里，有多长；
# - 让梯度的结构和你的数据一致：列表、字典，或者模型的可训练变量；
# - 分清梯度和雅可比矩阵（Jacobian），知道 TensorFlow 给出的是哪一个。
#
# 请先学完[第 2 课](02_automatic_differentiation.ipynb)。核心部分大约需要 45 分钟，标着“选学”的几节另需 20 分钟，练习的时间另算。偏导数是什么，下面会讲，学过一元微积分就够了；只有练习里有一题还要用到二阶行列式。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("03", lang="en")

# %% [markdown] lang="en"
# ## Two inputs, two derivatives
#
# Take $z = 3x^2 + 2y$ at the point $x = 2$, $y = 3$. On paper we differentiate twice. With $y$ held still, $\partial z/\partial x = 6x = 12$. With $x$ held still, $\partial z/\partial y = 2$. Here is the same with a tape:

# %% [markdown] lang="zh"
# ## 两个输入，两个导数
#
# 取 $z = 3x^2 + 2y$，看它在 $x = 2$、$y = 3$ 这一点的情况。在纸上，要分别求两个偏导数：固定 $y$，得 $\partial z/\partial x = 6x = 12$；固定 $x$，得 $\partial z/\partial y = 2$。换成梯度带，写法如下：

# %%
x = tf.Variable(2.0)
y = tf.Variable(3.0)

with tf.GradientTape(persistent=True) as tape:
    z = 3 * x**2 + 2 * y

dz_dx = tape.gradient(z, x)
dz_dy = tape.gradient(z, y)
print("z     =", z.numpy())
print("dz/dx =", dz_dx.numpy())
print("dz/dy =", dz_dy.numpy())
del tape

# %% [markdown] lang="en"
# Line by line:
#
# - `x` and `y` are variables, so both are watched by themselves.
# - `z` is computed once. The square, the two products and the sum are recorded.
# - Each `gradient` call goes through the record backwards, once for `x` and once for `y`. An ordinary tape allows **one** such call and then releases its record. With `persistent=True` the record is kept for more.
# - `del tape` releases the record when we are done. Why that matters is said in an optional section under "Watch out".
#
# The curly ∂ of the textbook and the `d` in our variable names mean the same thing here: one input changes, the others do not. Such a derivative is called a *partial derivative*.

# %% [markdown] lang="zh"
# 逐行来看：
#
# - `x` 和 `y` 都是变量，不用特别声明，就会自动受到监视（watch）。
# - `z` 只计算一次。平方、两次乘法、一次加法，都记录下来。
# - 每调用一次 `gradient`，就沿着记录从后往前算一遍：先为 `x`，再为 `y`。普通的梯度带**只能调用一次** `gradient`，之后记录就释放了；写上 `persistent=True` 则保留记录，这就是持久梯度带（persistent）。
# - 用完之后，`del tape` 释放记录占用的内存。为什么要释放，“当心”里有一节选学来说明。
#
# 课本上写 ∂，我们的变量名里写 `d`，在这里是一个意思：一个输入在变，其余的不变。这样的导数叫**偏导数**。

# %% [markdown] lang="en"
# **Predict first.** Raise $x$ by $0.01$ and leave $y$ alone. By how much will $z$ rise, roughly? And if $y$ rises by $0.01$ instead? Write the first number in place of `...` below, the second on paper, then run both cells.

# %% [markdown] lang="zh"
# **先猜一猜。** 让 $x$ 增加 $0.01$，$y$ 不动，$z$ 大约增加多少？换成 $y$ 增加 $0.01$ 呢？第一个数写在下面的 `...` 处，第二个写在纸上，再运行两个单元格。

# %%
gt.predict("3.a", ...)


# %%
def height(x, y):
    return 3 * x**2 + 2 * y


rise_x = height(2.01, 3.0) - height(2.0, 3.0)
rise_y = height(2.0, 3.01) - height(2.0, 3.0)
print(f"x + 0.01:  Δz = {rise_x:.4f}")
print(f"y + 0.01:  Δz = {rise_y:.4f}")

# %%
gt.predict("3.a", outcome=rise_x)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# About $12 \times 0.01 = 0.12$ and $2 \times 0.01 = 0.02$. For a small change of one input, $z$ changes by about the partial derivative times that change. For $y$ this is exact, since $z$ is a straight line in $y$. For $x$ it is off by $0.0003$, since $z$ bends in $x$: that is $3 \times 0.01^2$, and it shrinks faster than the step itself. Both together, $dz = 12\,dx + 2\,dy$, are called the *total differential* of $z$ at this point.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 大约是 $12 \times 0.01 = 0.12$ 和 $2 \times 0.01 = 0.02$。某个输入有微小的变化时，$z$ 的变化约等于偏导数乘以这个变化。对 $y$ 来说分毫不差，因为 $z$ 作为 $y$ 的函数是一条直线。对 $x$ 来说差了 $0.0003$，因为 $z$ 作为 $x$ 的函数是弯的：这个误差正是 $3 \times 0.01^2$，它是步长的**高阶无穷小**，比步长缩小得更快。两项合起来，$dz = 12\,dx + 2\,dy$，就是 $z$ 在这一点的**全微分**。
#
# </details>

# %% [markdown] lang="en"
# ## Two slices through one surface (optional)
#
# Think of $z$ as the height of a surface above the point $(x, y)$. Holding $y$ constant means looking at a slice. On the left below is the slice in the direction of $x$, on the right in the direction of $y$. Compare how steep the two tangent lines are at our point.

# %% [markdown] lang="zh"
# ## 同一个曲面的两条截线（选学）
#
# 把 $z$ 想成曲面在点 $(x, y)$ 处的高度。固定 $y$，就是用一个竖直的平面去截曲面，得到一条截线。下面左图是沿 $x$ 方向的截线，右图是沿 $y$ 方向的。比一比两条切线在这一点各有多陡。

# %%
fig, (left, right) = plt.subplots(1, 2)
slice_x, slice_y = (lambda x: height(x, 3.0)), (lambda y: height(2.0, y))
gt.plot_tangent(slice_x, 2.0, (0.0, 4.0), ax=left, label="$f(x) = z(x, 3)$")
gt.plot_tangent(slice_y, 3.0, (1.0, 5.0), ax=right, label="$f(y) = z(2, y)$")
left.set(xlabel="$x$", ylabel="$z$", title="$y = 3$")
right.set(xlabel="$y$", ylabel="$z$", title="$x = 2$")
plt.show()

# %% [markdown] lang="en"
# The left slice is a parabola; its tangent at $x = 2$ has the slope 12. The right one is a straight line, so its tangent lies on it, with the slope 2. Note the two vertical scales: they differ, so trust the numbers more than the angle.

# %% [markdown] lang="zh"
# 左边的截线是抛物线，在 $x = 2$ 处切线的斜率为 12。右边是直线，切线与它重合，斜率为 2。注意两图的纵轴刻度不同，看陡不陡，数字比眼睛可靠。

# %% [markdown] lang="en"
# ## All sources in one call
#
# If you know beforehand which derivatives you want, give all sources at once. One backward pass yields every one of them, so an ordinary tape is enough. This is how you should usually do it.

# %% [markdown] lang="zh"
# ## 一次求完所有偏导数
#
# 如果事先知道要求哪些导数，就把所有的源都写上。往回算一遍，所有导数都能得到，普通的梯度带就够用了。平时都应该这么写。

# %%
with tf.GradientTape() as tape:
    z = 3 * x**2 + 2 * y

dz_dx, dz_dy = tape.gradient(z, [x, y])
print(dz_dx.numpy(), dz_dy.numpy())

# %% [markdown] lang="en"
# The result has the structure of the sources. With a dictionary you get a dictionary with the same keys, and there is no order to remember:

# %% [markdown] lang="zh"
# 结果的结构和源相同。源写成字典，得到的也是字典，键一模一样，不用记顺序：

# %%
point = {"x": x, "y": y}

with tf.GradientTape() as tape:
    z = 3 * point["x"] ** 2 + 2 * point["y"]

for name, derivative in tape.gradient(z, point).items():
    print(name, derivative.numpy())

# %% [markdown] lang="en"
# A model of your own can be a `tf.Module`: it collects the variables among its attributes as `trainable_variables`, and that tuple is a source like any other. Each gradient has exactly the shape of its variable: the weight is a vector of two numbers, so its gradient is a vector of two numbers. The order is that of the attributes' names in the alphabet (`self.bias` before `self.weight`), whatever is written in `name=`: do not rely on the place.

# %% [markdown] lang="zh"
# 自己写的模型可以是一个 `tf.Module`：它把属性里的变量收进 `trainable_variables`，这个元组（tuple）也可以直接作为源。每个梯度的形状都和它的变量相同：权重是两个数的向量，它的梯度也是两个数的向量。顺序是属性名的字母顺序（`self.bias` 在 `self.weight` 前面），与 `name=` 里写的无关，所以不要靠位置来辨认。


# %%
class Plane(tf.Module):
    def __init__(self):
        self.weight = tf.Variable([3.0, 2.0], name="weight")
        self.bias = tf.Variable(1.0, name="bias")

    def __call__(self, point):
        return tf.reduce_sum(self.weight * point) + self.bias


plane = Plane()
with tf.GradientTape() as tape:
    z = plane(tf.constant([2.0, 3.0]))

gradients = tape.gradient(z, plane.trainable_variables)
for variable, gradient in zip(plane.trainable_variables, gradients):
    print(variable.name, variable.shape, gradient.numpy())

# %% [markdown] lang="en"
# Training a network is this call with more variables: lesson 5.

# %% [markdown] lang="zh"
# 训练神经网络用的就是这个调用，只是变量更多：见第 5 课。

# %% [markdown] lang="en"
# ## The gradient is an arrow
#
# Put the two partial derivatives into one vector:
#
# $$
# \nabla z = \left(\frac{\partial z}{\partial x},\ \frac{\partial z}{\partial y}\right) = (6x,\ 2)
# $$
#
# This vector is the *gradient*. At every point of the plane it is an arrow, and the arrows together are the *gradient field*. In the figure the lines are *contour lines*: along each of them $z$ has one value, as on a map. (So that short arrows can be seen too, a gradient four times as long is drawn twice as long.) Look at the angle between the arrows and the lines, and at where the arrows grow.

# %% [markdown] lang="zh"
# ## 梯度是一个箭头
#
# 把两个偏导数放进一个向量：
#
# $$
# \nabla z = \left(\frac{\partial z}{\partial x},\ \frac{\partial z}{\partial y}\right) = (6x,\ 2)
# $$
#
# 这个向量就是**梯度**。平面上每一点都有这样一个箭头，所有箭头合在一起叫**梯度场**。图中的线是**等高线**：和登山地图一样，同一条线上 $z$ 的值处处相等。（为了让短箭头也看得见，箭头没有按原长画：梯度的长度变成四倍时，箭头只画成两倍长。）请看箭头和等高线成什么角度，箭头又在哪里变长。

# %%
gt.plot_gradient_field(height, (-2.0, 2.0), (-2.0, 2.0))
plt.show()

# %% [markdown] lang="en"
# Two things hold wherever the gradient is not zero. The arrows cross the contour lines at right angles (seen so if both axes have the same scale). And they are long where the lines, drawn at equal distances in $z$, lie close together, which is where the surface is steep. Near $x = 0$ the partial derivative with respect to $x$ is small; only the 2 in the direction of $y$ is left, and the arrows point straight up.
#
# The right angle has a reason. Along a contour line $z$ does not change, so the gradient has no component in that direction.

# %% [markdown] lang="zh"
# 只要梯度不为零，就有两件事成立。箭头与等高线垂直（两轴刻度相同时才看得出来）；图中相邻等高线的 $z$ 相差都一样大，所以等高线越密，箭头越长，那里的曲面就越陡。靠近 $x = 0$ 时，对 $x$ 的偏导数很小，只剩 $y$ 方向的 2，箭头便笔直朝上。
#
# 垂直是有道理的：沿着等高线，$z$ 不变，可见梯度在这个方向上没有分量。

# %% [markdown] lang="en"
# **Predict first.** From $(x, y) = (2, 3)$ take a tiny step in any direction you like. In which direction does $z$ rise fastest: straight along $x$, or leaning a little towards $y$? Then the number to write down: how fast does $z$ rise per unit of length in that best direction, 12, 14, between them, or more?
#
# We can find out without gradients: try all directions and measure. Run the next cell: it shows the choices.

# %% [markdown] lang="zh"
# **先猜一猜。** 从 $(x, y) = (2, 3)$ 出发，朝任意方向走一小步。往哪边走 $z$ 升得最快：正对 $x$ 方向，还是稍微偏向 $y$？这一问在心里猜。要选的是下一问：沿这个最好的方向，$z$ 每单位长度升多少，12，14，两者之间，还是更大？
#
# 不用梯度也能找到答案：把一圈方向全试一遍，量一量就知道。运行下一个单元格，选项就会出现。

# %%
gt.predict("3.b", ...)

# %%
angles = tf.linspace(0.0, 2.0 * 3.14159265, 721)
step = 1e-2
rise = (
    height(2.0 + step * tf.cos(angles), 3.0 + step * tf.sin(angles)) - height(2.0, 3.0)
) / step

with tf.GradientTape() as tape:
    z = height(x, y)
gradient = tf.stack(tape.gradient(z, [x, y]))

print(f"argmax Δz/h = {angles[tf.argmax(rise)]:.2f}")
print(f"θ(∇z)       = {tf.atan2(gradient[1], gradient[0]):.2f}")
print(f"max Δz/h    = {tf.reduce_max(rise):.1f}")
print(f"|∇z|        = {tf.norm(gradient):.1f}")
gt.predict("3.b", outcome=tf.reduce_max(rise))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The best direction is the direction of the gradient, $(12, 2)$, which leans a little towards $y$: an angle of about $0.17$ radians, or $9.5$ degrees, with the $x$ axis. The rise per unit of length is the gradient's length, $\sqrt{12^2 + 2^2} \approx 12.2$. It is not $12 + 2 = 14$, because a step of length 1 does not go a full unit in both directions.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 最好的方向就是梯度 $(12, 2)$ 的方向，它稍微偏向 $y$：与 $x$ 轴的夹角约 $0.17$ 弧度，也就是 $9.5$ 度。每走一个单位长度上升的高度，就是梯度的长度 $\sqrt{12^2 + 2^2} \approx 12.2$。它不是 $12 + 2 = 14$，因为长度为 1 的一步，没法在两个方向上都走满 1。
#
# </details>

# %% [markdown] lang="en"
# Here is the whole circle. The curve is the rise that we measured in each direction; the dashed line marks the gradient's own angle.

# %% [markdown] lang="zh"
# 下面画出整整一圈。曲线是在每个方向上量到的上升的快慢，虚线标出梯度自己的角度。

# %%
fig, ax = plt.subplots()
ax.plot(angles, rise, color="0.15", label=r"$\Delta z / h$")
ax.axhline(0.0, color="0.6", linewidth=0.8)
ax.axvline(tf.atan2(gradient[1], gradient[0]), color="C1", linestyle="--")
ax.set(xlabel=r"$\theta$", ylabel=r"$\Delta z / h$", title="$(x, y) = (2, 3)$")
plt.show()

# %% [markdown] lang="en"
# Up to the small error of the step it is a cosine. Highest along the gradient, zero at a right angle to it (along the contour line), lowest straight against it. How fast $z$ rises in the direction of a unit vector $u$ is called the **directional derivative**: $\nabla z \cdot u = \lVert \nabla z \rVert \cos\varphi$, with $\varphi$ the angle between the two. It is largest in the direction of the gradient, and lowest straight against it. So gradient descent steps *against* the gradient: in no other direction does the loss fall faster, for a small enough step.

# %% [markdown] lang="zh"
# 除去步长带来的小误差，这是一条余弦曲线。顺着梯度最高，与梯度垂直（也就是沿着等高线）时为零，正对着梯度反方向最低。$z$ 沿单位向量 $u$ 的方向上升的快慢，叫**方向导数**：$\nabla z \cdot u = \lVert \nabla z \rVert \cos\varphi$，其中 $\varphi$ 是两者的夹角。梯度的方向就是方向导数最大的方向。梯度下降之所以**逆着**梯度走，道理就在那个最低点：只要步子足够小，没有哪个方向能让损失下降得更快。

# %% [markdown] lang="en"
# ## Where the gradient is zero (optional)
#
# Our surface rises in the direction of $y$ everywhere, so its gradient is nowhere zero. Many functions have points where it is. Take $z = x^2 - y^2$, with the gradient $(2x, -2y)$. First the surface, then its field seen from above.

# %% [markdown] lang="zh"
# ## 梯度为零的地方（选学）
#
# 我们的曲面沿 $y$ 方向一直上升，梯度处处不为零。许多函数却有梯度为零的点。比如 $z = x^2 - y^2$，它的梯度是 $(2x, -2y)$。先看曲面，再从上方看它的梯度场。


# %%
def saddle(x, y):
    return x**2 - y**2


gt.plot_surface(saddle, (-2.0, 2.0), (-2.0, 2.0))
plt.show()

# %%
gt.plot_gradient_field(saddle, (-2.0, 2.0), (-2.0, 2.0))
plt.show()

# %% [markdown] lang="en"
# At the origin both partial derivatives are zero: the tangent plane is horizontal there. Yet it is neither a maximum nor a minimum. It is a *saddle point*, after the shape of a saddle: along $x$ the surface rises, along $y$ it falls. What tells maxima, minima and saddle points apart, usually, are the second derivatives, and those are [lesson 4](04_higher_order_derivatives.ipynb).

# %% [markdown] lang="zh"
# 在原点，两个偏导数都为零，切平面是水平的。但它既不是极大值点，也不是极小值点，而是**鞍点**，形如马鞍，故名：沿 $x$ 方向上升，沿 $y$ 方向下降。要分清极大值点、极小值点和鞍点，通常看二阶导数，那是[第 4 课](04_higher_order_derivatives.ipynb)的内容。

# %% [markdown] lang="en"
# ## Inside the tape (optional)
#
# First the picture of $3x^2 + 2y$. The sources have bold frames; every other box holds an operation with its result, the last one dark; the number beside a dashed arrow is what comes back along it:

# %% [markdown] lang="zh"
# ## 梯度带里面（选学）
#
# 先看 $3x^2 + 2y$ 的图。两个粗框是变量，其余方框是运算和它的结果，深色的是最后结果；每条虚线箭头旁边，是沿着它传回来的数：

# %%
gt.draw_tape(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0)
plt.show()

# %% [markdown] lang="en"
# Now the same numbers from a persistent tape. Each intermediate result gets a name; printed are its value on the forward pass, and the derivative of $z$ with respect to it.

# %% [markdown] lang="zh"
# 再用持久梯度带求出同样的数。给每个中间结果起个名字，打印它在前向传播时的值，以及 $z$ 对它的导数。

# %%
with tf.GradientTape(persistent=True) as tape:
    a = x**2
    b = 3 * a
    c = 2 * y
    z = b + c

record = {"x": x, "y": y, "a = x²": a, "b = 3a": b, "c = 2y": c, "z = b + c": z}
for name, value in record.items():
    slope = tape.gradient(z, value)
    print(f"{name:9} = {value.numpy():4.1f}   dz/d{name[0]} = {slope:4.1f}")
del tape

# %% [markdown] lang="en"
# Read the last column from the bottom up: that is the backward pass. The derivative of $z$ with respect to itself is 1. The sum passes the 1 on to both of its parts, $b$ and $c$. At $b = 3a$ it is multiplied by 3, at the square by $2x = 4$, which makes $4 \times 3 \times 1 = 12$ at $x$. On the other branch, at $c = 2y$, it is multiplied by 2, which makes $2$ at $y$.
#
# One backward pass goes through every row of the table; six calls were made only to see each. That is why a list of sources costs hardly more than a single one, and why a million parameters can be trained at all.

# %% [markdown] lang="zh"
# 最后一列从下往上读，就是反向传播。$z$ 对自己的导数是 1。加法把这个 1 原样传给 $b$ 和 $c$。在 $b = 3a$ 这一步乘以 3，在平方这一步再乘以 $2x = 4$，到 $x$ 时是 $4 \times 3 \times 1 = 12$。另一支上，在 $c = 2y$ 这一步乘以 2，到 $y$ 时是 $2$。
#
# 反向传播一遍，就会经过表里的每一行；这里调用六次，只是为了把每一行都看清。所以一次求一串偏导数，代价并不比求一个大多少；百万参数的模型能训练，靠的就是这一点。

# %% [markdown] lang="en"
# In that graph each input had one path to $z$. Often there are several. In $z = xy + x$ the input $x$ is used twice.
#
# **Predict first.** At $x = 2$, $y = 3$: what arrives at $x$ along the product, what arrives along the sum, and what is the derivative? Write the last of the three below.

# %% [markdown] lang="zh"
# 上面每个输入到 $z$ 都只有一条路径。路径常常不止一条。在 $z = xy + x$ 里，$x$ 就用了两次。
#
# **先猜一猜。** 在 $x = 2$、$y = 3$ 处：沿乘法传到 $x$ 的是多少？沿加法传到 $x$ 的是多少？梯度带给出的又是多少？把最后这个数写在下面。

# %%
gt.predict("3.c", ...)

# %%
with tf.GradientTape() as tape:
    z = x * y + x

derivatives = tape.gradient(z, [x, y])
print([float(each) for each in derivatives])
gt.predict("3.c", outcome=derivatives[0])

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Along the product comes $y = 3$, along the bare $x$ comes $1$. Where paths meet, the contributions are **added**: $3 + 1 = 4$. This is the chain rule for several variables: multiply along a path, add where paths meet.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 沿乘法传来 $y = 3$，沿单独的 $x$ 传来 $1$。几条路径汇合时，把各条传来的值**加起来**：$3 + 1 = 4$。这就是多元函数的链式法则：沿路径相乘，汇合处相加。
#
# </details>

# %% [markdown] lang="en"
# Go through it step by step in the next figure: move the slider or press play, and look for the moment when 3 and 1 meet at `x`. (Where nothing can be moved, all steps stand in a table.)

# %% [markdown] lang="zh"
# 下面的图可以一步一步走：拖动滑块，或者按播放键，留意 3 和 1 在 `x` 处相加的那一刻。（在不能交互的页面里，所有步骤会列成一张表。）

# %%
gt.step_through_tape(lambda x, y: x * y + x, 2.0, 3.0)

# %% [markdown] lang="en"
# ## Several targets: the sum, or all of them
#
# So far $z$ was one number. Now compute three at once from a vector $p = (p_0, p_1)$:
#
# $$
# q = \left(p_0^2\, p_1,\ \ 5 p_0,\ \ p_1^3\right)
# $$
#
# Three results and two inputs make six derivatives. **Predict first:** how many numbers will `tape.gradient(q, p)` return?

# %% [markdown] lang="zh"
# ## 多个目标：要总和，还是要全部
#
# 到现在为止，$z$ 都是一个数。这回由向量 $p = (p_0, p_1)$ 一次算出三个数：
#
# $$
# q = \left(p_0^2\, p_1,\ \ 5 p_0,\ \ p_1^3\right)
# $$
#
# 三个结果，两个输入，一共六个导数。**先猜一猜：** `tape.gradient(q, p)` 会返回几个数？

# %%
gt.predict("3.d", ...)

# %%
p = tf.Variable([1.0, 2.0])

with tf.GradientTape(persistent=True) as tape:
    q = tf.stack([p[0] ** 2 * p[1], 5.0 * p[0], p[1] ** 3])

gradient = tape.gradient(q, p)
print(gradient.numpy())
gt.predict("3.d", outcome=tf.size(gradient))

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Two: a gradient always has the shape of its source. TensorFlow added the three results first and differentiated the sum $q_0 + q_1 + q_2$. The first entry is $2 p_0 p_1 + 5 + 0 = 9$, the second $p_0^2 + 0 + 3 p_1^2 = 13$.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 两个：梯度的形状总和源相同。TensorFlow 先把三个结果加在一起，再对总和 $q_0 + q_1 + q_2$ 求导。第一个数是 $2 p_0 p_1 + 5 + 0 = 9$，第二个数是 $p_0^2 + 0 + 3 p_1^2 = 13$。
#
# </details>

# %% [markdown] lang="en"
# That is harmless for a loss, which is one number already. All derivatives, each by itself, make up the *Jacobian*:

# %% [markdown] lang="zh"
# 损失本来就是一个数，所以没有影响。如果想要每一个导数，就求**雅可比矩阵**：

# %%
print(tape.jacobian(q, p).numpy())
del tape

# %% [markdown] lang="en"
# One row for each result, one column for each input: the entry in row $i$ and column $j$ is $\partial q_i / \partial p_j$ (the *numerator layout*). Read the first row: $\partial q_0/\partial p_0 = 2 p_0 p_1 = 4$ and $\partial q_0/\partial p_1 = p_0^2 = 1$. Add up each column and you get the gradient from before: $4 + 5 + 0 = 9$ and $1 + 0 + 12 = 13$.
#
# `gt.jacobian` does the same for a function; `gt.value_and_gradient` gives its value with the partial derivatives:

# %% [markdown] lang="zh"
# 一行对应一个结果，一列对应一个输入：第 $i$ 行第 $j$ 列是 $\partial q_i / \partial p_j$（即**分子布局**，numerator layout：行对应输出，列对应输入）。看第一行：$\partial q_0/\partial p_0 = 2 p_0 p_1 = 4$，$\partial q_0/\partial p_1 = p_0^2 = 1$。把每一列加起来，就是刚才的梯度：$4 + 5 + 0 = 9$，$1 + 0 + 12 = 13$。
#
# `gt.jacobian` 对函数做同样的事；`gt.value_and_gradient` 一次给出函数值和各个偏导数，不用自己写梯度带：

# %%
print(gt.jacobian(lambda p: tf.stack([p[0] ** 2 * p[1], 5.0 * p[0]]), [1.0, 2.0]))

value, (dz_dx, dz_dy) = gt.value_and_gradient(height, 2.0, 3.0)
print(value.numpy(), dz_dx.numpy(), dz_dy.numpy())

# %% [markdown] lang="en"
# ## Watch out
#
# ### gradient can be called once
#
# Leave out `persistent=True` and the second call fails: the record was released after the first.

# %% [markdown] lang="zh"
# ## 当心
#
# ### 普通的梯度带只能调用一次 gradient
#
# 不写 `persistent=True`，第二次调用就会出错：第一次之后记录已经释放了。

# %% tags=["raises-exception"]
with tf.GradientTape() as tape:
    z = 3 * x**2 + 2 * y

tape.gradient(z, x)
tape.gradient(z, y)

# %% [markdown] lang="en"
# Two repairs: one call with a list of sources, or a persistent tape. Prefer the list: one backward pass instead of two, and nothing is kept.

# %% [markdown] lang="zh"
# 有两种改法：把变量放进列表一次求完，或者用持久梯度带。最好用列表：只做一次反向传播，也不留下任何东西。

# %%
with tf.GradientTape() as tape:
    z = 3 * x**2 + 2 * y

print([float(each) for each in tape.gradient(z, [x, y])])

# %% [markdown] lang="en"
# ### A persistent tape keeps everything (optional)
#
# The record holds the intermediate results that the backward pass will need. As long as the tape exists, they stay in memory. A *weak reference* tells whether an object still exists, without keeping it in memory itself:

# %% [markdown] lang="zh"
# ### 持久梯度带保留全部中间结果（选学）
#
# 记录里存着反向传播要用的中间结果。只要梯度带还在，它们就一直占着内存。**弱引用**可以用来查看一个对象是否还在，而又不会把它留在内存里：

# %%
import weakref

with tf.GradientTape(persistent=True) as tape:
    a = tf.exp(x)
    z = a * a

still_there = weakref.ref(a)
del a
print(still_there() is not None)
del tape
print(still_there() is not None)

# %% [markdown] lang="en"
# The value of `a` stayed as long as the tape did. With one small number this does not matter. With the intermediate results of a network it can fill the memory of a GPU. So: `del tape` when the last gradient is computed, or make the tape in a function, at whose end it is released.

# %% [markdown] lang="zh"
# 梯度带在，`a` 的值就在；梯度带没了，它也没了。只有一个数，留着也无妨。换成神经网络的中间结果，GPU 的显存就可能被占满。所以求出最后一个梯度之后，要 `del tape`；或者把梯度带写在函数里，函数结束时它就释放了。

# %% [markdown] lang="en"
# ### None is not 0
#
# Forget the term $2y$, and $z$ does not depend on $y$ at all. On paper the derivative is 0. TensorFlow returns something else:

# %% [markdown] lang="zh"
# ### None 不等于 0
#
# 漏掉 $2y$ 这一项，$z$ 就和 $y$ 毫无关系了。在纸上，导数是 0；TensorFlow 返回的却是：

# %%
with tf.GradientTape() as tape:
    z = 3 * x**2

print(tape.gradient(z, [x, y]))

# %% [markdown] lang="en"
# `None` means *unconnected*: nothing on the record leads from `y` to `z`. That differs from 0 on purpose, because a missing connection is often a mistake: a parameter that never entered the model, say. Why a connection can be missing although the formula has one is the subject of lesson [9](09_when_gradients_go_missing.ipynb). When the 0 is what you mean, say so:

# %% [markdown] lang="zh"
# `None` 的意思是**未连接**（unconnected）：记录里从 `y` 到 `z` 没有连接。之所以不返回 0，是因为未连接往往就是写错了，比如某个参数根本没用进模型。公式里明明有关系，为什么会未连接？这是[第 9 课](09_when_gradients_go_missing.ipynb)的内容。如果 0 正是你想要的，就写明：

# %%
with tf.GradientTape() as tape:
    z = 3 * x**2

derivatives = tape.gradient(z, [x, y], unconnected_gradients="zero")
print([float(each) for each in derivatives])

# %% [markdown] lang="en"
# ### A vector target is summed without a warning
#
# You want the derivative of $\sin(t\,x)$ with respect to $x$, for three values of $t$. Compare the two rows:

# %% [markdown] lang="zh"
# ### 目标是向量，就会求和，没有警告
#
# 取三个不同的 $t$，想分别求出 $\sin(t\,x)$ 对 $x$ 的导数。对比下面两行：

# %%
t = tf.constant([0.0, 1.0, 2.0])

with tf.GradientTape(persistent=True) as tape:
    waves = tf.sin(t * x)

print("gradient:", tape.gradient(waves, x).numpy())
print("jacobian:", tape.jacobian(waves, x).numpy())
del tape

# %% [markdown] lang="en"
# Three results, one source: `gradient` gave one number, the sum of the three derivatives. No error, no warning. When the target is not a single number (a *scalar*), consider whether the sum is what you want.

# %% [markdown] lang="zh"
# 三个结果，一个源：`gradient` 只给一个数，就是三个导数的总和。没有报错，也没有警告。只要目标不是标量，就先想一想：要的是总和吗？

# %% [markdown] lang="en"
# ### Targets come first in a Jacobian (optional)
#
# The shape of a Jacobian is the shape of the target followed by the shape of the source. For a square one the shape does not show whether you read it the wrong way round; only the numbers do.

# %% [markdown] lang="zh"
# ### 雅可比矩阵里，目标在前（选学）
#
# 雅可比矩阵的形状，是目标的形状后面接上源的形状。如果是方阵，读反了从形状上看不出来，只能靠数字分辨。

# %%
with tf.GradientTape() as tape:
    q = tf.stack([p[0] + 10.0 * p[1], 100.0 * p[1]])

jacobian = tape.jacobian(q, p)
print(jacobian.numpy())
print("dq0/dp1 =", jacobian[0, 1].numpy())
print("dq1/dp0 =", jacobian[1, 0].numpy())

# %% [markdown] lang="en"
# $q_0$ contains $10\,p_1$, so $\partial q_0/\partial p_1 = 10$: row 0, column 1. $q_1$ does not contain $p_0$, and there stands a 0. A function with one dependence that you know, such as this, is a good check of any Jacobian.
#
# The target of `jacobian` has to be one tensor: put several into one by `tf.stack`. Sources may be a list, and then so is the result: for two scalar sources `[a, b]` it is two tensors, one column of the matrix each.

# %% [markdown] lang="zh"
# $q_0$ 里有 $10\,p_1$，所以 $\partial q_0/\partial p_1 = 10$，在第 0 行第 1 列。$q_1$ 里没有 $p_0$，对应的位置是 0。拿不准哪个是行、哪个是列时，用这样一个答案已知的函数试一下就清楚了。
#
# `jacobian` 的目标必须是一个张量：有好几个，就先用 `tf.stack` 合成一个。源写成列表，结果也是列表：源是两个标量 `[a, b]` 时，得到两个张量，各是矩阵的一列。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("03")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("3.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 3.1** (what will this print?) Work it out on paper, without running it:
#
# ```python
# x, y, w = tf.Variable(2.0), tf.Variable([3.0, 4.0]), tf.Variable(1.0)
# with tf.GradientTape() as tape:
#     z = x * y + x
# for slope in tape.gradient(z, [x, y, w]):
#     print(slope if slope is None else slope.numpy())
# ```
#
# Write the three lines as strings, in quotes, as `print` would write them: a number such as `"7.5"`, a vector such as `"[7.5 8.5]"`, and `None` as `"None"`.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("3.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 3.1**（读程序，写输出）先别运行，在纸上算：
#
# ```python
# x, y, w = tf.Variable(2.0), tf.Variable([3.0, 4.0]), tf.Variable(1.0)
# with tf.GradientTape() as tape:
#     z = x * y + x
# for slope in tape.gradient(z, [x, y, w]):
#     print(slope if slope is None else slope.numpy())
# ```
#
# 把三行输出写成字符串，加引号，照 `print` 的样子：单个数写成 `"7.5"`，向量写成 `"[7.5 8.5]"`，`None` 写成 `"None"`。

# %%
line_1 = ...
line_2 = ...
line_3 = ...
# BEGIN SOLUTION
line_1 = "9.0"
line_2 = "[2. 2.]"
line_3 = "None"
# END SOLUTION

# %%
gt.check("3.1", line_1, line_2, line_3)

# %% [markdown] lang="en"
# Then let a tape confirm your three lines.

# %% [markdown] lang="zh"
# 再用梯度带验证这三行。

# %%
# BEGIN SOLUTION
x, y, w = tf.Variable(2.0), tf.Variable([3.0, 4.0]), tf.Variable(1.0)
with tf.GradientTape() as tape:
    z = x * y + x
for slope in tape.gradient(z, [x, y, w]):
    print(slope if slope is None else slope.numpy())
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 3.2** (repair this) The function should return both partial derivatives of any $f(x, y)$ at a point, first the one with respect to $x$; and where $f$ does not use one of its inputs, a 0 for it. Called as it stands, it fails. Repair it where it stands.

# %% [markdown] lang="zh"
# **练习 3.2**（改错）这个函数应当返回任意 $f(x, y)$ 在一点处的两个偏导数，先是对 $x$ 的；如果 $f$ 没有用到某个输入，对它的导数就返回 0。现在这样写，一调用就报错。请直接在下面的代码上改。


# %%
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return [tape.gradient(z, x), tape.gradient(z, y)]


# BEGIN SOLUTION
def slopes(f, x, y):
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient(z, [x, y], unconnected_gradients="zero")


# END SOLUTION

# %%
gt.check("3.2", slopes)

# %% [markdown] lang="en"
# **Exercise 3.3** (find the direction) The temperature of a metal plate is $T = 20 + 5\,e^{-(x^2 + 2y^2)}$. An ant on it looks for warmth. Write `warmest(x, y)`: the direction in which the temperature rises fastest from $(x, y)$, two numbers that form a vector of length 1. At the origin, the warmest place, there is no such direction; the ant is never there.

# %% [markdown] lang="zh"
# **练习 3.3**（最速上升方向）一块金属板的温度是 $T = 20 + 5\,e^{-(x^2 + 2y^2)}$，板上有一只想取暖的蚂蚁。写出 `warmest(x, y)`：从 $(x, y)$ 出发，朝哪个方向走，温度上升得最快？返回两个数，合成一个长度为 1 的向量。原点处最暖，没有这样的方向；蚂蚁不会在那里。


# %%
def warmest(x, y):
    # BEGIN SOLUTION
    x, y = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        temperature = 20 + 5 * tf.exp(-(x**2 + 2 * y**2))
    gradient = tf.stack(tape.gradient(temperature, [x, y]))
    return gradient / tf.norm(gradient)
    # END SOLUTION


# %%
gt.check("3.3", warmest)

# %% [markdown] lang="en"
# **Exercise 3.4** (by hand, then by tape) Polar coordinates become Cartesian ones by $x = r\cos\varphi$, $y = r\sin\varphi$. Derive the $2 \times 2$ Jacobian of $(x, y)$ with respect to $(r, \varphi)$ by hand and write it as `polar_jacobian(r, phi)`, a list of two rows, with `tf.cos` and `tf.sin`, which take radians. Then let a tape confirm it at $r = 2$, $\varphi = \pi/6$. What is its determinant, and how does the area of a small patch of the plane, between $r$ and $r + \Delta r$ and between $\varphi$ and $\varphi + \Delta\varphi$, depend on it?

# %% [markdown] lang="zh"
# **练习 3.4**（先手算，再用梯度带）极坐标变成直角坐标：$x = r\cos\varphi$，$y = r\sin\varphi$。先动手推出 $(x, y)$ 关于 $(r, \varphi)$ 的 $2 \times 2$ 雅可比矩阵，写成 `polar_jacobian(r, phi)`，返回由两行组成的列表，余弦和正弦用 `tf.cos` 和 `tf.sin`，角度以弧度为单位。再在 $r = 2$、$\varphi = \pi/6$ 处用梯度带验证。它的行列式是多少？平面上 $r$ 与 $r + \Delta r$、$\varphi$ 与 $\varphi + \Delta\varphi$ 之间有一小块，它的面积和行列式有什么关系？


# %%
def polar_jacobian(r, phi):
    # BEGIN SOLUTION
    return [
        [tf.cos(phi), -r * tf.sin(phi)],
        [tf.sin(phi), r * tf.cos(phi)],
    ]
    # END SOLUTION


# %%
gt.check("3.4", polar_jacobian)

# %%
# BEGIN SOLUTION
p = tf.Variable([2.0, 3.14159265 / 6])
with tf.GradientTape() as tape:
    q = tf.stack([p[0] * tf.cos(p[1]), p[0] * tf.sin(p[1])])
by_tape = tape.jacobian(q, p)
print(by_tape.numpy())
print(tf.stack(polar_jacobian(p[0], p[1])).numpy())
print(f"{tf.linalg.det(by_tape):.4f}")
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# The determinant is $r\cos^2\varphi + r\sin^2\varphi = r$, here 2. It says how large a small patch is: between $r$ and $r + \Delta r$, and between $\varphi$ and $\varphi + \Delta\varphi$, the sides are about $\Delta r$ and $r\,\Delta\varphi$ long, so its area is about $r\,\Delta r\,\Delta\varphi$. The further out, the longer the way for the same turn.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 行列式是 $r\cos^2\varphi + r\sin^2\varphi = r$，这里等于 2。它说的是一小块面积有多大：在 $r$ 与 $r + \Delta r$、$\varphi$ 与 $\varphi + \Delta\varphi$ 之间的那一小块，两条边长约为 $\Delta r$ 和 $r\,\Delta\varphi$，面积约为 $r\,\Delta r\,\Delta\varphi$。离原点越远，转同样的角度走的路越长。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 3.5** (draw this) The ant stands at $(0.5, 0.5)$. Draw how fast $T$ rises there, per unit of length (the directional derivative), in every direction $\theta$ from 0 to $2\pi$, where $\theta = 0$ is the direction of $x$ and $\theta = \pi/2$ that of $y$. Take the rise from the gradient: measured with a step, as in the lesson, it is not exact enough. Put a marker on the curve at each of the two directions in which the directional derivative is 0. (The angle of an arrow $(a, b)$ is `tf.atan2(b, a)`.) The check wants the axes under the name `ax`.

# %% [markdown] lang="zh"
# **练习 3.5**（作图）蚂蚁站在 $(0.5, 0.5)$。在那里，沿每个方向 $\theta$ 走，$T$ 的方向导数（每走一个单位长度升多少）是多少？画出来，$\theta$ 从 0 到 $2\pi$；$\theta = 0$ 是 $x$ 方向，$\theta = \pi/2$ 是 $y$ 方向。方向导数要由梯度得到：像正文里那样走一小步去量，不够准。有两个方向的方向导数为 0，在曲线上给它们各画一个标记。（箭头 $(a, b)$ 的角度是 `tf.atan2(b, a)`。）请把图的 Axes 对象赋给 `ax`。

# %%
ax = ...
# BEGIN SOLUTION
x, y = tf.Variable(0.5), tf.Variable(0.5)
with tf.GradientTape() as tape:
    temperature = 20 + 5 * tf.exp(-(x**2 + 2 * y**2))
dT_dx, dT_dy = tape.gradient(temperature, [x, y])
angles = tf.linspace(0.0, 6.283185, 200)
_, ax = plt.subplots()
ax.plot(angles, dT_dx * tf.cos(angles) + dT_dy * tf.sin(angles))
ax.axhline(0.0, color="0.6", linewidth=0.8)
uphill = tf.atan2(dT_dy, dT_dx) % 6.283185
for angle in [uphill - 1.570796, uphill + 1.570796]:
    ax.plot(angle, 0.0, "o", color="C1")
ax.set(xlabel=r"$\theta$", ylabel=r"$\nabla T \cdot u$")
plt.show()
# END SOLUTION

# %%
gt.check("3.5", ax)

# %% [markdown] lang="en"
# ## Recap
#
# - A partial derivative changes one input and holds the others; all of them together are the gradient.
# - Give several sources in one call; the result has their structure. `persistent=True` is for calls that come later, and ends with `del tape`.
# - The gradient points where the function rises fastest, at right angles to the contour lines; its length is that fastest rise.
# - Backwards through the tape: multiply along a path, add where paths meet. No path means `None`.
# - `gradient` sums over targets. `jacobian` keeps them apart, targets first.
#
# Back to [2 · How automatic differentiation works](02_automatic_differentiation.ipynb) · On to [4 · Higher-order derivatives](04_higher_order_derivatives.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 偏导数只让一个输入变，其余不动；全部偏导数合在一起就是梯度。
# - 几个源一次求完，结果的结构和源相同。以后还要再求才用 `persistent=True`，用完 `del tape`。
# - 梯度指向函数上升最快的方向，与等高线垂直；它的长度就是最大的方向导数。
# - 沿记录往回算：沿路径相乘，汇合处相加。没有路径，就是 `None`。
# - `gradient` 对所有目标求和；`jacobian` 把它们分开，目标在前。
#
# 上一课：[2 · 自动求导是怎样工作的](02_automatic_differentiation.ipynb) · 下一课：[4 · 高阶导数](04_higher_order_derivatives.ipynb)
