"""The queue: one Celery application for the embedded and the production set-up.

A message is only a doorbell.  What must be done is written in the database by services; tasks
look there, so a lost or doubled message changes nothing.
"""

import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinnan_safety.settings")

app = Celery("qinnan_safety")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Times are of Asia/Shanghai.  Every task catches up what it missed, so a tick may be lost.
app.conf.beat_schedule = {
    # 心跳：证明定时器和后台进程都在工作
    "heartbeat": {"task": "qinnan_safety.heartbeat", "schedule": 20.0, "options": {"expires": 60}},
    # 催办过了可以撤回的几秒就发出
    "send-chases": {
        "task": "responsibilities.send_chases",
        "schedule": 10.0,
        "options": {"expires": 60},
    },
    # 每十分钟封存新的留痕，并锚定在数据库之外
    "seal-history": {"task": "qinnan_safety.seal_history", "schedule": 600.0},
    # 每天凌晨清理过期的登录会话和登录失败记录
    "clear-sessions": {
        "task": "qinnan_safety.clear_sessions",
        "schedule": crontab(hour=3, minute=20),
    },
    # 安排并发出提醒；重复不会多发，缺了的天数一次补上
    "send-reminders": {
        "task": "notices.send_reminders",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    # 把已发出的提醒交给邮件等渠道；没有启用渠道时什么也不做
    "send-parcels": {
        "task": "notices.send_parcels",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    # 每天凌晨把已撤销单位的任务交给承接单位
    "hand-over-to-successors": {
        "task": "responsibilities.hand_over_to_successors",
        "schedule": crontab(hour=0, minute=5),
    },
    # 季度、年度期满后自动测算初评，缺了几天也一次补齐
    "draft-ended-assessments": {
        "task": "assessments.draft_ended",
        "schedule": crontab(hour=1, minute=30),
    },
    # 每天凌晨按周期展开办理件，缺了几天也一次补齐
    "top-up-tasks": {
        "task": "responsibilities.top_up_tasks",
        "schedule": crontab(hour=0, minute=10),
    },
    # 期次展开以后，把已有确认检查的季度任务办结
    "settle-inspections": {
        "task": "inspections.settle_tasks",
        "schedule": crontab(hour=0, minute=15),
    },
    # 每半分钟看一次有没有没人生成的公文
    "sweep-builds": {
        "task": "documents.sweep_builds",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
}


@signals.beat_init.connect
def beat_at_once(**_details: Any) -> None:
    """Give the first sign of life at the start, not a tick later."""
    app.send_task("qinnan_safety.heartbeat", expires=60)
    app.send_task("notices.send_reminders", expires=60)


@signals.after_task_publish.connect
def note_beat(sender: str = "", **_details: Any) -> None:
    """Let the scheduler leave a sign of life of its own, apart from the worker's."""
    if sender == "qinnan_safety.heartbeat":
        from qinnan_safety.heartbeat import BEAT, leave_sign

        leave_sign(BEAT)


@signals.worker_init.connect
def take_up_interrupted(**_details: Any) -> None:
    """Put back what a killed worker had in hand: on the private queue there is no other worker.

    On a shared queue the messages come back by themselves after the visibility timeout.
    """
    if not settings.QUEUE_URL.startswith("unix:"):
        return
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=10, interval_start=0.2, interval_max=1)
        channel = connection.default_channel
        for tag in channel.client.hkeys(channel.unacked_key):
            channel.qos.restore_by_tag(tag)


@signals.worker_process_init.connect
def die_with_worker(**_details: Any) -> None:
    """A pool process must not outlive its worker."""
    from qinnan_safety.processes import die_with_parent

    die_with_parent()
