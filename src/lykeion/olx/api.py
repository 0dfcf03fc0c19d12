"""The door of the OLX library: archives, courses, drafts. Everything else in the package is its own business."""

from lykeion.olx.archive import pack, unpack
from lykeion.olx.drafts import draft_root, drafts_between
from lykeion.olx.fieldtypes import Kind, known_fields
from lykeion.olx.libraries import read_library
from lykeion.olx.librarywriter import write_library
from lykeion.olx.links import missing_files, with_portable_links
from lykeion.olx.loading import read_course
from lykeion.olx.vocabulary import BuiltinVocabulary
from lykeion.olx.writer import write_archive, write_course

__all__ = [
    "BuiltinVocabulary",
    "Kind",
    "draft_root",
    "drafts_between",
    "known_fields",
    "missing_files",
    "pack",
    "read_course",
    "read_library",
    "unpack",
    "with_portable_links",
    "write_archive",
    "write_course",
    "write_library",
]
