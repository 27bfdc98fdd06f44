"""The pages that give a learner points and comments back."""

from nbconvert.exporters import HTMLExporter


class FeedbackOfClass(HTMLExporter):
    """Write a notebook that was graded as a page in the language of the class.

    It has a name of its own so that it can have settings of its own: those of
    ``HTMLExporter`` hold for the form, too, in which a teacher reads the answers.
    """
