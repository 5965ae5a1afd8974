"""任务: tasks by store and associate, sheets out and results in, the associate's phone page."""
