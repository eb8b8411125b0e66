"""Submissions under crashes: every acknowledged report is there exactly once, none half-saved.

``make crash`` runs it on SQLite and then on a durable PostgreSQL: many clients hand in reports
with a file each, over HTTP, while the web processes are killed and the database is restarted.  A
client whose connection breaks sends the very same form again, as a person would.  At the end the
database, the history and the files are counted against what the clients were told.
"""

import argparse
import hashlib
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import requests

PASSWORD = "crash-password-2019"  # noqa: S105 - a throw-away database
SUMMARY = "已完成本月检查，问题已交办。"
TOKENS = re.compile(r'name="(csrfmiddlewaretoken|token)" value="([^"]+)"')
PATIENCE = 300  # seconds a client tries one submission before it gives up


@dataclass
class Told:
    """What the clients know at the end."""

    acknowledged: dict[int, tuple[str, str]] = field(default_factory=dict)
    repeats: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def prepare(clients: int, total: int) -> dict[str, list[int]]:
    """Lay out one monthly row for as many units as there are clients. Returns: user → tasks."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import models

    from organizations.enums import PostKind
    from organizations.models import User
    from responsibilities.enums import Frequency, FulfilmentMode
    from responsibilities.models import Task
    from tests.builders import dispatch, make_plan, make_row, make_unit, make_user

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    units = [make_unit(f"u{n}", f"区{n}局", order=n) for n in range(1, clients + 1)]
    people: list[User] = [make_user(f"c{u.code}", (u, PostKind.LIAISON)) for u in units]
    for person in people:
        models.QuerySet(User).filter(pk=person.pk).update(password=make_password(PASSWORD))
    months = -(-total // clients)
    first = date(2019 - months // 12 - 1, 1, 1)
    plan = make_plan()
    row = make_row(
        plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.MONTHLY
    )
    dispatch(plan, row, starts_on=first)
    owed = {person.username: list[int]() for person in people}
    tasks = Task.objects.order_by("period", "pk").values_list("pk", "unit__code")
    for pk, unit in tasks[:total]:
        owed[f"c{unit}"].append(pk)
    return owed


def proof_of(task: int) -> bytes:
    """Return a small PDF that differs from every other."""
    body = b"%%PDF-1.4\n%% task %d\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" % task
    rest = b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return body + rest


def client(base: str, username: str, tasks: Sequence[int], told: Told) -> None:
    """Sign in and hand in a report for each task, again and again until it is acknowledged."""
    session = requests.Session()
    for task in tasks:
        until = time.monotonic() + PATIENCE
        while not hand_in(session, base, username, task, told):
            if time.monotonic() > until:
                with told.lock:
                    told.refused.append(f"{task}：{PATIENCE} 秒内没有得到答复")
                break
            time.sleep(random.uniform(0.2, 1.0))


def hand_in(session: requests.Session, base: str, username: str, task: int, told: Told) -> bool:
    """Open the page once, then send the same form until an answer comes."""
    url = f"{base}/items/{task}/report/"
    try:
        form = opened(session, base, url, username)
        if form is None:
            return False
        return sent(session, url, form, task, told)
    except requests.RequestException:
        return False


def opened(session: requests.Session, base: str, url: str, username: str) -> dict[str, str] | None:
    page = session.get(url, timeout=60, allow_redirects=False)
    if page.status_code == 302:
        login = session.get(f"{base}/login/", timeout=60)
        typed = dict(TOKENS.findall(login.text)) | {"username": username, "password": PASSWORD}
        session.post(f"{base}/login/", typed, timeout=60, headers={"Referer": base})
        page = session.get(url, timeout=60, allow_redirects=False)
    return dict(TOKENS.findall(page.text)) if page.status_code == 200 else None


def sent(session: requests.Session, url: str, form: dict[str, str], task: int, told: Told) -> bool:
    proof = proof_of(task)
    typed = form | {"kind": "progress", "summary": SUMMARY, "document_no": f"样例〔2019〕{task}号"}
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answer = session.post(
                url,
                typed,
                files={"uploads": (f"{task}.pdf", proof, "application/pdf")},
                timeout=90,
                allow_redirects=False,
            )
        except requests.RequestException:
            answer = None
        if (
            answer is not None
            and answer.status_code == 302
            and "/login/" not in answer.headers["Location"]
        ):
            with told.lock:
                told.acknowledged[task] = (form["token"], hashlib.sha256(proof).hexdigest())
            return True
        if answer is not None and answer.status_code in {403, 404, 422}:
            with told.lock:
                told.refused.append(f"{task}：{answer.status_code}")
            return True
        with told.lock:
            told.repeats += 1
        time.sleep(random.uniform(0.3, 1.5))
    return False


class Site:
    """The platform under test: `manage.py serve` with its supervisor."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.base = var, f"http://127.0.0.1:{port}"
        environment = os.environ | {"PORT": str(port)}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            env=environment,
            stdout=(var / "serve.log").open("wb"),
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        for _ in range(600):
            try:
                if requests.get(f"{self.base}/healthz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise SystemExit("网站没有起来，见 serve.log。")

    def web_processes(self) -> list[int]:
        """Return the web server's master and workers, by their command and data directory."""
        found = []
        mark = f"QINNAN_VAR={self.var}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    words, where = (
                        (entry / "cmdline").read_bytes(),
                        (entry / "environ").read_bytes(),
                    )
                except OSError:
                    continue
                if b"gunicorn" in words and mark in where.split(b"\0"):
                    found.append(int(entry.name))
        return found

    def kill_web(self) -> int:
        victims = self.web_processes()
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(victims)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def torment(
    site: Site, told: Told, total: int, kills: int, restarts: int, stop: threading.Event
) -> Counter[str]:
    """Kill and restart at even shares of the acknowledged submissions."""
    acts = [("kill", (n + 1) / (kills + 1)) for n in range(kills)]
    acts += [("restart", (n + 0.7) / (restarts + 1)) for n in range(restarts)]
    done: Counter[str] = Counter()
    for act, share in sorted(acts, key=lambda entry: entry[1]):
        while len(told.acknowledged) < share * total and not stop.is_set():
            time.sleep(0.05)
        if stop.is_set():
            break
        if act == "kill":
            done["killed processes"] += site.kill_web()
        else:
            subprocess.run(shlex.split(os.environ["RESTART_DATABASE"]), check=True)  # noqa: S603
        done[act] += 1
    return done


def faults(told: Told) -> list[str]:
    """Compare the database, the history and the files with what the clients were told."""
    from django.db import connections

    connections.close_all()  # the server was restarted under them
    return [*_missing(told), *_half_saved(), *_spoilt_files()]


def _missing(told: Told) -> Iterator[str]:
    """What was acknowledged and is not there once, with its proof and its history."""
    from responsibilities.models import ProgressReport, ReportEvidence

    by_token: dict[str, list[tuple[int, int]]] = {}
    for token, pk, task in ProgressReport.objects.values_list("submit_token", "pk", "task"):
        by_token.setdefault(token, []).append((pk, task))
    history = Counter(ProgressReport.history.values_list("id", flat=True))
    proofs: dict[int, list[str]] = {}
    for pk, sha256 in ReportEvidence.objects.values_list("report", "evidence__sha256"):
        proofs.setdefault(pk, []).append(sha256)
    for task, (token, sha256) in told.acknowledged.items():
        found = by_token.get(token, [])
        if len(found) != 1 or found[0][1] != task:
            yield f"{task}：已答复，库里有 {len(found)} 份"
        elif proofs.get(found[0][0]) != [sha256]:
            yield f"{task}：佐证不是提交的那一份"
        elif history[found[0][0]] != 1:
            yield f"{task}：留痕 {history[found[0][0]]} 行"


def _half_saved() -> Iterator[str]:
    from django.db.models import Count

    from responsibilities.enums import ReportState, TaskState
    from responsibilities.models import ProgressReport, Task

    counted = Task.objects.annotate(n=Count("reports")).values_list("pk", "state", "n")
    recorded = dict(Task.history.order_by("history_id").values_list("id", "state"))
    for pk, state, count in counted:
        if count != (state == TaskState.UNDER_REVIEW):
            yield f"{pk}：状态是 {state}，进展有 {count} 份"
        if recorded[pk] != state:
            yield f"{pk}：状态是 {state}，留痕里是 {recorded[pk]}"
    for pk in ProgressReport.objects.exclude(state=ReportState.SUBMITTED).values_list("pk"):
        yield f"进展 {pk}：状态不对"
    bare = ProgressReport.objects.annotate(n=Count("evidence_links")).exclude(n=1)
    for pk in bare.values_list("task", flat=True):
        yield f"{pk}：进展没有带上佐证"


def _spoilt_files() -> Iterator[str]:
    from django.core.files.storage import default_storage

    from common.blobs import blob_path
    from responsibilities.models import Evidence
    from responsibilities.services.evidence import FOLDER

    for sha256 in Evidence.objects.values_list("sha256", flat=True):
        with default_storage.open(blob_path(FOLDER, sha256)) as file:
            if hashlib.sha256(file.read()).hexdigest() != sha256:
                yield f"{sha256[:12]}：文件与校验值不符"


def _harm_left_out(harm: Counter[str], kills: int, restarts: int) -> Iterator[str]:
    """What the site was spared, so that the run proves nothing."""
    if harm["kill"] != kills or harm["killed processes"] < kills:
        yield f"网站只杀掉 {harm['kill']} 次、进程 {harm['killed processes']} 个"
    if harm["restart"] != restarts:
        yield f"数据库只重启 {harm['restart']} 次"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--total", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--restarts", type=int, default=2)
    options = parser.parse_args()
    restarts = options.restarts if os.environ.get("RESTART_DATABASE") else 0
    var = Path(os.environ.setdefault("QINNAN_VAR", tempfile.mkdtemp(prefix="qinnan-crash-")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinnan_safety.settings")
    os.environ.update(QINNAN_TODAY="2019-09-18", DEMO="0", HTTPS="0")
    owed = prepare(options.clients, options.total)
    site, told, stop = Site(var, free_port()), Told(), threading.Event()
    site.wait()
    began = time.monotonic()
    threads = [
        threading.Thread(target=client, args=(site.base, name, tasks, told))
        for name, tasks in owed.items()
    ]
    harm: Counter[str] = Counter()
    tormentor = threading.Thread(
        target=lambda: harm.update(
            torment(site, told, options.total, options.kills, restarts, stop)
        )
    )
    for thread in (*threads, tormentor):
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    tormentor.join()
    seconds = time.monotonic() - began
    found = [*faults(told), *_harm_left_out(harm, options.kills, restarts)]
    site.stop()
    print(
        f"{options.clients} 个客户端交 {options.total} 份，得到答复 {len(told.acknowledged)} 份，"
        f"重发 {told.repeats} 次，用时 {seconds:.0f} 秒；网站杀掉 {harm['kill']} 次"
        f"（进程 {harm['killed processes']} 个），数据库重启 {harm['restart']} 次。"
    )
    for line in [*told.refused[:20], *found[:50]]:
        print(line)
    if found or told.refused or len(told.acknowledged) != options.total:
        raise SystemExit(f"不合格：{len(found)} 处不符，{len(told.refused)} 份没有答复。")
    print("合格：每份得到答复的进展都在，恰好一份，佐证和留痕齐全，没有只存一半的。")


def free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
