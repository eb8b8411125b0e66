"""How often one address may knock at the doors that stand open to everybody."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from qinnan_safety.client_address import client_address
from qinnan_safety.errors import too_many_requests

MINUTE = 60.0
ADDRESSES = 10_000  # 记得住的地址数；再多就从头记，内存不随来客增长
# 还不知道是谁就要花算力的地方：验口令、算文件的校验值。
DOORS = ("/login/", "/verify/")


class Pace:
    """Counts what each address has asked within a minute; every process keeps its own count."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = {}
        self._lock = Lock()

    def allows(self, address: str, *, limit: int, moment: float) -> bool:
        """Whether the address may ask again at ``moment`` (seconds); if so, it is counted."""
        with self._lock:
            if address not in self._asked and len(self._asked) >= ADDRESSES:
                self._asked.clear()
            asked = self._asked.setdefault(address, deque())
            while asked and asked[0] <= moment - MINUTE:
                asked.popleft()
            if len(asked) >= limit:
                return False
            asked.append(moment)
            return True


def pace_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse an address that sends to the open doors more often than ``POSTS_PER_MINUTE``.

    Nothing of a refused request is read, not even the file that comes with it.
    """
    pace = Pace()

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path_info.startswith(DOORS):
            limit, moment = settings.POSTS_PER_MINUTE, time.monotonic()
            if not pace.allows(client_address(request), limit=limit, moment=moment):
                return too_many_requests(request)
        return get_response(request)

    return middleware
