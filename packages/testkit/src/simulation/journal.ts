import type { Commit, CommitResult, IndexQuery, Key, ScopedStore, StoreDriver } from "@omni/core"

/** The same store, which notes each commit that lands as a line of JSON. */
export const recording = (driver: StoreDriver): { readonly driver: StoreDriver; readonly lines: ReadonlyArray<string> } => {
  const lines: Array<string> = []
  const seen = new Set<string>()
  const note =
    (scope: string, send: (commit: Commit) => Promise<CommitResult>) =>
    async (commit: Commit): Promise<CommitResult> => {
      const result = await send(commit)
      const id = `${scope}\n${commit.id}`
      const wrote = commit.writes.length + commit.events.length > 0
      if (result._tag !== "Committed" || !wrote || seen.has(id)) return result
      seen.add(id)
      const { time, writes, events } = commit
      lines.push(`${JSON.stringify({ scope, position: result.position, id: commit.id, time, writes, events })}\n`)
      return result
    }
  const open = async (scope: string): Promise<ScopedStore> => {
    const store = await driver.open(scope)
    const begin = async (keys: ReadonlyArray<Key>) => {
      const session = await store.begin!(keys)
      return { ...session, commit: note(scope, (commit) => session.commit(commit)) }
    }
    return { ...store, commit: note(scope, (commit) => store.commit(commit)), ...(store.begin === undefined ? {} : { begin }) }
  }
  return { driver: { ...driver, open }, lines }
}

/** The positions of reactors: one that failed says in its row when it is tried again. */
const cursors: IndexQuery = {
  collection: "omni.cursors",
  index: "",
  from: "",
  to: "\u{10ffff}",
  order: "asc",
  limit: 100_000,
  after: undefined
}

/** The collections whose rows are taken up when they are due. */
const attended = ["omni.timers", "omni.messages", "omni.receipts"]

/** When there will be something to do, after `now`; `Infinity` for never. */
export const nextWork = async (driver: StoreDriver, now: number): Promise<number> => {
  const waiting = await Promise.all((await driver.scopes()).map(async ({ scope }) => (await driver.open(scope)).read([], [cursors])))
  const tries = waiting.flatMap(({ pages }) => pages[0]!.items.map(({ row }) => (JSON.parse(row.value) as { readonly due?: number }).due))
  const due = await Promise.all(attended.map((collection) => driver.due(collection, Infinity, Number.MAX_SAFE_INTEGER)))
  const rows = due.flat().map((row) => row.due)
  return [...rows, ...tries].reduce<number>((next, at) => (at !== undefined && at > now ? Math.min(next, at) : next), Infinity)
}
