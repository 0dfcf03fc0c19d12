"""HDFS and YARN as real processes on this machine; see ``__main__.py``."""
