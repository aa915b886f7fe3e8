"""服务入口 asgi: what a server runs: `uvicorn jinpai.desk.asgi:application --workers 4`, with JINPAI_WORKSPACE set."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from jinpai.desk.configuring import configure
from jinpai.workspace import Workspace

# WhiteNoise hands over small files in one piece: nothing is gained by waiting for them
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
configure(Workspace.open(Path(os.environ["JINPAI_WORKSPACE"])))

from django.core.asgi import get_asgi_application  # noqa: E402 - Django is configured first

from jinpai.desk.uploading import limited  # noqa: E402

application = limited(get_asgi_application())
