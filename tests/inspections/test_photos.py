"""Photos of a record: never demanded, kept as they came, and part of what the head confirms."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from common.errors import StaleVersion
from inspections.content import InspectionContent
from inspections.enums import InspectionState
from inspections.models import Inspection
from notices.models import Notice
from responsibilities.models import Evidence
from tests.builders import make_content, pdf_file
from tests.inspections.worlds import Department


def photo(name: str = "现场.jpg", colour: str = "red") -> SimpleUploadedFile:
    """A small picture that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPS 纬度半球
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "JPEG", exif=exif)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


@pytest.fixture
def liaison(department: Department, client: Client) -> Client:
    client.force_login(department.people["liaison"])
    return client


def save(client: Client, record: Inspection, *files: SimpleUploadedFile, **typed: object) -> str:
    record = Inspection.objects.get(pk=record.pk)
    address = reverse("inspections:inspection_photos", args=[record.pk])
    kept = [shown.evidence_id for shown in record.shown_photos()]
    data = {"version": record.version, "kept": kept, "uploads": list(files)} | typed
    return client.post(address, data, follow=True).content.decode()


def test_a_record_without_photos_keeps_the_fingerprint_it_had() -> None:
    # 没有照片这一项以前，同一内容的校验值。
    plain = make_content()
    assert plain.sha256 == "31402c138c5edaaeaf4dc89039720b23124840147427779bcf2abf31f001718f"
    assert InspectionContent(**vars(plain) | {"photos": ("a",)}).sha256 != plain.sha256


def test_a_photo_goes_into_the_record_as_it_came(department: Department, liaison: Client) -> None:
    record, file = department.draft(), photo()
    original = file.read()
    file.seek(0)

    page = save(liaison, record, file)

    assert "照片 1 张，点开看" in page
    assert "新增检查照片 现场.jpg" in page
    evidence = Evidence.objects.get()
    assert evidence.sha256 == hashlib.sha256(original).hexdigest()
    served = liaison.get(reverse("responsibilities:evidence_file", args=[evidence.pk]))
    assert b"".join(served.streaming_content) == original  # 拍摄位置也在原件里，不改
    liaison.force_login(department.people["stranger"])
    assert (
        liaison.get(reverse("responsibilities:evidence_file", args=[evidence.pk])).status_code
        == 404
    )


def test_what_is_no_photo_is_refused_and_the_photos_beside_it_are_kept(
    department: Department, liaison: Client
) -> None:
    record = department.draft()

    page = save(liaison, record, photo(), pdf_file("报告.pdf"))

    assert "“报告.pdf”不是照片，这里只收 JPEG 和 PNG。" in page
    assert [shown.evidence.name for shown in record.shown_photos()] == ["现场.jpg"]
    files = [photo(f"{n}.jpg", f"hsl({n * 40}, 100%, 40%)") for n in range(1, 10)]
    assert "最多附 9 张照片" in save(liaison, record, *files)
    assert len(record.shown_photos()) == 1


def test_photos_chosen_on_an_old_page_are_refused_and_the_page_shows_the_new_ones(
    department: Department, liaison: Client
) -> None:
    record = department.draft()
    before = record.version
    save(liaison, record, photo())

    page = save(liaison, record, version=before, kept=[])

    assert "这份记录刚刚被别人改过，照片没有保存" in page
    record = Inspection.objects.get(pk=record.pk)
    assert len(record.shown_photos()) == 1
    assert f'name="version" value="{record.version}"' in page


def test_what_the_head_saw_is_bound_with_its_photos(
    department: Department, liaison: Client
) -> None:
    record = department.sent()
    seen_before = record.content_sha256
    save(liaison, record, photo())
    record = Inspection.objects.get(pk=record.pk)
    assert (record.state, len(record.content_sha256)) == (InspectionState.AWAITING, 64)
    assert record.content_sha256 != seen_before
    with pytest.raises(StaleVersion):
        department.confirm(record, seen_sha256=seen_before)
    liaison.force_login(department.people["head"])
    page = liaison.get(reverse("inspections:inspection_confirm", args=[record.pk])).content.decode()
    assert "照片 1 张，点开看" in page

    department.confirm(record)
    liaison.force_login(department.people["liaison"])
    save(liaison, record, kept=[])  # 撤下一张，要重新确认
    record = Inspection.objects.get(pk=record.pk)
    assert (record.state, record.confirmed_sha256) == (InspectionState.AWAITING, "")
    assert (record.content_sha256, record.shown_photos()) == (seen_before, [])
    assert Evidence.objects.count() == 1
    assert Notice.objects.filter(recipient=department.people["head"]).count() == 2
