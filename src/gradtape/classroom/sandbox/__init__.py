"""Run what a learner handed in where it can touch nothing, and ask it for values.

``containers`` knows the command that starts such a process, ``fork_server`` has one ready,
``process`` speaks with it and ends it at its ``limits``, ``runner`` is what runs inside.
Between them travel ``values``, of which ``figures`` are a kind. Nothing that comes out is
believed.
"""
