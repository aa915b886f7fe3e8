"""The cluster that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lacking import lacking
from tests.spark.cluster import cluster, java


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a standalone master with two workers."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        lacking("PySpark", "python -m pip install 'jinpai[spark]'")
    if java() is None:
        lacking("Java 17 or newer", "apt-get install default-jre-headless, or set JAVA_HOME")
    with cluster(tmp_path_factory.mktemp("cluster")) as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a name as people give: blanks, Chinese, and what Hadoop reads as a pattern."""
    made = tmp_path / "店铺 [1] {数据}*"
    made.mkdir()
    return made
