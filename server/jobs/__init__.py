"""Long work: queued, watched, cancelled, and remembered."""

from server.jobs.job import Cancelled, Job, JobState
from server.jobs.registry import JobContext, Jobs

__all__ = ["Cancelled", "Job", "JobContext", "JobState", "Jobs"]
