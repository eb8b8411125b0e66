"""What the office is told when nobody works behind the pages."""

from common.clock import Reading
from notices.models import PlannerClock

SILENT_AFTER = 180.0  # 秒：定时每半分钟来一次，六次没来


def silence(reading: Reading) -> str:
    """Return a sentence when the scheduler or the workers are silent or held; empty if they work.

    Read from the database, where each run leaves its reading, so that a page never waits for a
    queue that does not answer.
    """
    last = PlannerClock.objects.order_by("-wall").first()
    if last is None:
        return "后台还没有运行过，提醒和周期任务都没有开始。请检查定时和后台进程。"
    if last.held_since is not None:
        return "服务器时钟被拨动过，提醒已停止安排。请校正时钟，或到提醒管理确认。"
    minutes = int(reading.wall - last.wall) // 60
    if reading.wall - last.wall > SILENT_AFTER:
        return f"后台已 {minutes} 分钟没有动静，提醒和周期任务都停着。请检查定时和后台进程。"
    return ""
