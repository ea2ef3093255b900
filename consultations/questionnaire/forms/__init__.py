"""The forms of the builder, a module for each noun."""

from consultations.questionnaire.forms.change import ChangeQuestionForm
from consultations.questionnaire.forms.pages import PageForm, RoutesForm
from consultations.questionnaire.forms.questions import QuestionForm

__all__ = ["ChangeQuestionForm", "PageForm", "QuestionForm", "RoutesForm"]
