"""Keeping the index of words in step with what it is about."""

from ideation.core import jobs
from ideation.search import indexing

jobs.handler(indexing.READ)(indexing.read_all)
