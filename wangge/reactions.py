"""Everything that follows of itself: jobs, sweeps and handlers of facts, registered by import."""

from wangge.cases import merging_jobs
from wangge.dispatch import handlers as dispatch_handlers
from wangge.dispatch import jobs as dispatch_jobs
from wangge.files import jobs as files_jobs
from wangge.kernel import fact_log
from wangge.notices import jobs as notices_jobs
from wangge.people import jobs as people_jobs

REGISTERED = (
    merging_jobs,
    dispatch_handlers,
    dispatch_jobs,
    fact_log,
    files_jobs,
    notices_jobs,
    people_jobs,
)
