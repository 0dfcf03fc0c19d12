"""The door of ``teaching``: one module for each thing that teachers do."""
