"""Cells of a notebook in one line each."""

import nbformat


def heading(text):
    return nbformat.v4.new_markdown_cell(text, id="heading")


def code(source, outputs=(), count=1, tags=(), **settings):
    cell = nbformat.v4.new_code_cell(source, id=f"cell-{count}")
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    cell.execution_count = count
    if tags:
        cell.metadata.tags = list(tags)
    if settings:
        cell.metadata.gradtape = settings
    return cell


def unrun(source, count):
    cell = code(source, count=count)
    cell.execution_count = None
    return cell


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(text, kind="display_data", **data):
    output = {"output_type": kind, "data": {"text/plain": text, **data}, "metadata": {}}
    return output | ({"execution_count": 1} if kind == "execute_result" else {})


def error(name, message):
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}
