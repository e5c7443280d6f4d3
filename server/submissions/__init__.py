"""Models handed in for review: stored, built, reviewed, reported."""

from server.submissions.service import Submissions
from server.submissions.submission import Submission, SubmissionState

__all__ = ["Submission", "SubmissionState", "Submissions"]
