"""The office's own certificate under an issued PDF, where one is set.

The signature is added behind the last byte, so the document itself stays as it was set.  It is
invisible: a picture of a seal would be no proof, and only so the file remains PDF/A.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from documents.exceptions import SigningFailed

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Signature"


def signs_pdf() -> bool:
    """Return whether a certificate is set."""
    return bool(settings.SIGN_CERTIFICATE)


def sign_pdf(pdf: bytes, *, at: datetime) -> bytes:
    """Return the PDF with the signature (PAdES) of the certificate, which must hold ``at`` a time.

    Raises: SigningFailed. A document that should be signed is never sent out without.
    """
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import SigSeedSubFilter
    except ImportError:
        raise SigningFailed(
            "没有安装签名组件，请管理员安装 requirements-sign.txt 后重试。"
        ) from None
    signer = _signer(at)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason="签发"
    )
    opened = IncrementalPdfFileWriter(BytesIO(pdf))
    # The library starts an event loop of its own, which a thread that runs one already refuses.
    with ThreadPoolExecutor(max_workers=1) as own:
        signed = own.submit(signers.sign_pdf, opened, about, signer=signer).result()
    return bytes(signed.getvalue())


def _signer(at: datetime) -> "SimpleSigner":
    """Open the certificate. Raises: SigningFailed with what the administrator has to do."""
    from pyhanko.sign.signers import SimpleSigner

    try:
        packed = Path(settings.SIGN_CERTIFICATE).read_bytes()
    except OSError:
        raise SigningFailed("读不到签名证书文件，请管理员核对 SIGN_CERTIFICATE。") from None
    try:
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(
            packed, other_certs=[], passphrase=settings.SIGN_PASSWORD.encode()
        )
    except ValueError:
        raise SigningFailed("签名证书打不开，请管理员核对证书文件和 SIGN_PASSWORD。") from None
    certificate = signer.signing_cert
    if certificate is None:
        raise SigningFailed("签名证书文件里没有证书和私钥，请管理员换成完整的 PKCS#12 文件。")
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        raise SigningFailed("签名证书不在有效期内，请管理员更换后重试。")
    return signer
