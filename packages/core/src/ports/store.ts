/**
 * The store port: what an integrator writes to keep Omni's rows, events and due work in a database.
 * `@omni/testkit` publishes its laws; `@omni/core/memory` is the oracle that they are checked against.
 */

/** A place in the log of one scope: opaque, compared as a string, taken under the commit lock, never reused. */
export type Position = string & { readonly __brand: "Position" }

/** The position before every commit. */
export const START = "" as Position

/**
 * The address of a row inside a scope. Both parts are any well-formed string of at most 512 UTF-8 bytes without U+0000; the names of
 * scopes, and the types and subjects of events, are under the same rule.
 */
export interface Key {
  readonly collection: string
  readonly id: string
}

/** A row as it is stored. `version` is the position of the commit that wrote it, `time` that commit's time (epoch ms). */
export interface Row {
  readonly version: Position
  readonly time: number
  /** The version of the collection's schema that `value` was written with. */
  readonly schema: number
  /** JSON text, which comes back as it was written. */
  readonly value: string
}

/** One place of a row in a declared index. Entries are made by the engine; the driver only keeps and orders them. */
export interface Entry {
  readonly index: string
  /** An order-preserving encoding, compared by UTF-8 bytes (code points): well-formed, without U+0000, at most 1,024 UTF-8 bytes. */
  readonly value: string
}

/** That a row must still be at `version` for the commit to land; `undefined` means that it must be absent. */
export interface Check {
  readonly key: Key
  readonly version: Position | undefined
}

/** A row to be written (`row`) or removed (`undefined`), with the index entries that it gains and loses. */
export interface Write {
  readonly key: Key
  readonly row: { readonly schema: number; readonly value: string } | undefined
  readonly add: ReadonlyArray<Entry>
  readonly drop: ReadonlyArray<Entry>
  /** When the row wants attention (epoch ms); it replaces what the row had, and `undefined` clears it. */
  readonly due: number | undefined
  /** Its id was drawn at random by this commit, so that no row has it: it may be inserted without looking for one. */
  readonly isNew?: boolean
}

/** An event to be recorded. `body` is the CloudEvent as JSON text; the other fields repeat what a driver may index. */
export interface EventWrite {
  readonly type: string
  readonly subject: string
  readonly time: number
  readonly body: string
}

/** All or nothing: the unit that the engine hands to a store. */
export interface Commit {
  /** Unique over all commits of the scope; a commit lands at most once by it. Remembered for at least ten minutes. */
  readonly id: string
  /** The commit's time: at least that of every row it read. */
  readonly time: number
  /** An earlier copy of this commit may still be on its way: whatever the answer is now, it must be final for that copy too. */
  readonly retry: boolean
  /** All rows read, absent ones too. */
  readonly checks: ReadonlyArray<Check>
  /** Each key at most once. */
  readonly writes: ReadonlyArray<Write>
  readonly events: ReadonlyArray<EventWrite>
}

/**
 * `Committed`: it is durable, now or by an earlier copy. Its events lie after `position` and before that of any other commit, so a
 * snapshot that shows its rows reaches to the last of them. `Conflict`: a check failed, nothing was written, and `stale` brings at least
 * the rows that failed, as they are now. `NotWritten`: nothing was written for another reason (too large, malformed, read-only, full) and
 * a copy will not help; a store that can not even note a refusal (a full disk) throws when the refusal has to be final.
 */
export type CommitResult =
  | { readonly _tag: "Committed"; readonly position: Position }
  | { readonly _tag: "Conflict"; readonly stale: ReadonlyArray<{ readonly key: Key; readonly row: Row | undefined }> }
  | { readonly _tag: "NotWritten"; readonly reason: string }

/** A range of a declared index, bounds included, read in order of (entry, id). The index named `""` is that of the ids. */
export interface IndexQuery {
  readonly collection: string
  readonly index: string
  readonly from: string
  readonly to: string
  readonly order: "asc" | "desc"
  readonly limit: number
  /** Only what comes after this entry in the order asked for. */
  readonly after: { readonly value: string; readonly id: string } | undefined
}

export interface Found {
  readonly id: string
  readonly value: string
  readonly row: Row
}

/** What one `read` saw: everything in it is of one moment, the log position `position`. */
export interface Snapshot {
  readonly position: Position
  /** Aligned with the keys asked for. */
  readonly rows: ReadonlyArray<Row | undefined>
  /** Aligned with the queries asked for; `more` says that the limit cut it. */
  readonly pages: ReadonlyArray<{ readonly items: ReadonlyArray<Found>; readonly more: boolean }>
}

/** Events in log order; `upto` is how far the log was looked through, so that a reader of few types can move on. */
export type EventPage =
  | {
      readonly _tag: "Events"
      readonly events: ReadonlyArray<{ readonly position: Position; readonly body: string }>
      readonly upto: Position
    }
  | { readonly _tag: "PositionExpired"; readonly oldest: Position }

/** Read and commit under the commit lock: nothing else commits in the scope until `commit` or `release` has answered. */
export interface LockedStore {
  read(keys: ReadonlyArray<Key>): Promise<ReadonlyArray<Row | undefined>>
  /** Lands without conflict on what this session read; checks on other rows hold as ever. Ends the session. */
  commit(commit: Commit): Promise<CommitResult>
  release(): Promise<void>
}

/** The rows, log and due work of one scope (tenant). Methods may be called concurrently. Anything thrown is an unknown outcome. */
export interface ScopedStore {
  /** Atomic: one snapshot, never of a half-landed commit; never older than the last commit this client was told of. */
  read(keys: ReadonlyArray<Key>, queries?: ReadonlyArray<IndexQuery>): Promise<Snapshot>
  /** Atomic, durable, serializable: checks and writes under one commit lock of the scope. Without writes and events it only checks. */
  commit(commit: Commit): Promise<CommitResult>
  /** Events after a position, of these types if given, as new as `read`, never skipping one that lands later. */
  events(after: Position, limit: number, types?: ReadonlyArray<string>): Promise<EventPage>
  /** Forgets the events up to the position of an event or a snapshot; a reader with an older cursor is told `PositionExpired`. */
  trim(upto: Position): Promise<void>
  begin?(keys: ReadonlyArray<Key>): Promise<LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }>
  /** Calls `wake` soon after any process has committed in the scope; it may call too often, never too seldom. */
  watch?(wake: () => void): Promise<AsyncDisposable>
}

/** A row whose `due` has come, or is to come. */
export interface Due {
  readonly scope: string
  readonly key: Key
  readonly due: number
}

/** A scope that holds something, and its newest position: once that is another one, something was committed there. */
export interface ScopeHead {
  readonly scope: string
  readonly position: Position
}

/** The laws of the keys: what `create` answered once stays; what is destroyed is never readable, nor created, again. */
export interface KeyStore {
  readonly specVersion: 1
  /** 32 bytes a subject; `undefined`: none yet; `"destroyed"`: erased. Aligned with the subjects. */
  get(scope: string, subjects: ReadonlyArray<string>): Promise<ReadonlyArray<Uint8Array | "destroyed" | undefined>>
  /** Keeps `key` unless the subject has one already (or had): answers what holds. */
  create(scope: string, subject: string, key: Uint8Array): Promise<Uint8Array | "destroyed">
  destroy(scope: string, subject: string): Promise<void>
}

/**
 * A store whose rows can change in a transaction that the app itself has begun, on the app's own connection. What is answered holds if
 * the app commits. An error thrown by the driver that is `within` has spoilt the transaction: it is `final`, and the app rolls back.
 */
export interface JoiningDriver<C> extends StoreDriver {
  /** The same store inside the transaction of `client`. Neither it nor its scopes hold anything that would have to be closed. */
  within(client: C): StoreDriver
}

/**
 * Something that whoever looks after a store should know. `ok`: it was looked at, and is in order; `warning`: it will not do for long;
 * `problem`: something does not work. It never holds a value of a row.
 */
export interface Finding {
  readonly level: "ok" | "warning" | "problem"
  /** A durable word for programs. */
  readonly code: string
  /** What is the case. */
  readonly message: string
  /** What it means, and what to do. */
  readonly advice?: string
}

/** The layout of a store, 0 where there is none yet, and the one that this release reads and writes; and what else was found. */
export interface Examination {
  readonly layout: number
  readonly supported: number
  readonly findings: ReadonlyArray<Finding>
}

export interface StoreDriver {
  readonly specVersion: 1
  readonly capabilities: {
    /** Of one commit: keys checked or written and events together; bytes of all it holds; bytes of one value or body. */
    readonly limits: { readonly keys: number; readonly bytes: number; readonly valueBytes: number }
    readonly findConsistency: "snapshot" | "eventual"
    readonly durability: "memory" | "process" | "disk"
    readonly begin: boolean
    readonly watch: boolean
  }
  open(scope: string): Promise<ScopedStore>
  /**
   * The rows of a collection that are due, over all scopes in order of (due, id, scope), as fresh as `findConsistency` says. `now` may be
   * `Infinity`, to learn what comes next. What is due in other collections must not make it slower.
   */
  due(collection: string, now: number, limit: number): Promise<ReadonlyArray<Due>>
  /** Every scope that holds anything, as fresh as `findConsistency` says. */
  scopes(): Promise<ReadonlyArray<ScopeHead>>
  /**
   * Brings the store to this release's layout, with a place for each of these collections where it needs one beforehand; a newer layout
   * is a `StoreTooNew`. Called once before use, safe from many processes.
   */
  migrate(collections?: ReadonlyArray<string>): Promise<void>
  /** Looks at the store and its surroundings, and changes nothing: it makes neither a file nor a table. */
  examine?(collections?: ReadonlyArray<string>): Promise<Examination>
  /**
   * Gives back what trimming has left empty, where that is more than rows (a partition). `done` and `left` name it; what is left needs
   * rights that this role has not, or is in use.
   */
  compact?(): Promise<{ readonly done: ReadonlyArray<string>; readonly left: ReadonlyArray<string> }>
  close(): Promise<void>
  /** Where the keys of personal data live when the app gives no `keys` of its own; never in the same files as the rows. */
  readonly keys: KeyStore
}
