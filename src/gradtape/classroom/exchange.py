"""Keep nbgrader, which moves files on a shared server, from grading them."""

from nbgrader.preprocessors import NbGraderPreprocessor


class GradeWithGradtape(NbGraderPreprocessor):
    """Stop ``nbgrader autograde`` with a sentence."""

    def preprocess(self, notebook, resources):
        """Refuse to grade."""
        raise RuntimeError("grade this class with: gradtape class grade DIR")
