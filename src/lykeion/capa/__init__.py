"""The problem language: Open edX's CAPA, read, graded and rendered without Django and without XBlock.

Enter by `lykeion.capa.api`; the values that pass through are in `lykeion.capa.types`.
"""
