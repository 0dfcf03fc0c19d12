"""What a learner sees and fills in: one module a family of inputs, each a frozen value that renders itself."""
