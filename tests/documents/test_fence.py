"""The renderer gives nothing away and cannot be made to hang: text is text, the door is shut."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document as open_docx

from documents.content import SHEET, Annex, Column, Content, Paragraph, Table
from documents.exceptions import RenderFailed
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from documents.typesetting.word import make_docx
from tests.documents.pdf import run, text
from tests.documents.samples import PROOF, STAMP, sample_markup

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "<img src=http://127.0.0.1:9/x>",
    "<link rel=attachment href=file:///etc/hostname>",
    "<style>@import url(http://127.0.0.1:9/a.css);</style>",
    "<svg><image href=file:///etc/passwd /></svg>",
    "</p></body></html>{{settings.SECRET_KEY}}{%include'x'%}",
    "&lt;b&gt;&amp;",
    "=cmd|'/c calc'!A1",
    "url(file:///etc/passwd)",
)
WORD = "长" * 4999 + "尾"


def hostile(words: str) -> Content:
    """A document that says ``words`` in every field that takes text."""
    table = Table((Column(words, 10), Column("数", 5)), ((words, words),), (words, "1"), words)
    return Content(
        title=words,
        mark=words,
        number_prefix=words,
        year=2019,
        issuer=words,
        addressees=words,
        paragraphs=tuple(Paragraph(words, level) for level in range(4)),
        tables=(table,),
        annexes=(Annex(words, (Paragraph(words),), (table,)), Annex(words, is_wide=True)),
        dated=words,
        copies_to=words,
        printed_by=words,
        printed_on=words,
        figures={words: words},
    )


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as it:
        yield it


def test_markup_in_any_field_is_printed_as_it_was_typed(renderer):
    pdf = renderer.render(make_markup(hostile("|".join(HOSTILE)), stamped=STAMP, proof=PROOF))
    shown = text(pdf)
    for words in HOSTILE:
        assert shown.count(words.replace(" ", "")[:12]) >= 8
    assert "root:" not in shown
    assert b"/JavaScript" not in pdf


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_field_of_a_sheet_is_printed_as_it_was_typed(renderer, words):
    content = replace(hostile(words), layout=SHEET, annexes=())
    pdf = renderer.render(make_markup(content, stamped=STAMP, proof=PROOF))
    shown = text(pdf)
    assert shown.count(words.replace(" ", "")[:12]) >= 8
    assert "root:" not in shown
    assert b"/JavaScript" not in pdf
    assert re.search(rb"Pages:\s+1\n", run(pdf, "pdfinfo", "-"))


def test_a_paper_says_what_was_typed_in_the_order_in_which_it_was_typed(renderer):
    """Marks that turn the writing round, and what nobody sees, do not reach the paper; rare names
    do, and the record beside the paper keeps what was typed."""
    typed = "付\u202e元百\u202c款|零\u200b宽\ufeff|一\u2028二\x07|𠮷䶮|😀"
    content = hostile(typed)
    pdf = renderer.render(make_markup(content, stamped=STAMP, proof=PROOF))
    word = open_docx(BytesIO(make_docx(content, stamped=STAMP)))

    assert text(pdf).count("付元百款|零宽|一二|𠮷䶮|😀") >= 8
    assert "付元百款|零宽|一 二|𠮷䶮|😀" in [cell.text for cell in word.tables[0].rows[1].cells]
    assert "\u202e" in make_markup(content, stamped=STAMP).data.decode()


def test_a_character_that_no_typeface_has_is_named_instead_of_printed_as_a_box(renderer):
    with pytest.raises(RenderFailed, match=r"现有字体里没有“\ue000”（U\+E000）字，印出来会是空框"):
        renderer.render(sample_markup(paragraphs=(Paragraph("覃\ue000局长。"),)))
    assert renderer.render(sample_markup(annexes=())).startswith(b"%PDF-1.7")


def test_a_sheet_that_does_not_fit_one_page_says_so_instead(renderer):
    content = replace(hostile("一段话。"), layout=SHEET, annexes=())
    content = replace(content, paragraphs=(Paragraph("一段话。" * 30),) * 40)
    with pytest.raises(RenderFailed, match="超过一页，排不下，请删减正文"):
        renderer.render(make_markup(content, stamped=STAMP, proof=PROOF))


def test_a_word_of_5000_characters_is_broken_into_lines(renderer):
    pdf = renderer.render(sample_markup(paragraphs=(Paragraph(WORD), Paragraph("A" * 5000))))
    shown = text(pdf)
    assert shown.count("长") == 4999
    assert shown.count("A") >= 5000


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:{port}/x.png", "qinnan:other", "//127.0.0.1/x"],
)
def test_a_template_that_asked_for_more_than_it_was_given_would_fail(renderer, address):
    """Even our own markup reaches nothing: the listener hears no knock."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        url = address.format(port=listener.getsockname()[1])
        markup = replace(sample_markup(), html=f"<p>x<img src='{url}'></p>")
        with pytest.raises(RenderFailed, match="平台以外的资源"):
            renderer.render(markup)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_style_sheet_cannot_fetch_either(renderer):
    markup = replace(sample_markup(), html="<style>@import 'file:///etc/passwd'</style>x")
    with pytest.raises(RenderFailed, match="平台以外的资源"):
        renderer.render(markup)


def test_a_rendering_that_takes_too_long_is_stopped_and_the_next_one_works():
    with Renderer(wall_seconds=0.01) as impatient:
        with pytest.raises(RenderFailed, match="秒未完成，已停止"):
            impatient.render(sample_markup())
        impatient.wall_seconds = 60
        assert impatient.render(sample_markup()).startswith(b"%PDF-1.7")


def test_a_rendering_that_takes_too_much_computing_is_stopped():
    rows = tuple((str(number), "甲" * 40) for number in range(6000))
    table = Table((Column("序", 1), Column("文", 9)), rows)
    with Renderer(cpu_seconds=1) as renderer, pytest.raises(RenderFailed, match="用时超过限制"):
        renderer.render(sample_markup(tables=(table,)))


DEAF = "time.sleep(60)"
SLOW = "sys.stdin.readline()\nwhile not time.sleep(0.02): print('x', end='', flush=True)"


@pytest.mark.parametrize("body", [DEAF, SLOW], ids=["does not read", "answers drop by drop"])
def test_the_wall_stands_for_the_whole_rendering(monkeypatch, tmp_path, body):
    """A child that takes nothing in, or answers drop by drop, is stopped as one that hangs."""
    slow = tmp_path / "slow.py"
    slow.write_text(f"import sys, time\n{body}\n")
    monkeypatch.setattr("documents.typesetting.renderer.CHILD", slow)
    begun = time.monotonic()
    with Renderer(wall_seconds=1) as renderer, pytest.raises(RenderFailed, match="超过 1 秒未完成"):
        renderer.render(sample_markup(paragraphs=(Paragraph("长" * 200_000),)))
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("fault", ["SIGSEGV", "SIGABRT", "SIGTRAP"])
def test_native_code_that_crashes_at_the_limit_is_told_as_what_it_is(fault):
    with Renderer() as renderer:
        renderer.render(sample_markup(annexes=()))
        assert renderer.pid is not None
        os.kill(renderer.pid, getattr(signal, fault))
        with pytest.raises(RenderFailed, match="异常中止，多半是内存超过 1536 MB 的限制"):
            renderer.render(sample_markup(annexes=()))


def test_a_killed_renderer_gives_a_reason_and_the_next_document_is_set():
    with Renderer() as renderer:
        renderer.render(sample_markup(annexes=()))
        pid = renderer.pid
        assert pid is not None
        rows = tuple((str(number), "甲" * 40) for number in range(6000))
        big = sample_markup(tables=(Table((Column("序", 1), Column("文", 9)), rows),))
        threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
        with pytest.raises(RenderFailed, match="排版进程被系统终止"):
            renderer.render(big)
        assert renderer.render(sample_markup(annexes=())).startswith(b"%PDF-1.7")
        assert renderer.pid != pid


def test_nothing_of_the_file_system_is_attached(renderer, tmp_path):
    (tmp_path / "it.pdf").write_bytes(
        renderer.render(make_markup(hostile(HOSTILE[3]), stamped=STAMP))
    )
    listed = run(b"", "pdfdetach", "-list", str(tmp_path / "it.pdf")).decode()
    assert listed.startswith("1 embedded files")


def test_a_web_process_loads_no_typesetting():
    program = (
        "import django, sys; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import qinnan_safety.wsgi;"
        "print(sorted({'weasyprint','fontTools','docx','segno','pyhanko'} & set(sys.modules)))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert said.stdout.strip() == "[]"
