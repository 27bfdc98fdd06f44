# ---
# jupyter:
#   gradtape:
#     minutes: 45
#     optional: 40
#     teaches:
#       en: training a model with the gradient of its loss
#       zh: 用损失函数的梯度训练模型
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 5 · Gradients in deep learning
#
# A model makes predictions; its parameters decide which. A **loss function** says with one number how wrong the predictions are. The gradient of the loss with respect to the parameters says, for each parameter, in which direction it has to change for the loss to fall. Training repeats one step: compute this gradient, and change all parameters a little against it.
#
# By the end you will be able to
#
# - compute the gradient of a loss by tape, and see what its sign says;
# - write a short training loop, and say what each line does;
# - tell from the path over the loss surface whether a learning rate is too small, right or too large, and why it then converges or diverges;
# - hand the updates to a Keras optimizer, and fit a small network to a curve in mini-batches, epoch by epoch;
# - recognise the mistakes that stop training;
# - in optional sections: compute that gradient by hand and by formula too, say what cross-entropy is, and where the border of the learning rate lies.
#
# You need lessons [2](02_automatic_differentiation.ipynb) and [3](03_several_variables.ipynb); one optional section uses lesson [4](04_higher_order_derivatives.ipynb). The core takes about 45 minutes to read, the sections marked *optional* another 40; the exercises come on top.

# %% [markdown] lang="zh"
# # 5 · 深度学习中的梯度
#
# 模型做预测，参数决定它预测什么。**损失函数**用一个数说明预测错得多厉害。损失对各个参数的梯度，说明每个参数往哪个方向变，损失才会减小。训练就是反复做一步：求这个梯度，再逆着它把所有参数改一点。
#
# 学完这一课，你能够
#
# - 用梯度带（gradient tape，也译梯度磁带、求导记录器）求损失的梯度，看懂它的符号；
# - 写出只有几行代码的训练循环，说清每一行的作用；
# - 从损失曲面上的路线，看出学习率是太小、合适还是太大，并说明它为什么收敛或发散；
# - 把更新交给 Keras 优化器，并用小批量、一轮一轮地训练一个小网络去拟合一条曲线；
# - 认出那些让训练停滞的错误；
# - 在选学的几节里：再用手算和公式求这个梯度，说出什么是交叉熵，学习率的上限在哪里。
#
# 请先学完第 [2](02_automatic_differentiation.ipynb) 课和第 [3](03_several_variables.ipynb) 课；有一节选学内容要用到第 [4](04_higher_order_derivatives.ipynb) 课。核心部分大约需要 45 分钟，标着“选学”的几节另需 40 分钟，练习的时间另算。

# %%
import gradtape as gt
import matplotlib.pyplot as plt
import tensorflow as tf

gt.start("05", lang="en")

# %% [markdown] lang="en"
# ## Fitting a line
#
# Four points: $x = 1, 2, 3, 4$ and $y = 2, 4, 6, 8$. The model is a straight line, $y = wx + b$, with two parameters, the weight $w$ and the bias $b$. You see at once that $w = 2$, $b = 0$ would be perfect. Training starts at $w = 0.5$, $b = 0.1$.
#
# The loss is the **mean squared error**: take the difference between prediction and truth at each point, square it, average.

# %% [markdown] lang="zh"
# ## 拟合一条直线
#
# 有四个点：$x = 1, 2, 3, 4$，$y = 2, 4, 6, 8$。模型是一条直线 $y = wx + b$，有两个参数：权重 $w$ 和偏置 $b$。一眼就能看出 $w = 2$、$b = 0$ 最好；训练从 $w = 0.5$、$b = 0.1$ 开始。
#
# 损失用**均方误差**：在每个点上求预测值与真实值之差，平方，再取平均。

# %%
w = tf.Variable(0.5)
b = tf.Variable(0.1)
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y_true = tf.constant([2.0, 4.0, 6.0, 8.0])

with tf.GradientTape() as tape:
    y = w * x + b
    loss = tf.reduce_mean(tf.square(y - y_true))

dL_dw, dL_db = tape.gradient(loss, [w, b])
print("loss  =", loss.numpy())
print("dL/dw =", dL_dw.numpy())
print("dL/db =", dL_db.numpy())

# %% [markdown] lang="en"
# - The forward pass computes four predictions, four errors and one loss. All of it is on the tape.
# - One `gradient` call with a list returns both derivatives. An ordinary tape is enough.
# - The data are constants, which are not watched: training changes the parameters.
#
# **Predict first.** Both derivatives are negative. Does the loss fall if $w$ is raised, or if it is lowered? And which of the two parameters matters more at this point? Run the next cell: it shows the choices for the first question; keep the second in mind.

# %% [markdown] lang="zh"
# - 前向传播算出四个预测、四个误差和一个损失，全都记在梯度带上。
# - 给 `gradient` 一个列表，一次就得到两个导数，普通的梯度带就够了。
# - 数据是常量，不受监视（watch）：训练改变的是参数，不是数据。
#
# **先猜一猜。** 两个导数都是负的。要让损失下降，$w$ 应该调大还是调小？在这一点上，哪个参数影响更大？运行下一个单元格，第一问的选项就会出现；第二问先记在心里。

# %%
gt.predict("5.a", ...)


# %%
def loss_at(w, b):
    return tf.reduce_mean(tf.square(w * x + b - y_true))


change_w = loss_at(0.51, 0.1) - loss_at(0.5, 0.1)
change_b = loss_at(0.5, 0.11) - loss_at(0.5, 0.1)
print(f"w + 0.01: {change_w:+.3f}")
print(f"b + 0.01: {change_b:+.3f}")

# %%
gt.predict("5.a", outcome=change_w)

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Raised: a negative derivative means that the loss falls when the parameter grows. The weight matters about three times as much, $-22$ against $-7.3$, since it is multiplied by $x$, which is up to 4, while the bias is only added. A step of 0.01 lowers the loss by about $0.22$ and $0.073$.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 调大：导数为负，说明参数变大时损失下降。权重的影响约为偏置的三倍（$-22$ 比 $-7.3$），因为权重要乘以 $x$，最大乘到 4，而偏置只是加上去。各走 0.01，损失大约下降 $0.22$ 和 $0.073$。
#
# </details>

# %% [markdown] lang="en"
# ## By hand, by formula, by tape (optional)
#
# A result is trusted once it has been checked. Write $e_i = w x_i + b - y_i$ for the error at point $i$. Then
#
# $$
# L = \frac{1}{4} \sum_i e_i^2, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{4} \sum_i e_i\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{4} \sum_i e_i
# $$
#
# By hand: the predictions are 0.6, 1.1, 1.6, 2.1, so the errors are $-1.4, -2.9, -4.4, -5.9$. Their squares are 1.96, 8.41, 19.36, 34.81, together 64.54, and a quarter of that is 16.135. The sum of $e_i x_i$ is $-1.4 - 5.8 - 13.2 - 23.6 = -44$, half of it $-22$. The sum of the errors is $-14.6$, half of it $-7.3$. Now the formula in code, and the library's one-line version:

# %% [markdown] lang="zh"
# ## 手算、公式、梯度带（选学）
#
# 结果要验证才放心。记 $e_i = w x_i + b - y_i$ 为第 $i$ 个点上的误差，那么
#
# $$
# L = \frac{1}{4} \sum_i e_i^2, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{4} \sum_i e_i\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{4} \sum_i e_i
# $$
#
# 手算：预测是 0.6、1.1、1.6、2.1，误差是 $-1.4, -2.9, -4.4, -5.9$。平方是 1.96、8.41、19.36、34.81，合计 64.54，四分之一就是 16.135。$e_i x_i$ 的和是 $-1.4 - 5.8 - 13.2 - 23.6 = -44$，一半是 $-22$。误差的和是 $-14.6$，一半是 $-7.3$。再看公式写成的代码，以及用 gradtape 库的一行写法：

# %%
error = w * x + b - y_true
print(tf.reduce_mean(2 * error * x).numpy(), tf.reduce_mean(2 * error).numpy())

value, gradient = gt.value_and_gradient(loss_at, 0.5, 0.1)
print(value.numpy(), *[slope.numpy() for slope in gradient])

# %% [markdown] lang="en"
# Three ways, one answer. For a line the formula is easy. For a network of twenty layers it would fill pages; with a tape the code stays the same.

# %% [markdown] lang="zh"
# 三种办法，结果相同。对一条直线，公式好写；对二十层的网络，公式要写好几页，而用梯度带的代码还是这几行。

# %% [markdown] lang="en"
# ## Inside the tape (optional)
#
# Here is the whole record of the loss at $w = 0.5$, $b = 0.1$. Look for the two bold frames, $w$ and $b$: no dashed arrow leads to the data, which are constants and get no gradient.

# %% [markdown] lang="zh"
# ## 梯度带里面（选学）
#
# 这是损失在 $w = 0.5$、$b = 0.1$ 处的全部记录。找到两个粗框，$w$ 和 $b$：数据是常量，梯度不传给它，所以没有虚线箭头通到数据。

# %%
gt.draw_tape(loss_at, 0.5, 0.1)
plt.show()

# %% [markdown] lang="en"
# Follow the loss back through its steps. The intermediates are vectors of four now, and so are the gradients with respect to them: one number for each point.

# %% [markdown] lang="zh"
# 从损失出发，一步步往回走。中间结果现在是四个数的向量，关于它们的梯度也是：每个点一个数。

# %%
with tf.GradientTape(persistent=True) as tape:
    product = w * x
    y = product + b
    e = y - y_true
    squared = tf.square(e)
    L = tf.reduce_mean(squared)

for name, step in {
    "wx": product,
    "y = wx + b": y,
    "e = y - y_true": e,
    "e²": squared,
}.items():
    back = tape.gradient(L, step)
    print(f"{name:14} {step.numpy().round(2)}   ∂L: {back.numpy().round(2)}")
print("∂L/∂w:", tape.gradient(L, w).numpy(), "  ∂L/∂b:", tape.gradient(L, b).numpy())
del tape

# %% [markdown] lang="en"
# The mean has the local derivative $\frac14$ with respect to each square. The square multiplies by $2e$: the point with the largest error, the last, contributes most to the gradient. The subtraction and the addition pass it on unchanged. Then, for $w$, what comes from the four points is multiplied by each point's $x$ and added; for $b$ it is added as it is. *Where paths meet, add*: that is the sum in the formula.

# %% [markdown] lang="zh"
# 取平均这一步，对每个平方的局部导数是 $\frac14$；平方再乘以 $2e$：误差最大的是最后一个点，它对梯度贡献最大；减法和加法原样传过去。最后，四个点传回的值各乘以自己的 $x$，加起来就是对 $w$ 的导数；直接加起来就是对 $b$ 的导数。**汇合处相加**：公式里的求和就是这么来的。

# %% [markdown] lang="en"
# ## Against the gradient
#
# The gradient points where the loss rises fastest, so the parameters are changed the other way, by a step proportional to it:
#
# $$
# w \leftarrow w - \eta\,\frac{\partial L}{\partial w}, \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}
# $$
#
# The factor $\eta$ is the **learning rate**. This is **gradient descent**. The loop below is complete: record, differentiate, update.

# %% [markdown] lang="zh"
# ## 逆着梯度走
#
# 梯度指向损失上升最快的方向，所以参数逆着梯度更新，每一步和梯度成正比：
#
# $$
# w \leftarrow w - \eta\,\frac{\partial L}{\partial w}, \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}
# $$
#
# 系数 $\eta$ 叫**学习率**。这种办法叫**梯度下降**。下面的循环就是全部：记录、求导、更新。

# %%
learning_rate = 0.05

for step in range(201):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * x + b - y_true))
    dL_dw, dL_db = tape.gradient(loss, [w, b])
    if step in (0, 1, 2, 20, 200):
        print(f"{step:3}  L = {loss:.5f}  w = {w.numpy():.4f}  b = {b.numpy():.4f}")
    w.assign_sub(learning_rate * dL_dw)
    b.assign_sub(learning_rate * dL_db)

# %% [markdown] lang="en"
# Two steps bring the loss from 16 to 0.06. The rest takes two hundred. Why so fast, and why so slow? The loss is a function of $w$ and $b$, so it can be drawn by its contour lines, with the path of the first 20 steps on it (the square is the start, the star the end):

# %% [markdown] lang="zh"
# 两步之后，损失就从 16 降到 0.06；剩下的却要两百步。为什么先快后慢？损失是 $w$ 和 $b$ 的函数，可以画出它的等高线，再画上前 20 步的路线（方块是起点，星号是终点）：

# %%
ax = gt.plot_descent(loss_at, (0.5, 0.1), learning_rate=0.05, steps=20)
ax.set(xlabel="$w$", ylabel="$b$")
plt.show()

# %% [markdown] lang="en"
# A long narrow valley. The first steps go down its steep side. From then on the path moves slowly along the bottom, where it is nearly flat. (Each step is at right angles to the contour line at its start. It does not look so, because the two axes have different scales.) A gradient describes the loss at one point; how the loss goes on further away, it does not say.
#
# ### The valley as a surface (optional)
#
# The same loss in three dimensions. Along the bottom of the valley lie parameters that do about as well: a larger slope of the line with a smaller intercept, or the other way round.

# %% [markdown] lang="zh"
# 这是一条又长又窄的山谷。头几步沿陡坡走下山谷一侧；之后就沿着几乎走平的谷底缓慢移动。（每一步都与起步处的等高线垂直；看上去不垂直，是因为两个轴的刻度不同。）梯度描述的只是一点处的情况，更远处损失怎样变化，从它看不出来。
#
# ### 山谷的立体图（选学）
#
# 同一个损失，画成立体的曲面。沿着谷底，各组参数的损失都差不多：直线的斜率大一点、截距小一点，或者斜率小一点、截距大一点。

# %%
ax = gt.plot_surface(loss_at, (0.0, 4.0), (-3.0, 3.0))
ax.set(xlabel="$w$", ylabel="$b$", zlabel="$L$")
plt.show()

# %% [markdown] lang="en"
# ## Too small, right, too large
#
# First in one dimension. Take the parabola $L(x) = \lambda x^2/2$. Its second derivative, in this course called the *curvature*, is the number $\lambda$, its derivative is $\lambda x$, and a step of gradient descent gives
#
# $$
# x \leftarrow x - \eta\,\lambda x = (1 - \eta\lambda)\,x
# $$
#
# Every step multiplies the distance from the minimum by the same factor, $1 - \eta\lambda$. Here is $\lambda = 4$, from $x = 1$, with four learning rates:

# %% [markdown] lang="zh"
# ## 太小、合适、太大
#
# 先看一维。取抛物线 $L(x) = \lambda x^2/2$，它的二阶导数是常数 $\lambda$，本课把它叫作**曲率**（严格说，只在顶点处等于曲线的曲率），一阶导数是 $\lambda x$，于是梯度下降的一步是
#
# $$
# x \leftarrow x - \eta\,\lambda x = (1 - \eta\lambda)\,x
# $$
#
# 每一步都把到最小值点的距离乘以同一个系数 $1 - \eta\lambda$。取 $\lambda = 4$，从 $x = 1$ 出发，试四个学习率：

# %%
curvature = 4.0
for rate in [0.05, 0.25, 0.45, 0.55]:
    x_now, path = 1.0, []
    for _ in range(5):
        path.append(f"{x_now:6.2f}")
        x_now = x_now - rate * curvature * x_now
    print(f"η = {rate:.2f}   1 - ηλ = {1 - rate * curvature:5.2f}  ", *path)

# %% [markdown] lang="en"
# With a factor near 0 the minimum is reached soon; with a factor near 1 it takes long; with a negative one the steps jump from one side to the other. As long as the factor lies between $-1$ and 1 the distance shrinks: the descent **converges**. Beyond, it **diverges**; at $-1$ exactly it jumps to and fro for ever. So for a parabola the learning rate must lie between 0 and $2/\lambda$, here 0.5.
#
# **Predict first.** On the loss of our line we try three learning rates from the same start: 0.002, 0.05 and 0.13. One is too slow, one converges, one diverges. What will the path of the last one look like?

# %% [markdown] lang="zh"
# 系数接近 0，很快就到最小值点；系数接近 1，要走很久；系数为负，就在两侧来回跳。只要系数在 $-1$ 和 1 之间，距离就会缩小，下降过程**收敛**；超出这个范围就**发散**；恰好等于 $-1$，就一直来回跳。所以对抛物线来说，学习率必须在 0 和 $2/\lambda$ 之间，这里 $2/\lambda$ 是 0.5。
#
# **先猜一猜。** 对前面拟合直线的损失，从同一个起点试三个学习率：0.002、0.05 和 0.13。一个太慢，一个收敛，一个发散。最后那个会走出什么样的路线？（想好了再往下看图。）

# %%
fig, axes = plt.subplots(1, 3)
for ax, rate in zip(axes, [0.002, 0.05, 0.13]):
    gt.plot_descent(loss_at, (0.5, 0.1), learning_rate=rate, steps=6, ax=ax)
    ax.set(xlabel="$w$", ylabel="$b$")
    ax.set_title(rf"$\eta = {rate}$", loc="right")
    ax.get_legend().remove()
plt.show()

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# It jumps across the valley, back and forth, and lands a little further out each time: across the valley the factor is below $-1$. Note the scales: the three pictures do not show the same region.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 它在山谷两侧来回跳，每次都落得更远一点：横穿山谷的方向上，系数小于 $-1$。注意坐标轴：三张图的范围并不相同。
#
# </details>

# %% [markdown] lang="en"
# ### The border in two dimensions (optional)
#
# A bowl over the plane such as $L = (\lambda_1 u^2 + \lambda_2 v^2)/2$ is a parabola along $u$ and another one along $v$, with the curvatures $\lambda_1$ and $\lambda_2$. Each coordinate has its own factor, $1 - \eta\lambda_1$ and $1 - \eta\lambda_2$, and the descent converges only if both lie between $-1$ and 1. The larger curvature decides.
#
# The valley of our line is such a bowl too, turned: its axes are not those of $w$ and $b$. The curvatures along the axes of a turned bowl are the *eigenvalues* of its Hessian, the matrix of second derivatives from lesson 4, and the axes themselves are its eigenvectors. `tf.linalg.eigvalsh` computes the eigenvalues of a symmetric matrix, the largest last:

# %% [markdown] lang="zh"
# ### 二维情形：学习率的上限（选学）
#
# 平面上的一个碗，比如 $L = (\lambda_1 u^2 + \lambda_2 v^2)/2$，沿 $u$ 是一条抛物线，沿 $v$ 是另一条，曲率分别是 $\lambda_1$ 和 $\lambda_2$。两个坐标各有各的系数 $1 - \eta\lambda_1$ 和 $1 - \eta\lambda_2$，两者都在 $-1$ 和 1 之间才收敛，起决定作用的是较大的曲率。
#
# 拟合直线的损失也是这样一个碗，只是转了个角度：它的轴不是 $w$ 轴和 $b$ 轴。转了角度的碗，沿自己的轴的曲率，就是第 4 课讲的二阶导数的矩阵，即黑塞矩阵（Hessian，又译海森矩阵）的**特征值**，轴的方向就是特征向量。`tf.linalg.eigvalsh` 求对称矩阵的特征值，最大的排在最后：

# %%
hessian = gt.hessian(lambda p: loss_at(p[0], p[1]), [0.5, 0.1])
curvatures = tf.linalg.eigvalsh(hessian)

print("λ     =", curvatures.numpy().round(2))
print("2/λ_2 =", round(2 / float(curvatures[1]), 3))

# %% [markdown] lang="en"
# 0.05 is below the border of about 0.12, and 0.13 just above it. The two curvatures also explain the slow part: across the valley 16.7, along it 0.3, smaller by a factor of 56. A rate that is safe across is slow along. This ratio is called the *condition number*; scaling the inputs and momentum (below) help against a large one, Adam (below) often does. (The loss of a network is no parabola: there the border changes on the way, and is found by trying.)

# %% [markdown] lang="zh"
# 上限约为 0.12：0.05 在上限之内，0.13 刚刚超出。两个曲率也解释了后来为什么慢：横向是 16.7，谷底方向是 0.3，相差 56 倍。在横向上安全的学习率，在谷底方向上就嫌太小。两者之比叫**条件数**；条件数太大时，对输入做缩放和用动量（见下文）有帮助，Adam（见下文）往往也有。（神经网络的损失不是抛物面，上限一路上会变，只能试出来。）

# %% [markdown] lang="en"
# ### The curve of the loss (optional)
#
# In practice one looks at the loss over the steps, on a logarithmic scale:

# %% [markdown] lang="zh"
# ### 损失曲线（选学）
#
# 实际工作中看的是损失随步数的变化，纵轴用对数坐标：


# %%
def losses(rate, steps=40):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    history = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = loss_at(w, b)
        history.append(loss.numpy())
        slope_w, slope_b = tape.gradient(loss, [w, b])
        w.assign_sub(rate * slope_w)
        b.assign_sub(rate * slope_b)
    return history


fig, ax = plt.subplots()
for rate, look in {0.002: "C0:", 0.05: "C2-", 0.13: "C3--"}.items():
    ax.semilogy(losses(rate), look, label=rf"$\eta = {rate}$")
ax.set(xlabel="$n$", ylabel="$L$")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# Falling steadily but slowly: raise the rate. Falling fast, then slowly: usual for one fixed rate in a narrow valley. Rising: diverging, so lower the rate, to a third or a tenth.

# %% [markdown] lang="zh"
# 一直在降但很慢：调大学习率。先快后慢：在窄谷里用固定的学习率，通常就是这样。往上升：在发散，把学习率降到三分之一或十分之一。

# %% [markdown] lang="en"
# ## An optimizer
#
# The two `assign_sub` lines are what a Keras *optimizer* does. You give it pairs of gradient and variable. `SGD` is the very rule that we wrote; its name stands for *stochastic gradient descent*, and what is stochastic about it the next section says.

# %% [markdown] lang="zh"
# ## 优化器
#
# 那两行 `assign_sub`，正是 Keras **优化器**所做的事。把梯度和变量配成对交给它就行。`SGD` 用的就是我们写的那条规则，它的全称是随机梯度下降（stochastic gradient descent），为什么叫“随机”，下一节就讲。

# %%
w, b = tf.Variable(0.5), tf.Variable(0.1)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)

for step in range(3):
    with tf.GradientTape() as tape:
        loss = loss_at(w, b)
    gradients = tape.gradient(loss, [w, b])
    print(f"{step}  L = {loss:.5f}  w = {w.numpy():.3f}  b = {b.numpy():.3f}")
    optimizer.apply_gradients(zip(gradients, [w, b]))

# %% [markdown] lang="en"
# The same numbers as before. Better rules fit into the same place.
#
# ### Momentum and Adam (optional)
#
# With **momentum** a step keeps a part of the step before it, $v \leftarrow \mu v - \eta\,\nabla L$, $w \leftarrow w + v$: where successive gradients agree, as along the bottom of a narrow valley, the steps add up; where they alternate, as across it, they cancel. (`Adam` also scales each parameter's step by the size of its recent gradients.) After 100 steps, without and with momentum:

# %% [markdown] lang="zh"
# 数字和之前一样。要用更好的更新规则，换一个优化器就行。
#
# ### 动量和 Adam（选学）
#
# 用**动量**（momentum）时，每一步保留上一步的一部分：$v \leftarrow \mu v - \eta\,\nabla L$，$w \leftarrow w + v$。相继的梯度方向一致时（顺着窄谷的谷底），步子累加；来回变号时（横穿窄谷），就互相抵消。（`Adam` 还按每个参数近来梯度的大小来缩放它的步子。）走 100 步之后，不用动量和用动量：


# %%
def loss_after(optimizer, steps=100):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = loss_at(w, b)
        optimizer.apply_gradients(zip(tape.gradient(loss, [w, b]), [w, b]))
    return loss_at(w, b).numpy()


plain = loss_after(tf.keras.optimizers.SGD(0.05))
with_momentum = loss_after(tf.keras.optimizers.SGD(0.05, momentum=0.8))
print(f"SGD {plain:.0e}   SGD + momentum {with_momentum:.0e}")

# %% [markdown] lang="en"
# ## Mini-batches and epochs
#
# Our loss is the mean over four examples. Over a million, one gradient of it is costly. But the mean over a part of the examples, a **mini-batch**, drawn at random, has a gradient that is right on average (an *unbiased estimate*). Here are two equal halves of our data, with the derivative with respect to $w$:

# %% [markdown] lang="zh"
# ## 小批量和轮次
#
# 我们的损失是对四个样本的平均。如果有一百万个样本，求一次梯度就很费时。不过，只对随机抽取的一部分样本（一个**小批量**，mini-batch）求平均，得到的梯度是全部样本上的梯度的**无偏估计**，也就是平均起来恰好等于它。下面把数据分成相等的两半，分别对 $w$ 求导：

# %%
w, b = tf.Variable(0.5), tf.Variable(0.1)
derivatives = []

for part in (slice(0, 2), slice(2, 4)):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * x[part] + b - y_true[part]))
    derivatives.append(float(tape.gradient(loss, w)))
print([round(each, 2) for each in derivatives], round(sum(derivatives) / 2, 2))

# %% [markdown] lang="en"
# Neither $-7.2$ nor $-36.8$ is the derivative of the whole loss, but their mean is $-22$. Training on mini-batches in random order is therefore called *stochastic* gradient descent. One pass through all examples is an **epoch**. The steps are noisy, and there are many more of them for the same work.
#
# ## A small network
#
# A line cannot bend, so now a network with one hidden *layer*. Each of its 16 *units* (neurons) computes $\tanh(w_i x + b_i)$ with a weight and a bias of its own; the *activation function* $\tanh$ is what makes the model nonlinear. The output is a weighted sum of the 16, plus a bias. That makes 16 + 16 parameters in the first layer and 16 + 1 in the second, 49 in all. In Keras each layer is a `Dense`.
#
# A layer expects a table with one example a row, so the 64 points must become a column: `[:, tf.newaxis]` turns the shape `(64,)` into `(64, 1)`. `Dataset` shuffles the examples anew in each epoch and cuts them into mini-batches of 16. The task is $\sin$ on $(-3, 3)$. The training step is the one that you know, with another optimizer, `Adam`; `@tf.function` makes it faster, and computes the same.

# %% [markdown] lang="zh"
# $-7.2$ 和 $-36.8$ 都不是整个损失的导数，但两者的平均正是 $-22$。按随机顺序用小批量训练，所以叫**随机**梯度下降。把全部样本过一遍，叫一**轮**（epoch，也译轮次、迭代周期）。小批量的每一步都带有噪声，但同样的计算量可以走更多步。
#
# ## 一个小网络
#
# 直线不会拐弯，所以换成有一个隐藏**层**（layer）的网络。它有 16 个**单元**（神经元），每个单元算一个 $\tanh(w_i x + b_i)$，权重和偏置各不相同；有了非线性的**激活函数** $\tanh$，模型才是非线性的。输出是这 16 个数的加权和，再加偏置。一共 49 个参数：第一层 16 个权重、16 个偏置，第二层 16 个权重、1 个偏置。在 Keras 里，这两层都是 `Dense`。
#
# 层的输入是一张表，一行一个样本，所以 64 个点要排成一列：`[:, tf.newaxis]` 把形状 `(64,)` 变成 `(64, 1)`。`Dataset` 在每一轮里重新打乱样本，再切成每批 16 个的小批量。任务是 $(-3, 3)$ 上的 $\sin$。训练步骤还是你认识的那个，只是换了优化器 `Adam`；`@tf.function` 让它更快，算的东西不变。（D2L《动手学深度学习》的“从零开始实现”，用的也是这个循环。）

# %%
tf.keras.utils.set_random_seed(0)
points = tf.linspace(-3.0, 3.0, 64)[:, tf.newaxis]
goal = tf.sin(points)
batches = tf.data.Dataset.from_tensor_slices((points, goal)).shuffle(64).batch(16)

# %%
network = tf.keras.Sequential(
    [tf.keras.layers.Dense(16, activation="tanh"), tf.keras.layers.Dense(1)]
)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)
before = network(points)


# %% tags=["rtol=0.5", "atol=0.01"]
@tf.function
def training_step(x, y_true):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(network(x) - y_true))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables))
    return loss


history = []
for epoch in range(300):
    losses_of_epoch = [training_step(x, y).numpy() for x, y in batches]
    history.append(sum(losses_of_epoch) / len(losses_of_epoch))
print(f"{history[0]:.1f} ... {history[-1]:.3f}")

# %% [markdown] lang="en"
# In 300 epochs of 4 mini-batches each the loss has fallen far. What has the network learned? The task is dark, the network before training dotted, after it dashed:

# %% [markdown] lang="zh"
# 训练了 300 轮，每轮 4 个小批量，损失降了很多。网络学到了什么？下图中深色的是目标，点线是训练前的网络，虚线是训练后的网络：

# %% tags=["rtol=0.1", "atol=0.2"]
fig, ax = plt.subplots()
ax.plot(points, goal, color="0.15", label=r"$\sin x$")
ax.plot(points, before, ":", color="C0", label="$f_0(x)$")
ax.plot(points, network(points), "--", color="C1", label="$f(x)$")
ax.set(xlabel="$x$")
ax.legend(loc="upper left")
plt.show()

# %% [markdown] lang="en"
# It is furthest off at the left end: 300 epochs did not finish the fit. A small loss on the training data does not promise a small loss on other data: whether a model **generalises** is judged on examples that were kept out of training.
#
# ## Classes: cross-entropy (optional)
#
# A network that chooses among classes gives one number for each, the *logits* $z_i$. The softmax turns them into probabilities, $p_i = e^{z_i} / \sum_j e^{z_j}$. The usual loss is the **cross-entropy**, $L = -\ln p_c$, where $c$ is the right class: 0 if $p_c = 1$, and large if $p_c$ is small. Here are three classes, of which the second (number 1) is right:

# %% [markdown] lang="zh"
# 左端差得最多：300 轮还不够。训练数据上损失小，不保证别的数据上损失也小：模型的**泛化**能力，要用没有参与训练的样本来检验。
#
# ## 分类：交叉熵（选学）
#
# 做分类的网络，给每个类别输出一个数，叫 *logits*（未规范化的预测），记作 $z_i$。softmax 把它们变成概率 $p_i = e^{z_i} / \sum_j e^{z_j}$。常用的损失是**交叉熵** $L = -\ln p_c$，其中 $c$ 是正确的类别：$p_c = 1$ 时损失是 0，$p_c$ 越小损失越大。下面有三个类别，正确的是第二个（编号 1）：

# %%
logits = tf.Variable([[2.0, 1.0, -1.0]])
label = tf.constant([1])

with tf.GradientTape() as tape:
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(label, logits)

print("p     =", tf.nn.softmax(logits).numpy().round(3))
print("L     =", loss.numpy().round(3))
print("dL/dz =", tape.gradient(loss, logits).numpy().round(3))

# %% [markdown] lang="en"
# The gradient is $p$ with 1 subtracted at the right class. This shows it: $L = -\ln p_c = \ln \sum_j e^{z_j} - z_c$, and the derivative of the logarithm of the sum with respect to $z_i$ is $e^{z_i}/\sum_j e^{z_j} = p_i$. A step against it raises the right logit and lowers the others, each in proportion to how much its probability is off. Let TensorFlow compute softmax and logarithm in one function, from the logits: with a separate `tf.math.log`, a probability that is rounded to 0 gives an infinite loss.
#
# ## Faster with tf.function (optional)
#
# So far most calculations ran *eagerly*, one operation after the other from Python. Under the decorator `@tf.function` TensorFlow runs the Python code on the first call, once for each new combination of shapes and dtypes, and for each new plain Python value, and *traces* which operations it causes, forward and backward, as a graph. Later calls execute the graph and skip Python. Here is a count of how often Python is really executed:

# %% [markdown] lang="zh"
# 梯度等于 $p$ 在正确的类别处减去 1。推导很短：$L = -\ln p_c = \ln \sum_j e^{z_j} - z_c$，而对数那一项对 $z_i$ 的导数是 $e^{z_i}/\sum_j e^{z_j} = p_i$。逆着梯度走一步，正确类别的 logit 变大，其余的变小，变多少取决于概率差多少。softmax 和对数要用同一个函数由 logits 直接算出：如果另写 `tf.math.log`，概率一旦舍入成 0，损失就是无穷大。
#
# ## 用 tf.function 提速（选学）
#
# 前面的计算大多是**即时执行**（eager execution，即动态图），由 Python 一个运算一个运算地调用。加上装饰器 `@tf.function`，TensorFlow 在第一次调用时（形状和数据类型的每种新组合各一次，每个新的 Python 数值也各一次）把 Python 代码跑一遍，把由此产生的运算，前向的和反向的，**构建成计算图**；之后的调用只执行这张图，不再经过 Python，这叫**图执行**（静态图）。数一数 Python 代码究竟执行了几次：

# %%
runs = []


@tf.function
def square(x):
    runs.append("python")
    return x * x


for number in range(5):
    square(tf.constant(float(number)))
print(len(runs))

for number in range(3):
    square(float(number))
print(len(runs))

# %% [markdown] lang="en"
# Five calls with tensors ran Python once. Three calls with plain Python numbers ran it three more times, since each number makes a new graph. Give a `tf.function` tensors, and create it once, outside the loop: each new one makes a new graph. A second consequence: a `print` or a list operation in it happens while the graph is traced, and not afterwards.
#
# ## Watch out
#
# When a loss does not fall, one of these is often to blame. Lesson [9](09_when_gradients_go_missing.ipynb) finds the cause by four questions.
#
# ### A loss for every example
#
# Forget the mean, and the target is a vector. The tape sums it, and every gradient is four times as large, because there are four examples:

# %% [markdown] lang="zh"
# 用张量调用五次，Python 只执行了一次；用普通的 Python 数调用三次，又执行了三次，因为每个数都要另外构建一张计算图。传给 `tf.function` 函数的参数要用张量；这样的函数要在循环外面定义，只定义一次，否则每次都要重新构建计算图。还有一点：里面的 `print` 或列表操作，只在构建计算图的时候执行，之后不再执行。
#
# ## 当心
#
# 损失降不下来，往往是犯了下面某个错。[第 9 课](09_when_gradients_go_missing.ipynb)用四个问题来查找原因。
#
# ### 每个样本一个损失
#
# 忘了取平均，目标就成了向量。梯度带会对它求和，每个梯度都变成四倍，因为有四个样本：

# %%
w, b = tf.Variable(0.5), tf.Variable(0.1)
x = tf.constant([1.0, 2.0, 3.0, 4.0])
with tf.GradientTape() as tape:
    loss = tf.square(w * x + b - y_true)

print(loss.shape, tape.gradient(loss, w).numpy())

# %% [markdown] lang="en"
# $-88$ instead of $-22$: as if the learning rate were four times as large. The 0.05 of this lesson then acts like 0.2, more than the 0.13 that diverged above. Reduce the loss to one number yourself.
#
# ### A weight that is replaced

# %% [markdown] lang="zh"
# 是 $-88$ 而不是 $-22$：好像学习率变成了原来的四倍。本课的 0.05 就相当于 0.2，比前面发散的 0.13 还大。请自己把损失变成一个数。
#
# ### 权重被换掉了

# %%
w = tf.Variable(0.5)
with tf.GradientTape() as tape:
    loss = loss_at(w, 0.1)
w = w - 0.05 * tape.gradient(loss, w)

with tf.GradientTape() as tape:
    loss = loss_at(w, 0.1)
print(tape.gradient(loss, w))

# %% [markdown] lang="en"
# The first update replaced the variable by a tensor, which the second tape does not watch. Write `w.assign_sub(...)`.
#
# ### A result kept in a variable (optional)
#
# `assign` belongs *between* two steps. Inside a calculation it cuts the connection: it takes over a value, and nothing records where the value came from. Here the weight of the line is computed from `w` and kept in a variable:

# %% [markdown] lang="zh"
# 第一次更新把变量换成了张量，第二个梯度带不会自动监视张量。要写 `w.assign_sub(...)`。
#
# ### 把中间结果存进变量（选学）
#
# `assign` 该用在两步**之间**。写在计算里面，连接就断了：它只接收数值，没有记录数值是怎样算出来的。下面由 `w` 算出直线的权重，存进一个变量：

# %%
w = tf.Variable(0.5)
doubled = tf.Variable(0.0)

with tf.GradientTape() as tape:
    doubled.assign(2.0 * w)
    loss = loss_at(doubled, 0.1)
print(tape.gradient(loss, w))

with tf.GradientTape() as tape:
    loss = loss_at(2.0 * w, 0.1)
print(f"{tape.gradient(loss, w):.1f}")

# %% [markdown] lang="en"
# The loss is the same in both blocks. Only in the second is it on record how it came from `w`. Between source and target, keep results in tensors.
#
# ## Keras has rules of its own (optional)
#
# ### Parameters that do not learn
#
# Some layers hold numbers that are not trained: batch normalisation keeps running means and variances. `model.variables` contains them, and their gradient is `None`:

# %% [markdown] lang="zh"
# 两段代码里的损失一样大，但只有第二段记录了它是怎样由 `w` 算来的。从源到目标，中间结果要用张量。
#
# ## Keras 自己的规则（选学）
#
# ### 不参与训练的参数
#
# 有些层里存着不训练的数，比如批归一化要存滑动平均和滑动方差。`model.variables` 里有它们，它们的梯度是 `None`：

# %%
model = tf.keras.Sequential(
    [tf.keras.layers.Dense(2), tf.keras.layers.BatchNormalization()]
)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(tf.ones((4, 3)), training=True) - 1.0))

for variable, gradient in zip(model.variables, tape.gradient(loss, model.variables)):
    print(f"{variable.name:16}", "None" if gradient is None else gradient.shape)

# %% [markdown] lang="en"
# Differentiate with respect to `model.trainable_variables`.
#
# ### A variable that Keras does not find
#
# In Keras 3 a plain `tf.Variable` inside a layer is in no list. Nothing fails; it is never trained. `add_weight` puts it there:

# %% [markdown] lang="zh"
# 求导时用 `model.trainable_variables`。
#
# ### Keras 找不到的变量
#
# 在 Keras 3 里，直接放进层里的 `tf.Variable` 不在任何列表里。不会报任何错，只是这个变量永远不会被训练。改用 `add_weight`，它就在列表里了：


# %%
class PlainVariable(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(1.0)

    def call(self, x):
        return self.scale * x


class AddedWeight(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(initializer="ones", name="scale")

    def call(self, x):
        return self.scale * x


print(len(PlainVariable().trainable_variables), len(AddedWeight().trainable_variables))

# %% [markdown] lang="en"
# ### One optimizer for two models
#
# An optimizer keeps a state for each variable, made at the first call, and refuses a variable that it has not met then:

# %% [markdown] lang="zh"
# ### 一个优化器用于两个模型
#
# 优化器为每个变量保存一份状态，第一次调用时就建好了；那时没有的变量，它不接受：

# %% tags=["raises-exception"]
first, second = tf.Variable(1.0), tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)

optimizer.apply_gradients([(tf.constant(1.0), first)])
optimizer.apply_gradients([(tf.constant(1.0), second)])

# %% [markdown] lang="en"
# Make a new optimizer for each model, or name all variables beforehand with `optimizer.build([...])`.

# %% [markdown] lang="zh"
# 给每个模型各建一个优化器，或者事先用 `optimizer.build([...])` 列出全部变量。

# %% [markdown] lang="en"
# ## Quiz
#
# Three questions on what you have read. Click an answer, and below it stands why it is right or wrong. Nothing is kept.

# %% [markdown] lang="zh"
# ## 小测验
#
# 三道题，问的都是刚读过的内容。点一个答案，下面就写着它为什么对、为什么不对。选了什么不会留下记录。

# %%
gt.quiz("05")

# %% [markdown] lang="en"
# ## Exercises
#
# Write your work in place of `...`, run the cell, then the check below it. `gt.hint("5.1")` gives three hints, one after the other; `gt.progress()` shows what is done.
#
# **Exercise 5.1** (by hand, then by tape) Write `slopes(w, b, x, y_true)` without a tape: the two derivatives of the mean squared error of $wx + b$, first with respect to $w$, then with respect to $b$. `x` and `y_true` are vectors of any length; the check tries several.

# %% [markdown] lang="zh"
# ## 练习
#
# 在 `...` 处写上你的解答，运行单元格，再运行下面的检查。`gt.hint("5.1")` 一次给一条提示，共三条；`gt.progress()` 显示已完成的练习。
#
# **练习 5.1**（先手算，再用梯度带）不用梯度带，写出 `slopes(w, b, x, y_true)`：$wx + b$ 的均方误差的两个导数，先是对 $w$ 的，后是对 $b$ 的。`x` 和 `y_true` 是向量，长度不限；检查会试几种长度。


# %%
def slopes(w, b, x, y_true):
    # BEGIN SOLUTION
    e = w * x + b - y_true
    return 2 * tf.reduce_mean(e * x), 2 * tf.reduce_mean(e)
    # END SOLUTION


# %%
gt.check("5.1", slopes)

# %% [markdown] lang="en"
# Now let a tape confirm the numbers of the lesson, $-22$ and $-7.3$.

# %% [markdown] lang="zh"
# 再用梯度带验证正文里的两个数，$-22$ 和 $-7.3$。

# %%
# BEGIN SOLUTION
x = tf.constant([1.0, 2.0, 3.0, 4.0])
y_true = tf.constant([2.0, 4.0, 6.0, 8.0])
w, b = tf.Variable(0.5), tf.Variable(0.1)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(w * x + b - y_true))
for by_tape, by_hand in zip(tape.gradient(loss, [w, b]), slopes(0.5, 0.1, x, y_true)):
    print(f"{by_tape:.4f} {by_hand:.4f}")
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 5.2** (repair this) The function should train the line from $w = 0.5$, $b = 0.1$ for a number of steps, and return both parameters. It gives no error, and the loss does not move. There is one mistake. Repair it where it stands.

# %% [markdown] lang="zh"
# **练习 5.2**（改错）这个函数应当从 $w = 0.5$、$b = 0.1$ 出发，把直线训练若干步，返回两个参数。它不报错，损失却一动不动。只有一处错，请直接在下面的代码上改。


# %%
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable = variable - learning_rate * slope
    return w.numpy(), b.numpy()


# BEGIN SOLUTION
def train(x, y_true, learning_rate, steps):
    w, b = tf.Variable(0.5), tf.Variable(0.1)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(w * x + b - y_true))
        for variable, slope in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(learning_rate * slope)
    return w.numpy(), b.numpy()


# END SOLUTION

# %%
gt.check("5.2", train)

# %% [markdown] lang="en"
# **Exercise 5.3** (one typing error) In a table of data one value stands as 80 instead of 8. How much does this point contribute to the gradient? Write `pulls(y, y_true)`, which returns two vectors: the gradient of the mean squared error with respect to the predictions `y`, and that of the mean absolute error, `tf.reduce_mean(tf.abs(y - y_true))`. `y` is a constant.

# %% [markdown] lang="zh"
# **练习 5.3**（异常值）数据表里有个数输错了，8 写成了 80。这个点对梯度的贡献有多大？写出 `pulls(y, y_true)`，返回两个向量：均方误差对预测 `y` 的梯度，以及平均绝对误差 `tf.reduce_mean(tf.abs(y - y_true))` 对 `y` 的梯度。传进来的 `y` 是常量。


# %%
def pulls(y, y_true):
    # BEGIN SOLUTION
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(y)
        squares = tf.reduce_mean(tf.square(y - y_true))
        sizes = tf.reduce_mean(tf.abs(y - y_true))
    return tape.gradient(squares, y), tape.gradient(sizes, y)
    # END SOLUTION


# %%
gt.check("5.3", pulls)

# %% [markdown] lang="en"
# Print both vectors for `y` = 2.1, 3.9, 6.2, 7.8 and `y_true` = 2, 4, 6, 80. Which loss is dominated by the last point, and which one gives it the same weight as each of the others?

# %% [markdown] lang="zh"
# 对 `y` = 2.1、3.9、6.2、7.8 和 `y_true` = 2、4、6、80 打印这两个向量。哪个损失的梯度几乎由最后一个点决定？哪个给它的份量和其他各点一样？

# %%
# BEGIN SOLUTION
for pull in pulls(tf.constant([2.1, 3.9, 6.2, 7.8]), tf.constant([2.0, 4, 6, 80])):
    print(pull.numpy().round(2))
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 5.4** (the border, goes with the optional section) Write `largest_rate(x)`: the learning rate below which gradient descent on the mean squared error of $wx + b$ does not diverge, for any vector `x` of inputs. Then shift and scale the four inputs of the lesson, $u = (x - 2.5)/1.118$. Below what does the rate have to stay now, and what has become of the two curvatures?

# %% [markdown] lang="zh"
# **练习 5.4**（学习率的上限，配合选学的一节）写出 `largest_rate(x)`：对任意的输入向量 `x`，学习率小于多少，$wx + b$ 的均方误差上的梯度下降就不会发散？然后把正文里的四个输入平移再缩放，$u = (x - 2.5)/1.118$。现在学习率要小于多少？两个曲率变成了什么样？


# %%
def largest_rate(x):
    # BEGIN SOLUTION
    def loss(p):
        return tf.reduce_mean(tf.square(p[0] * x + p[1]))

    return 2 / tf.linalg.eigvalsh(gt.hessian(loss, [0.0, 0.0]))[1]
    # END SOLUTION


# %%
gt.check("5.4", largest_rate)

# %%
# BEGIN SOLUTION
inputs = tf.constant([1.0, 2.0, 3.0, 4.0])
print(f"{largest_rate(inputs):.3f} {largest_rate((inputs - 2.5) / 1.118):.3f}")
# END SOLUTION

# %% [markdown] lang="en"
# <details>
# <summary>Answer</summary>
#
# Below 1 instead of 0.12. The mean of $u$ is 0 and the mean of $u^2$ is 1, so both curvatures are 2: no direction is steeper than another, and one rate suits both parameters.
#
# </details>

# %% [markdown] lang="zh"
# <details>
# <summary>答案</summary>
#
# 要小于 1，原来是 0.12。$u$ 的平均是 0，$u^2$ 的平均是 1，所以两个曲率都是 2：没有哪个方向更陡，同一个学习率对两个参数都合适。
#
# </details>

# %% [markdown] lang="en"
# **Exercise 5.5** (draw this) The losses of a line have one valley. The loss of a network may have many, and then the start decides. Take $f(x) = x^4 - 4x^2 + x$ and 100 steps with $\eta = 0.02$, once from $-2$ and once from $2$. Draw $f$ on $(-2, 2)$ with a marker on the curve where each of the two runs ends. The check wants the axes under the name `ax`. From which start does it end lower?

# %% [markdown] lang="zh"
# **练习 5.5**（作图）拟合直线的损失只有一个谷。网络的损失可能有许多谷，落进哪一个要看起点。取 $f(x) = x^4 - 4x^2 + x$，用 $\eta = 0.02$ 走 100 步，一次从 $-2$ 出发，一次从 $2$ 出发。在 $(-2, 2)$ 上画出 $f$，并在曲线上给两次的终点各画一个标记。请把图的 Axes 对象赋给 `ax`。从哪个起点出发，终点更低？

# %%
ax = ...
# BEGIN SOLUTION


def f(x):
    return x**4 - 4 * x**2 + x


def end(start):
    x = tf.Variable(start)
    for _ in range(100):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(0.02 * tape.gradient(y, x))
    return x.numpy()


ax = gt.plot_derivatives(f, (-2.0, 2.0), order=0, mark=())
for start in [-2.0, 2.0]:
    ax.plot(end(start), f(end(start)), "o")
    print(f"{start} -> {end(start):.3f}   f = {f(end(start)):.3f}")
plt.show()
# END SOLUTION

# %%
gt.check("5.5", ax)

# %% [markdown] lang="en"
# ## Recap
#
# - A loss turns the errors of a model into one number; its gradient with respect to the parameters is what training uses.
# - The loop: record, one `gradient` call, update against the gradient with `assign_sub` or an optimizer.
# - On a quadratic loss, gradient descent converges if the learning rate is between 0 and $2/\lambda$, with $\lambda$ the largest curvature; narrow valleys make it slow.
# - Mini-batches drawn at random give gradients that are right on average; an epoch is one pass through the data. For classes the loss is the cross-entropy, computed from logits.
# - Reduce the loss to a number, update in place, ask for `trainable_variables`.
#
# Back to [4 · Higher-order derivatives](04_higher_order_derivatives.ipynb) · On to [6 · Summary](06_summary.ipynb)

# %% [markdown] lang="zh"
# ## 小结
#
# - 损失把模型的误差变成一个数；它对参数的梯度，就是训练要用的东西。
# - 循环：记录，一次 `gradient`，再用 `assign_sub` 或优化器逆着梯度更新。
# - 对二次函数形式的损失，学习率在 0 和 $2/\lambda$ 之间时梯度下降收敛，$\lambda$ 是最大的曲率；山谷窄，训练就慢。
# - 随机抽取的小批量，它的梯度是全部样本上的梯度的无偏估计；一轮就是把数据过一遍。分类的损失用交叉熵，由 logits 直接算出。
# - 损失要变成一个数，更新要原地进行（用 `assign_sub`，不要重新赋值），求导要用 `trainable_variables`。
#
# 上一课：[4 · 高阶导数](04_higher_order_derivatives.ipynb) · 下一课：[6 · 总结](06_summary.ipynb)
