"""A JupyterHub for a class of gradtape: copy this to /etc/gradtape-hub and change what is marked."""

import os
import pwd
import subprocess
from pathlib import Path

PYTHON = Path("/opt/gradtape")  # change: where gradtape and JupyterHub are installed
LANGUAGE = "en"  # change: "en" or "zh"
TEACHERS = {"teacher"}  # change
LESSONS = "gradtape-lessons"

c = get_config()  # noqa: F821

# Behind a web server that has the certificate (see the page), or with one of its own.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.command = ["configurable-http-proxy"]

# Accounts of this computer, with their own passwords.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = TEACHERS

c.Spawner.cmd = [str(PYTHON / "bin" / "jupyterhub-singleuser")]
c.Spawner.default_url = f"/lab/tree/{LESSONS}/{LANGUAGE}"
c.Spawner.environment = {"PATH": f"{PYTHON}/bin:/usr/bin:/bin", "PYTHONUTF8": "1"}
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

# Who has not been there for an hour gives the memory back.
c.JupyterHub.load_roles = [
    {
        "name": "idle",
        "services": ["idle"],
        "scopes": ["list:users", "read:users:activity", "delete:servers"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle",
        "command": [str(PYTHON / "bin" / "jupyterhub-idle-culler"), "--timeout=3600"],
    }
]


def put_lessons(spawner):
    """Put the lessons into a learner's home, where nobody else can read them."""
    user = pwd.getpwnam(spawner.user.name)
    home = Path(user.pw_dir)
    os.chmod(home, 0o700)
    subprocess.run(
        [PYTHON / "bin" / "gradtape", "copy", home / LESSONS, "--lang", LANGUAGE],
        check=True,
        cwd=home,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        umask=0o077,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


c.Spawner.pre_spawn_hook = put_lessons
