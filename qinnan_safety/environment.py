"""Where the platform's variables come from, and the places worked out from them.

Django settings, the web server's configuration and the supervisor all read this module, so it
imports nothing of Django's applications.  ``.env.example`` lists every variable.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100  # bytes; sun_path holds 108 on Linux and 104 on macOS

env = environ.Env()
_env_file = Path(env.str("QINNAN_ENV_FILE", default=str(BASE_DIR / ".env")))
if _env_file.is_file():
    environ.Env.read_env(str(_env_file))

VAR_DIR = Path(env.str("QINNAN_VAR", default=str(BASE_DIR / "var"))).absolute()
EMBEDDED = not env.str("DATABASE_URL", default="")


def run_dir(var_dir: Path = VAR_DIR) -> Path:
    """Where sockets, locks and the queue's files live."""
    return var_dir / "run"


def queue_socket(var_dir: Path = VAR_DIR) -> Path:
    """The private socket of the embedded queue, in a short directory if ``var_dir`` is too deep."""
    usual = run_dir(var_dir) / "queue.sock"
    if len(os.fsencode(usual)) <= SOCKET_PATH_LIMIT:
        return usual
    mark = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"qinnan-{os.getuid()}-{mark}" / "queue.sock"


def private_dir(path: Path) -> Path:
    """Make ``path`` a directory that nobody else can enter.

    Raises: PermissionError if the directory belongs to somebody else.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"目录 {path} 属于其他用户，请更换数据目录 QINNAN_VAR。")
    path.chmod(0o700)
    return path


def kept_secret(path: Path) -> str:
    """Return the secret kept in ``path``, making it at first use, readable by its owner alone."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # the first process wins, nobody reads half a secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
