"""What can be wrong with a course: one module for each kind of check, pure functions of a :class:`~.types.Looked`."""
