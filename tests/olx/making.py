"""Small courses for tests, written as the files they are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from lykeion.olx.api import read_course, write_course
from lykeion.olx.types import Block, Course, CourseFile

TOP = '<course url_name="2026" org="Lykeion" course="T1"/>'


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by path below `folder`; `course.xml` and `course/2026.xml` get a default."""
    default: dict[str, str | bytes] = {"course.xml": TOP, "course/2026.xml": "<course/>"}
    for path, content in {**default, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def unit_course(folder: Path, unit: str, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A course of one section, subsection and unit; `unit` is what stands inside `<vertical>`."""
    inner = f'<sequential url_name="s"><vertical url_name="v">{unit}</vertical></sequential>'
    course = f'<course><chapter url_name="c">{inner}</chapter></course>'
    return write_files(folder, {"course/2026.xml": course, **(files or {})})


def blocks(course: Course) -> dict[tuple[str, str], Block]:
    """The published blocks by type and id."""
    return {(block.type, block.id): block for block in course.root.walk()}


def in_unit(course: Course) -> tuple[Block, ...]:
    """The components of the only unit of a `unit_course`."""
    return blocks(course)["vertical", "v"].children


def digests(files: tuple[CourseFile, ...]) -> dict[str, str]:
    """Content hashes of files by path."""
    return {file.path: hashlib.sha256(file.read()).hexdigest() for file in files}


def again(course: Course, folder: Path) -> Course:
    """The course after an export to `folder` and an import from there, files compared on the way."""
    write_course(course, folder)
    back = read_course(folder)
    assert digests(back.files) == digests(course.files)
    assert digests(back.extras) == digests(course.extras)
    return back


def messages(course: Course) -> list[str]:
    """The warnings of a course as an author reads them."""
    return [str(warning) for warning in course.warnings]
