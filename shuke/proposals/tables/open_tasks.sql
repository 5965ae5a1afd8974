-- table: open_tasks
-- gives: tasks that take a place in the week to be planned: open ones that roll into it, and those made already
-- filled by: procedures.week from touches
-- grain: store, associate
-- scope: store
create table open_tasks (
  store varchar not null,                -- '' = headquarters
  associate varchar not null,
  tasks integer not null
);
