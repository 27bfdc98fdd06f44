# ---
# jupyter:
#   gradtape:
#     minutes: 10
#     teaches:
#       en: a small lesson
#       zh: 一课小课
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 2 · The tape
#
# You need [lesson 1](01_before.ipynb).

# %% [markdown] lang="zh"
# # 2 · 梯度带
#
# 先学[第 1 课](01_before.ipynb)。

# %%
import matplotlib.pyplot as plt
import tensorflow as tf

import gradtape as gt

gt.start("02", lang="en")

# %% [markdown] lang="en"
# ## See it
#
# Nothing to hand in.

# %% [markdown] lang="zh"
# ## 看图
#
# 这里不用交作业。

# %%
print("not in the class")

# %% [markdown] lang="en"
# ## Exercises
#
# **Exercise 2.1** Write `backward(x)`, as in [lesson 1](01_before.ipynb).

# %% [markdown] lang="zh"
# ## 练习
#
# **练习 2.1** 写出 `backward(x)`，同[第 1 课](01_before.ipynb)。


# %%
def backward(x):
    # BEGIN SOLUTION
    dy_db = tf.exp(-(x**2))
    return dy_db, -dy_db, -2.0 * x * dy_db
    # END SOLUTION


# %%
gt.check("2.1", backward)

# %% [markdown] lang="en"
# Let a tape confirm it.

# %% [markdown] lang="zh"
# 用梯度带验证。

# %%
# BEGIN SOLUTION
x = tf.Variable(1.0)
with tf.GradientTape() as tape:
    y = tf.exp(-(x**2))
print(tape.gradient(y, x).numpy())
# END SOLUTION

# %% [markdown] lang="en"
# **Exercise 2.3** Draw it; hand over `ax`.

# %% [markdown] lang="zh"
# **练习 2.3** 画出来，交 `ax`。

# %%
ax = ...
# BEGIN SOLUTION
x = tf.linspace(-0.5, 4.5, 200)
f = lambda x: x**3 - 6 * x**2 + 9 * x
_, ax = plt.subplots()
ax.plot(x, f(x))
ax.plot([1.0, 3.0], [f(1.0), f(3.0)], "o")
plt.show()
# END SOLUTION

# %%
gt.check("2.3", ax)

# %% [markdown] lang="en"
# ## Recap
#
# - The tape records.

# %% [markdown] lang="zh"
# ## 小结
#
# - 梯度带会记录。
