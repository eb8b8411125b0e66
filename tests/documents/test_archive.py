"""What archives ask for: PDF/A-3a and a sound structure, signed or not, by a validator's word."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import page
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.core.files.storage import default_storage

from documents.content import SHEET, Column, Table
from documents.enums import FileFormat, Match
from documents.exceptions import SigningFailed
from documents.models import Document, DocumentFile
from documents.services.drafting import draft_document
from documents.services.files import build_file
from documents.services.issuing import Signature
from documents.services.verifying import digest_of, match
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from documents.typesetting.signing import sign_pdf
from tests.builders import NOW, TODAY, issue_as_seen
from tests.documents.pdf import run
from tests.documents.samples import STAMP, sample, sample_markup

pytestmark = pytest.mark.django_db

# 本平台的公文是 PDF/A-3a，不自称 PDF/UA；结构规则照 PDF/UA 查，只有这两条“自称”不查。
CLAIMS_UA = {"PDFUA1-ID-PART-001", "PDFUA1-ID-SCHEMA-001"}


def has_exact_lengths(pdf: bytes) -> bool:
    """Every stream is followed, exactly where its length says, by the end of the stream.

    The validator takes a last byte 0D of the data for a part of the line end; this one counts.
    """
    streams = re.finditer(
        rb"\n\d+ 0 obj\n<<(?:(?!endobj).)*?/Length (\d+)[^\n]*\n?>>\nstream\n", pdf, re.DOTALL
    )
    ends = [found.end() + int(found[1]) for found in streams]
    is_whole = 0 < len(ends) == pdf.count(b"\nendstream")
    return is_whole and all(pdf[end : end + 10] == b"\nendstream" for end in ends)


def faults(pdf: bytes, profile: page.ValidationProfile) -> list[str]:
    """What the validator finds wrong, in its own words."""
    found = page.validate_pdf_bytes(pdf, profile=profile).failures
    exact = has_exact_lengths(pdf)
    return [
        f"{fault.rule_id}: {fault.message}"
        for fault in found
        if fault.rule_id not in CLAIMS_UA
        and not (exact and fault.rule_id == "PDFA3A-STREAM-LENGTH-001")
    ]


PASSWORD = "only-of-this-test"
ARCHIVE, STRUCTURE = page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as it:
        yield it


def test_the_validator_finds_no_fault_in_a_document_with_everything(renderer):
    table = Table(
        (Column("指标", 20), Column("得分", 8)), (("甲", "1"),) * 30, ("合计", "1"), "一、"
    )
    pdf = renderer.render(sample_markup(tables=(table,)))
    assert faults(pdf, ARCHIVE) == []
    assert faults(pdf, STRUCTURE) == []


def test_the_validator_finds_no_fault_in_a_draft(renderer):
    pdf = renderer.render(make_markup(sample(number=None), stamped=STAMP))
    assert faults(pdf, ARCHIVE) == []
    assert faults(pdf, STRUCTURE) == []


def test_the_validator_finds_no_fault_in_a_sheet(renderer):
    table = Table(
        (Column("编号", 8), Column("逾期天数", 8)), (("04-06", "171"),) * 8, caption="二、"
    )
    strip = Table((Column("办结"), Column("逾期")), (("30", "9"),))
    pdf = renderer.render(sample_markup(layout=SHEET, tables=(strip, table), annexes=()))
    assert faults(pdf, ARCHIVE) == []
    assert faults(pdf, STRUCTURE) == []


def test_the_validator_would_find_a_fault(renderer):
    pdf = renderer.render(sample_markup(annexes=()))
    wrong = pdf.replace(b'pdfaid:part="3"', b'pdfaid:part="4"')
    assert [fault.partition(":")[0] for fault in faults(wrong, ARCHIVE)] == ["PDFA3A-ID-PART-001"]
    html = "<html lang=zh><title>题</title><h1>一</h1><h3>三</h3>"
    leaps = replace(sample_markup(), html=html, last_side=())
    assert "HEADING-NESTING" in str(faults(renderer.render(leaps), STRUCTURE))


def signature_of(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signature."""
    place = folder / "signed.pdf"
    place.write_bytes(pdf)
    return run(b"", "pdfsig", str(place)).decode()


@pytest.fixture
def certificate(tmp_path, settings):
    """A certificate that the test has made for itself, good for the year 2019."""

    def make(begins: datetime = datetime(2019, 1, 1, tzinfo=UTC), password: str = PASSWORD) -> Path:
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "区安委办（测试）")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        lock = serialization.BestAvailableEncryption(password.encode())
        path = tmp_path / "sign.p12"
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"it", key, made, None, lock))
        settings.SIGN_CERTIFICATE, settings.SIGN_PASSWORD = str(path), PASSWORD
        return path

    return make


@pytest.fixture
def issued(office) -> Document:
    draft = draft_document("probe", "2019Q3", None, actor=office, at=NOW)
    return issue_as_seen(draft, Signature(5, date(2019, 9, 18)), actor=office, at=NOW)


def build(document, office, renderer, file_format=FileFormat.PDF) -> DocumentFile:
    return build_file(document, file_format, today=TODAY, renderer=renderer, actor=office, at=NOW)


def test_an_issued_document_carries_the_certificates_signature_and_is_still_an_archive_file(
    issued, office, renderer, certificate, tmp_path
):
    certificate()
    made = build(issued, office, renderer)
    with default_storage.open(made.path) as stored:
        pdf = stored.read()
    told = signature_of(pdf, tmp_path)
    assert "Signature Validation: Signature is Valid." in told
    assert "区安委办（测试）" in told
    assert "Total document signed" in told
    assert faults(pdf, ARCHIVE) == []
    assert b"Pages:" in run(pdf, "pdfinfo", "-")

    # The fingerprint on record is that of the signed bytes, and one changed byte is told.
    assert digest_of([pdf]) == made.sha256
    assert match(issued, digest_of([pdf])) == Match.SAME
    changed = bytearray(pdf)
    changed[200] ^= 1
    assert match(issued, digest_of([changed])) == Match.DIFFERENT
    assert "Signature is Valid" not in signature_of(changed, tmp_path)
    assert (
        build(issued, office, renderer) == made
    )  # made once, though a signature is never the same


def test_a_caller_that_runs_an_event_loop_can_sign_as_well(renderer, certificate, tmp_path):
    certificate()
    plain = renderer.render(sample_markup())

    async def sign() -> bytes:
        return sign_pdf(plain, at=NOW)

    assert "Signature is Valid" in signature_of(asyncio.run(sign()), tmp_path)


def test_without_a_certificate_nothing_is_added_and_drafts_and_word_are_never_signed(
    issued, office, renderer, certificate
):
    plain = build(issued, office, renderer)
    certificate()
    other = draft_document("probe", "2019Q2", None, actor=office, at=NOW)
    files = [
        plain,
        build(other, office, renderer),
        build(issued, office, renderer, FileFormat.DOCX),
    ]
    for file in files:
        with default_storage.open(file.path) as stored:
            assert b"ByteRange" not in stored.read()


@pytest.mark.parametrize(
    ("begins", "password", "words"),
    [
        (datetime(2019, 1, 1, tzinfo=UTC), "another", "签名证书打不开"),
        (datetime(2017, 1, 1, tzinfo=UTC), PASSWORD, "不在有效期内"),
        (datetime(2020, 1, 1, tzinfo=UTC), PASSWORD, "不在有效期内"),
    ],
)
def test_a_certificate_that_does_not_serve_is_named_and_nothing_goes_out_unsigned(
    issued, office, renderer, certificate, begins, password, words
):
    certificate(begins, password)
    with pytest.raises(SigningFailed, match=words):
        build(issued, office, renderer)
    assert not DocumentFile.objects.exists()


def test_a_certificate_that_is_not_there_is_named(settings):
    settings.SIGN_CERTIFICATE = str(Path(settings.BASE_DIR) / "nowhere.p12")
    with pytest.raises(SigningFailed, match="读不到签名证书文件"):
        sign_pdf(b"%PDF-1.7", at=NOW)
