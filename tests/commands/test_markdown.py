"""`lykeion capa markdown` at the shell."""

from __future__ import annotations

import subprocess
import sys


def _run(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lykeion", "capa", "markdown", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_the_simple_syntax_goes_to_xml_and_back() -> None:
    there = _run(">>Why?<<\n\n(x) a\n( ) b\n")
    back = _run(there.stdout, "--back")

    assert (there.returncode, "<multiplechoiceresponse>" in there.stdout) == (0, True)
    assert (back.returncode, back.stdout) == (0, ">>Why?<<\n\n(x) a\n( ) b\n")


def test_what_cannot_be_said_is_told_on_stderr() -> None:
    refused = _run("<problem>\n<script>x = 1</script></problem>", "--back")

    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "line 2: Markdown has no scripts.\n")
