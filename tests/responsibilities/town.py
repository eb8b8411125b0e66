"""A town in which 区住建局 works on two tasks: where reports, proof and signatures are tried."""

from datetime import date

from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import Evidence, ProgressReport, Task
from responsibilities.services.evidence import Proof, take_evidence
from responsibilities.services.progress import ReportContent, review_report, submit_report
from responsibilities.services.signing import set_reporting_rule
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user, pdf_file


class Town:
    """区住建局 with two tasks, its neighbour, and the office."""

    def __init__(self) -> None:
        self.zjj, self.jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
        awb = make_unit("awb", "区安委办", order=1)
        self.liaison = make_user("liaison", (self.zjj, PostKind.LIAISON))
        self.stranger = make_user("stranger", (self.jtj, PostKind.LIAISON))
        self.office = make_user("office", (awb, PostKind.OFFICE))
        plan = make_plan()
        rows = [
            make_row(plan, code, leads=[self.zjj], due_on=date(2019, 9, 20))
            for code in ("02-02", "02-03")
        ]
        dispatch(plan, *rows)
        self.first, self.second = Task.objects.order_by("obligation__code")

    def take(
        self, words: str = "1", *, who: User | None = None, unit: Unit | None = None
    ) -> Evidence:
        taken, _ = take_evidence(
            unit or self.zjj,
            pdf_file(words=words),
            proof=Proof(),
            actor=who or self.liaison,
            at=NOW,
        )
        return taken

    def close(self, task: Task, *files: Evidence, token: str = "t") -> ProgressReport:  # noqa: S107
        hashes = tuple(sorted(file.sha256 for file in files))
        content = ReportContent(kind=ReportKind.CLOSING, summary="已办结。", evidence=hashes)
        return submit_report(task, content, token=token, actor=self.liaison, at=NOW)

    def review(self, report: ProgressReport, seen: str) -> None:
        review_report(report, ReviewDecision.PASS, seen_sha256=seen, actor=self.office, at=NOW)


class Signing(Town):
    """The same town, where the head of 区住建局 wants to sign."""

    def __init__(self) -> None:
        super().__init__()
        self.head = make_user("head", (self.zjj, PostKind.HEAD))
        set_reporting_rule(self.zjj, head_signs=True, actor=self.head, at=NOW)

    def report(self, who: User | None = None, *, token: str = "r") -> ProgressReport:  # noqa: S107
        content = ReportContent(kind=ReportKind.PROGRESS, summary="已起草。")
        return submit_report(self.first, content, token=token, actor=who or self.liaison, at=NOW)

    def state(self) -> tuple[str, str]:
        task = Task.objects.get(pk=self.first.pk)
        return task.state, task.reports.order_by("-pk").values_list("state", flat=True)[0]
