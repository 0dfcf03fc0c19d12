"""The simple problem syntax: to XML (`convert`) and, where it has words for a problem, back (`back`)."""
