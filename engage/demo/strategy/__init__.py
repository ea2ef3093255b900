"""The draft Communities Strategy: its questions, answers, words and publication."""

from engage.demo.strategy import answers, publishing, questions, texts

__all__ = ["answers", "publishing", "questions", "texts"]
