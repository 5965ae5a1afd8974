"""The console's addresses."""

from django.urls import URLPattern, URLResolver, path

from shuke.console.access import pages as access
from shuke.console.checkup import imports
from shuke.console.checkup import pages as checkup
from shuke.console.customers import changes, labels, merge, split
from shuke.console.customers import pages as customers
from shuke.console.customers import review as pairs
from shuke.console.home import pages as home
from shuke.console.metrics import cohorts as metric_cohorts
from shuke.console.metrics import pages as metrics
from shuke.console.metrics import why as metric_why
from shuke.console.proposals import pages as proposals
from shuke.console.proposals import review
from shuke.console.segments import building
from shuke.console.segments import pages as segments
from shuke.console.settings import pages as settings
from shuke.console.settings import programs, webhooks
from shuke.console.touches import lists as task_lists
from shuke.console.touches import pages as touches

urlpatterns: list[URLPattern | URLResolver] = [
    path("", access.landing, name="landing"),
    path("sign-in/", access.sign_in, name="sign_in"),
    path("sign-out/", access.sign_out, name="sign_out"),
    path("language/", access.language, name="language"),
    path("week/", home.home, name="home"),
    path("week/run/", imports.run_week, name="run_week"),
    path("checkup/", checkup.checkup, name="checkup"),
    path("checkup/import/", imports.import_files, name="import_files"),
    path("checkup/import/new/", imports.import_new, name="import_new"),
    path("checkup/import/job/", imports.import_job, name="import_job"),
    path("checkup/import/<int:batch_id>/rows/", imports.quarantine, name="quarantine"),
    path("checkup/import/mapping/<slug:code>/", imports.mapping, name="mapping"),
    path("checkup/print/", checkup.checkup_print, name="checkup_print"),
    path("checkup/file/<str:form>/", checkup.checkup_file, name="checkup_file"),
    path("checkup/finding/<str:code>/", checkup.finding, name="finding"),
    path("customers/", customers.customers, name="customers"),
    path("customers/review/", pairs.review, name="review"),
    path("customers/review/apply/", changes.apply, name="apply_decisions"),
    path("customers/review/job/", changes.identity_job, name="identity_job"),
    path("customers/review/sample/", labels.sample, name="sample"),
    path("customers/review/sample/again/", labels.sample_again, name="sample_again"),
    path("customers/review/sample/<str:pair_id>/", labels.label, name="label_pair"),
    path("customers/review/pair/<str:pair_id>/", pairs.one_pair, name="one_pair"),
    path("customers/review/pair/<str:pair_id>/decide/", pairs.decide, name="decide_pair"),
    path("customers/review/pair/<str:pair_id>/full/", pairs.show_in_full, name="show_pair_in_full"),
    path("customers/review/undo/<int:decision_id>/", pairs.undo, name="undo_decision"),
    path("customers/merged/<int:decision_id>/", merge.unmerge_preview, name="unmerge_preview"),
    path("customers/merged/<int:decision_id>/undo/", merge.unmerge_start, name="unmerge_start"),
    path("customers/<int:customer_id>/merge/", merge.merge, name="merge"),
    path("customers/<int:customer_id>/merge/<int:other_id>/", merge.merge_preview, name="merge_preview"),
    path("customers/<int:customer_id>/merge/<int:other_id>/start/", merge.merge_start, name="merge_start"),
    path("customers/<int:customer_id>/split/", split.split, name="split"),
    path("customers/<int:customer_id>/split/start/", split.split_start, name="split_start"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("customers/<int:customer_id>/timeline/", customers.timeline, name="timeline"),
    path("customers/<int:customer_id>/reveal/", customers.reveal_customer, name="reveal"),
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", building.segment_new, name="segment_new"),
    path("segments/build/", building.segment_build, name="segment_build"),
    path("segments/count/", building.segment_count, name="segment_count"),
    path("segments/save/", building.segment_save, name="segment_save"),
    path("segments/<slug:code>/", segments.segment, name="segment"),
    path("segments/<slug:code>/edit/", building.segment_edit, name="segment_edit"),
    path("segments/<slug:code>/remove/", building.segment_remove, name="segment_remove"),
    path("segments/<slug:code>/removed/", building.segment_removed, name="segment_removed"),
    path("segments/<slug:code>/why/", segments.segment_why, name="segment_why"),
    path("segments/<slug:code>/file/", segments.segment_file, name="segment_file"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("proposals/play/<slug:play>/", proposals.play_stores, name="play_stores"),
    path("proposals/play/<slug:play>/approve/", proposals.approve_play, name="approve_play"),
    path("proposals/<int:proposal_id>/people/", review.proposal_people, name="proposal_people"),
    path("proposals/<int:proposal_id>/people/change/", review.proposal_change_people, name="proposal_change_people"),
    path("proposals/<int:proposal_id>/edit/", review.proposal_edit, name="proposal_edit"),
    path("proposals/<int:proposal_id>/effects/", review.proposal_effects, name="proposal_effects"),
    path("proposals/<int:proposal_id>/save/", review.proposal_save, name="proposal_save"),
    path("proposals/<int:proposal_id>/approve/", proposals.approve, name="approve"),
    path("proposals/<int:proposal_id>/reject/", proposals.reject, name="reject"),
    path("proposals/<int:proposal_id>/withdraw/", proposals.withdraw, name="withdraw"),
    path("tasks/", touches.tasks, name="tasks"),
    path("tasks/list/", task_lists.task_list, name="task_list"),
    path("tasks/reassign/", task_lists.reassign, name="reassign"),
    path("tasks/sheets/", touches.sheets, name="sheets"),
    path("tasks/results/", touches.results, name="results"),
    path("tasks/<int:task_id>/", touches.task, name="task"),
    path("tasks/<int:task_id>/outcome/", touches.outcome, name="outcome"),
    path("people/", access.people_list, name="people"),
    path("people/new/", access.people_new, name="people_new"),
    path("people/<str:username>/password/", access.new_password, name="new_password"),
    path("people/<str:username>/close/", access.close, name="close_account"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/meeting/", metrics.meeting, name="meeting"),
    path("metrics/why/", metric_why.why, name="why"),
    path("metrics/why/file/", metric_why.why_file, name="why_file"),
    path("metrics/cohorts/", metric_cohorts.cohorts, name="cohorts"),
    path("metrics/cohorts/file/", metric_cohorts.cohorts_file, name="cohorts_file"),
    path("metrics/sources/", metric_cohorts.sources, name="sources"),
    path("metrics/campaigns/", metric_cohorts.campaigns, name="campaigns"),
    path("metrics/<slug:code>/", metrics.metric, name="metric"),
    path("metrics/<slug:code>/rows/", metrics.metric_rows, name="metric_rows"),
    path("metrics/<slug:code>/file/", metrics.metric_file, name="metric_file"),
    path("settings/", settings.settings, name="settings"),
    path("settings/numbers/", settings.set_numbers, name="set_numbers"),
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/new/", programs.program_new, name="program_new"),
    path("settings/programs/close/", programs.program_close, name="program_close"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path("settings/webhooks/<int:endpoint>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:endpoint>/change/", webhooks.webhook_change, name="webhook_change"),
    path("settings/webhooks/<int:endpoint>/replay/", webhooks.webhook_replay, name="webhook_replay"),
    path("settings/stores/", settings.store_list, name="stores"),
    path("settings/policy/", settings.policy_page, name="policy"),
    path("settings/policy/save/", settings.save_policy, name="save_policy"),
    path("settings/scripts/", settings.scripts, name="scripts"),
    path("settings/scripts/<slug:play>/", settings.script, name="script"),
    path("settings/scripts/<slug:play>/save/", settings.save_script, name="save_script"),
    path("journal/", access.journal, name="journal"),
]
