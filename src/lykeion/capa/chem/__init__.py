"""Chemical equations as learners type them: read, and shown with their indices and charges in place.

The grammar is that of Open edX (its package `chem`), so that what is shown is what authors' graders read.
"""
