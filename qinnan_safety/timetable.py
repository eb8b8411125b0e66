"""What the scheduler sends, and when.  Times are of Asia/Shanghai.

Every task catches up what it missed, so a tick may be lost.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
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
    # 每天凌晨清理过期的登录会话、没人取回的填写和登录失败记录
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
    # 测算出初评后，自动起草并生成这一期的通报和成绩单；每一期每一种只有一次
    "build-ended-papers": {
        "task": "qinnan_safety.build_ended",
        "schedule": crontab(minute=45),
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
