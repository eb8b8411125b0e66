"""What the office is told when nobody works behind the pages."""

from common.clock import Reading
from qinnan_safety.heartbeat import STALE_AFTER


def silence(reading: Reading, wall: float | None, held_since: float | None) -> str:
    """Return a sentence when the scheduler or the workers are silent or held; empty if they work.

    ``wall`` and ``held_since`` are of the newest reading that a run left in the database, so that
    a page never waits for a queue that does not answer.
    """
    if wall is None:
        return "后台还没有运行过，提醒和周期任务都没有开始。请检查定时和后台进程。"
    if held_since is not None:
        return "服务器时钟被拨动过，提醒已停止安排。请校正时钟，或到提醒管理确认。"
    if reading.wall - wall > STALE_AFTER:
        minutes = int(reading.wall - wall) // 60
        return f"后台已 {minutes} 分钟没有动静，提醒和周期任务都停着。请检查定时和后台进程。"
    return ""
