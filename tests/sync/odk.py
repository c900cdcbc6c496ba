"""The 41 cases of ODK Central's offline entities, and where ours says what becomes of each.

Theirs hold an update that came too early and force it after days; ours never takes one early: the
phone has it still. A name with ``::`` is a test of this folder, any other a row of ``TABLE``.
"""

EARLY = "a later one alone waits and changes nothing"
AGE = "nothing is forced by age; ours: the phone has it still"
NO_RECORD = "no update makes a record; ours: refused, its words stay on the phone"
BEFORE = "an update that comes before its creation"
BACKWARDS = "all backwards"
ONCE = "what waited is written once"
OWN_WAY = "a creation that waits for its person holds back what follows"
MENDED = "a creation that its person mends lets what follows through"
GONE = "the first is missing for good: the next takes its place"
SOFT = "soft conflict: others changed another field"
BRANCH = "a branch that starts with a creation"
NO_LONGER = "an update of what has ended is a proposal"
RESTATED = {
    "parsing: a submission that creates": "a creation has nothing before it",
    "parsing: a submission that updates": "an update of what stands",
    "parsing: an empty branch is no branch": "who does not say what he saw saw what stands",
    "parsing: a base without a branch is an error":
        "test_like_odk.py::test_what_does_not_say_where_it_belongs_is_refused",
    "in order: several updates": "two updates in order",
    "in order: after the server advanced": "in order after the server has advanced",
    "in order: with an interruption": "in order with an interruption",
    "in order: a branch that starts with a create": BRANCH,
    "in order: create and two updates between edits on line":
        "a creation and two updates between edits of others",
    "out of order: a bad base does nothing, quietly": EARLY,
    "out of order: not after a run has begun": "much later ones wait after the first",
    "out of order: a base past what the server has": "a value that never stood: both are kept",
    "out of order: a later run received earlier": "a later one received earlier",
    "out of order: an update before its create": BEFORE,
    "out of order: create and updates backwards": BACKWARDS,
    "out of order: holding and forcing is logged": AGE,
    "out of order: forcing as a create is logged": NO_RECORD,
    "out of order: taking up what was held is logged": ONCE,
    "approval: what is held is not processed twice": ONCE,
    "approval: updates wait for an approved create": MENDED,
    "approval: forcing makes nothing that needs approval": OWN_WAY,
    "forced: the update before is missing": GONE,
    "forced: the first of two is missing": "the first of three is missing for good",
    "forced: an update as a create": NO_RECORD,
    "forced: an update as a create, then another": "nor do two, nor what rests on them",
    "forced: and then the delayed create": BEFORE,
    "forced: a create that has no label": OWN_WAY,
    "forced: only after seven days": AGE,
    "deleted: the form": "test_push.py::test_what_no_operation_is_gets_its_answer_too",
    "deleted: the submission": GONE,
    "deleted: the entity": NO_LONGER,
    "conflict: not next to its trunk": SOFT,
    "conflict: not next to it for being forced": "the first of three is missing for good",
    "conflict: again after it was resolved": "decided for theirs: the next is asked about again",
    "conflict: again in a branch from a create": "decided for one's own: the next rests on it",
    "conflict: what is none is not called one": BRANCH,
    "conflict: a create applied as an update": BEFORE,
    "conflict: a create applied as an update, softly": BEFORE,
    "locking: a create and an update at once":
        "test_like_odk.py::test_a_creation_and_its_update_come_at_once",
    "other: two updates and a delayed create": BACKWARDS,
    "other: an update, an edit on line and a delayed create": BEFORE,
}  # fmt: skip
PEERS = {
    "Primero 508: the same field on two devices, the last one won":
        "test_conflicts.py::test_fields_of_two_phones_merge_and_the_same_field_keeps_both_values",
    "enketo 942: the same draft in two tabs": "the same draft in two tabs: one id, one operation",
    "OpenCRVS 7477: reloaded while sending": "reloaded while sending: the same answer",
    "Tangerine 2722: lost without being listed as a conflict":
        "test_faulty_line.py::test_phones_on_a_bad_line",
    "vaccine_registry 83: sent under whoever signed in next":
        "test_push.py::test_what_one_person_typed_is_never_sent_under_another",
    "FixMyStreet: a form that failed is dropped from the queue":
        "test_out_of_time.py::test_one_that_breaks_the_server_holds_up_no_other",
    "ODK Collect 7353: a broken upload begins anew":
        "test_uploads.py::test_an_upload_goes_on_where_it_broke_off_and_is_sent_once",
    "ODK Central 1866: every phone holds everything":
        "test_pull.py::test_a_phone_holds_the_open_cases_of_its_grid_and_what_its_person_reported",
}  # fmt: skip
