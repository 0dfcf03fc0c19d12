"""The door of the OLX library."""

from lykeion.olx.drafts import draft_root, drafts_between
from lykeion.olx.loading import read_course

__all__ = ["draft_root", "drafts_between", "read_course"]
