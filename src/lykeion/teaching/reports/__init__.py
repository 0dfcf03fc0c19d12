"""The reports of a course: what each holds, row by row, and the files they are written to."""
