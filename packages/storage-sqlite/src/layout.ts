/** What is in a file of ours: who wrote it, and the steps from nothing to the layout that this release reads and writes. */
export interface Layout {
  /** https://sqlite.org/pragma.html#pragma_application_id */
  readonly application: number
  readonly name: string
  /** Step i takes a file from version i to i + 1. A step that was released never changes. */
  readonly migrations: ReadonlyArray<string>
}

/**
 * Rows, entries, log. Names are interned: `space` numbers every (scope, collection, index), where the index "" stands for the rows
 * themselves; a row that is due has the number of its collection, its `kind`, so that it is found over all scopes. A scope's newest
 * position is that of its last event, and a commit without events leaves a mark of type 0 in their place: what a small commit costs is
 * the number of pages that it changes, and these are three.
 */
export const store: Layout = {
  application: 0x4f_6d_6e_69, // "Omni"
  name: "an Omni store",
  migrations: [
    `
create table scope (id integer primary key, name text not null unique, floor integer not null);
create table space (id integer primary key, scope integer not null, collection text not null, idx text not null, unique (scope, collection, idx));
create table type (id integer primary key, name text not null unique);
create table kind (id integer primary key, collection text not null unique);
create table row (
  space integer not null, id text not null, version integer not null, time integer not null, schema integer not null, due integer, kind integer, value text not null,
  primary key (space, id)
) without rowid;
create index row_due on row (kind, due, id, space) where due is not null;
create table entry (list integer not null, value text not null, id text not null, primary key (list, value, id)) without rowid;
create table event (scope integer not null, position integer not null, type integer not null, body text not null, primary key (scope, position)) without rowid;
create table landed (scope integer not null, id text not null, position integer, time integer not null, primary key (scope, id)) without rowid;
`
  ]
}

/**
 * The keys of persons. Key bytes are only ever appended, or overwritten in place by as many zeros, so that SQLite has no reason to
 * move a key and leave a copy of it behind.
 */
export const keys: Layout = {
  application: 0x4f_6d_6e_6b, // "Omnk"
  name: "a file of Omni's keys",
  migrations: [
    `
create table key (n integer primary key, bytes blob not null);
create table subject (scope text not null, subject text not null, key integer, primary key (scope, subject)) without rowid;
`
  ]
}
