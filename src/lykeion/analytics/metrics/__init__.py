"""What is measured: each metric once, as an ibis expression that every engine runs unchanged.

A metric is a function of :class:`~lykeion.analytics.metrics.tables.Tables` and
:class:`~lykeion.analytics.metrics.tables.Params`. Definitions follow Open edX's pipelines (analytics.md §1); what
differs is in ``docs/decisions/0016-analytics.md``.
"""
