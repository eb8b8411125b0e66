"""Uploads go to the disk as they come, and no further than the limit."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps one byte more than the limit: enough to see that the file is too large."""

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = settings.MAX_UPLOAD_BYTES + 1 - self.received
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
        self.received += len(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return super().file_complete(min(file_size, settings.MAX_UPLOAD_BYTES + 1))
