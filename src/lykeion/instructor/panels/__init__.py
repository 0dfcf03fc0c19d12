"""Results of analytics as pages show them: a chart, the table behind it, a file. No counting: that was done."""
