"""A cast and a stage for tests: members, contests in any phase, submissions, a browser.

Each function flushes or commits real rows through real models; the pictures are real as well.
"""

from tests.factories.browser import Browser
from tests.factories.contests import contest, series
from tests.factories.members import member
from tests.factories.orders import order
from tests.factories.submissions import submission

__all__ = ["Browser", "contest", "member", "order", "series", "submission"]
