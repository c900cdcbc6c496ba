"""Everything registered by import: jobs, sweeps, handlers of facts, kinds of operations."""

from wangge.alerts import jobs as alerts_jobs
from wangge.cases import merging_jobs
from wangge.cases import operations as cases_operations
from wangge.cockpit import jobs as cockpit_jobs
from wangge.command import jobs as command_jobs
from wangge.dispatch import assisting as dispatch_assisting
from wangge.dispatch import handlers as dispatch_handlers
from wangge.dispatch import jobs as dispatch_jobs
from wangge.dispatch import property as dispatch_property
from wangge.emergency import handlers as emergency_handlers
from wangge.emergency import jobs as emergency_jobs
from wangge.fieldwork import check_operations, help_calls, home_operations
from wangge.fieldwork import jobs as fieldwork_jobs
from wangge.fieldwork import operations as fieldwork_operations
from wangge.files import jobs as files_jobs
from wangge.groups import jobs as groups_jobs
from wangge.groups import operations as groups_operations
from wangge.handovers import handlers as handovers_handlers
from wangge.handovers import jobs as handovers_jobs
from wangge.intake import operations as intake_operations
from wangge.kernel import fact_log
from wangge.mailbox import jobs as mailbox_jobs
from wangge.notices import jobs as notices_jobs
from wangge.people import jobs as people_jobs
from wangge.studies import jobs as studies_jobs
from wangge.supervision import handlers as supervision_handlers
from wangge.supervision import jobs as supervision_jobs
from wangge.supervision import operations as supervision_operations
from wangge.sync import jobs as sync_jobs
from wangge.teams import handlers as teams_handlers
from wangge.teams import jobs as teams_jobs
from wangge.whistles import handlers as whistles_handlers
from wangge.whistles import jobs as whistles_jobs

REGISTERED = (
    alerts_jobs,
    merging_jobs,
    cases_operations,
    cockpit_jobs,
    command_jobs,
    intake_operations,
    fieldwork_operations,
    check_operations,
    home_operations,
    help_calls,
    dispatch_assisting,
    dispatch_handlers,
    dispatch_jobs,
    dispatch_property,
    emergency_handlers,
    emergency_jobs,
    fact_log,
    fieldwork_jobs,
    files_jobs,
    groups_jobs,
    groups_operations,
    handovers_handlers,
    handovers_jobs,
    mailbox_jobs,
    notices_jobs,
    people_jobs,
    studies_jobs,
    supervision_handlers,
    supervision_jobs,
    supervision_operations,
    sync_jobs,
    teams_handlers,
    teams_jobs,
    whistles_handlers,
    whistles_jobs,
)
