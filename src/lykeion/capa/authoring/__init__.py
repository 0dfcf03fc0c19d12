"""The author's side of the problem language: a model for a visual editor, words for a text editor, checks."""
