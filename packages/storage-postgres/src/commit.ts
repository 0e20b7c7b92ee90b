import type { Commit, CommitResult } from "@omni/core"

import { faultBehind, refusalOf as refusalOfFault, STALE, UNKNOWN } from "./failure.ts"
import { known, landingOf, lockOf, refusal } from "./landing.ts"
import { refusalOf } from "./limits.ts"
import { toPosition } from "./position.ts"
import { answered, type Reading, rowsOf, snapshotOf, staleOf } from "./reading.ts"
import type { Rows, Statement } from "./statement.ts"
import type { Store } from "./store.ts"
import { NoTable } from "./tables.ts"

type Conflict = Extract<CommitResult, { readonly _tag: "Conflict" }>

type Run = (statements: ReadonlyArray<Statement>) => Promise<ReadonlyArray<Rows>>

/** Answers for what takes no lock, with one `read`; `undefined` for what does. */
export const answerOf = async ({ tables }: Store, scope: string, commit: Commit, read: Run): Promise<CommitResult | undefined> => {
  const refused = refusalOf(commit)
  if (refused === undefined && commit.writes.length + commit.events.length > 0) return undefined
  const keys = commit.checks.map(({ key }) => key)
  const { rows, position } = await answered(tables, () => snapshotOf(tables, scope, keys, []), read)
  const stale = staleOf(commit.checks, rows)
  if (stale.length > 0) return { _tag: "Conflict", stale }
  return refused === undefined ? { _tag: "Committed", position } : { _tag: "NotWritten", reason: refused }
}

/**
 * Lands a commit with one round trip of `write`, which commits what it is given or takes it back; finds out why when it does not. Under the
 * lock only `unseen` is checked of what was read; when it has to land again, the lock is gone, and everything is.
 */
export const land = async (store: Store, scope: string, commit: Commit, write: Run, unseen = commit.checks): Promise<CommitResult> => {
  try {
    await store.tables.ensure(commit.writes.map(({ key }) => key.collection))
    const [taken] = await write(landingOf({ tables: store.tables, scope, commit: { ...commit, checks: unseen } }))
    store.forgetting.committed()
    store.watchers.committed(scope, Number(taken![0]![0]) + commit.events.length)
    return { _tag: "Committed", position: toPosition(taken![0]![0]!) }
  } catch (error) {
    return unlanded(store, scope, commit, error)
  }
}

const unlanded = async (store: Store, scope: string, commit: Commit, error: unknown): Promise<CommitResult> => {
  const fault = faultBehind(error)
  if (fault?.code === UNKNOWN) await store.tables.refresh()
  if (fault?.code === UNKNOWN || (await store.tables.forgetLost(error)))
    return land(store, scope, commit, (statements) => store.database.write(statements))
  if (fault?.code === "23505" && fault.constraint === "commit_pkey") return remembered(store, scope, commit)
  if (fault?.code === STALE) return commit.retry ? refuse(store, scope, commit) : conflict(store, scope, commit)
  const reason = error instanceof NoTable ? error.message : fault && refusalOfFault(fault)
  if (reason === undefined) throw error
  if (!commit.retry) return { _tag: "NotWritten", reason }
  const answer = await refuse(store, scope, commit)
  return answer._tag === "Conflict" ? { _tag: "NotWritten", reason } : answer
}

/** What is read of a commit that did not land: the rows that failed their checks, as they are now. */
const staleRows = ({ tables }: Store, scope: string, { checks }: Commit): Reading<Conflict> => {
  const rows = rowsOf(
    tables,
    scope,
    checks.map(({ key }) => key)
  )
  return { ...rows, answer: (results) => ({ _tag: "Conflict", stale: staleOf(checks, rows.answer(results)) }) }
}

const conflict = (store: Store, scope: string, commit: Commit): Promise<CommitResult> =>
  answered(
    store.tables,
    () => staleRows(store, scope, commit),
    (statements) => store.database.read(statements)
  )

/**
 * What was answered to the first copy holds for every other. It may be on the server and not yet on its synchronous standby: to write
 * something after it waits for both.
 */
const remembered = (store: Store, scope: string, commit: Commit): Promise<CommitResult> =>
  answered(
    store.tables,
    () => afterKnown(store, scope, commit, [lockOf(store.tables.schema, scope), known(store.tables, scope, commit.id)]),
    (statements) => store.database.write(statements)
  )

/** An earlier copy may be on its way: either it has landed by now, or its id is kept so that it never will. */
const refuse = (store: Store, scope: string, commit: Commit): Promise<CommitResult> =>
  answered(
    store.tables,
    () => afterKnown(store, scope, commit, refusal(store.tables, scope, commit.id)),
    (statements) => store.database.write(statements)
  )

/** `first` ends with what is known of the commit's id. */
const afterKnown = (store: Store, scope: string, commit: Commit, first: ReadonlyArray<Statement>): Reading<CommitResult> => {
  const rows = staleRows(store, scope, commit)
  return {
    statements: [...first, ...rows.statements],
    unknown: rows.unknown,
    answer: (results) => {
      const position = results[first.length - 1]![0]?.[0]
      if (position !== null && position !== undefined) return { _tag: "Committed", position: toPosition(position) }
      return rows.answer(results.slice(first.length))
    }
  }
}
