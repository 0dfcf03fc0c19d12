"""The door of ``authoring``: one module for each thing that authors work on."""
