import type { Check, Commit, CommitResult, Key, Position, Row, ScopedStore } from "@omni/core"

import { another, answering, pause, sending, type Saboteur } from "./wreck.ts"

const name = ({ collection, id }: Key): string => JSON.stringify([collection, id])

const conflict = (stale: (CommitResult & { readonly _tag: "Conflict" })["stale"] = []): CommitResult => ({ _tag: "Conflict", stale })

/** Reads what the checks are about, then commits without them: the classic check outside of the lock. */
const checkFirst = async (inner: ScopedStore, commit: Commit, relevant: (check: Check) => boolean = () => true): Promise<CommitResult> => {
  const { rows } = await inner.read(commit.checks.map(({ key }) => key))
  const stale = commit.checks.flatMap(({ key, version }, i) =>
    relevant({ key, version }) && rows[i]?.version !== version ? [{ key, row: rows[i] }] : []
  )
  if (stale.length > 0) return conflict(stale)
  await pause()
  return inner.commit({ ...commit, checks: [] })
}

const halves = ({ writes, events, ...rest }: Commit): readonly [Commit, Commit] => {
  const at = Math.ceil(writes.length / 2)
  return [
    { ...rest, writes: writes.slice(0, at), events: [] },
    { ...rest, id: `${rest.id}/2`, checks: [], writes: writes.slice(at), events }
  ]
}

export const atomicity: ReadonlyArray<Saboteur> = [
  {
    does: "forgets the entries of all rows but the first",
    breaks: ["lands whole: rows"],
    wreck: () => ({
      scoped: sending((commit) => ({ ...commit, writes: commit.writes.map((write, i) => (i === 0 ? write : { ...write, add: [] })) }))
    })
  },
  {
    does: "records the events of commits that conflict",
    breaks: ["a conflict writes nothing", "final: a late copy"],
    wreck: () => ({
      scoped: answering(async (result, commit, inner) => {
        if (result._tag === "Conflict") await inner.commit({ ...commit, id: another(), checks: [], writes: [] })
        return result
      })
    })
  },
  {
    does: "lands in two steps",
    breaks: ["a read is of one moment", "a row's version is the position"],
    wreck: () => ({
      scoped: (inner) => ({
        commit: async (commit) => {
          if (commit.writes.length < 2) return inner.commit(commit)
          const [first, second] = halves(commit)
          const result = await inner.commit(first)
          if (result._tag !== "Committed") return result
          await pause()
          return inner.commit(second)
        }
      })
    })
  },
  {
    does: "reads one row after the other",
    breaks: ["a read is of one moment"],
    wreck: () => ({
      scoped: (inner) => ({
        read: async (keys, queries) => {
          const rows: Array<Row | undefined> = []
          for (const key of keys) {
            rows.push((await inner.read([key])).rows[0])
            await pause()
          }
          return { ...(await inner.read([], queries)), rows }
        }
      })
    })
  },
  {
    does: "takes the time for its own",
    breaks: ["its time and schema"],
    wreck: () => ({ scoped: sending((commit) => ({ ...commit, time: 1_234 })) })
  },
  {
    does: "compares values instead of versions",
    breaks: ["removed and written again"],
    wreck: () => {
      const written = new Map<string, string | undefined>()
      const at = (key: Key, version: Position | undefined) => `${name(key)} ${version}`
      return {
        scoped: (inner) => ({
          commit: async (commit) => {
            const { rows } = await inner.read(commit.checks.map(({ key }) => key))
            const checks = commit.checks.map((check, i) => {
              const equal =
                check.version !== undefined && rows[i] !== undefined && written.get(at(check.key, check.version)) === rows[i]!.value
              return equal ? { ...check, version: rows[i]!.version } : check
            })
            const result = await inner.commit({ ...commit, checks })
            if (result._tag === "Committed") for (const { key, row } of commit.writes) written.set(at(key, result.position), row?.value)
            return result
          }
        })
      }
    }
  },
  {
    does: "reads from a copy that lags behind",
    breaks: ["never older than the last commit"],
    wreck: () => ({
      scoped: (inner) => {
        const seen = new Map<string, Awaited<ReturnType<ScopedStore["read"]>>>()
        return {
          read: async (keys, queries) => {
            const asked = JSON.stringify([keys, queries])
            const before = seen.get(asked)
            seen.set(asked, await inner.read(keys, queries))
            return before ?? seen.get(asked)!
          }
        }
      }
    })
  },
  {
    does: "takes the removal of an absent row for a conflict",
    breaks: ["over whatever is there"],
    wreck: () => ({
      scoped: (inner) => ({
        commit: async (commit) => {
          const gone = commit.writes.filter(({ row }) => row === undefined).map(({ key }) => key)
          return (await inner.read(gone)).rows.includes(undefined) ? conflict() : inner.commit(commit)
        }
      })
    })
  }
]

export const checking: ReadonlyArray<Saboteur> = [
  {
    does: "brings nothing with a conflict",
    breaks: ["brings the rows as they are now"],
    wreck: () => ({ scoped: answering((result) => (result._tag === "Conflict" ? conflict() : result)) })
  },
  {
    does: "checks only the rows that it writes",
    breaks: ["each check counts", "skew on rows that are there", "skew on rows that are absent", "skew on rows that were removed"],
    wreck: () => ({
      scoped: sending((commit) => {
        const written = new Set(commit.writes.map(({ key }) => name(key)))
        return { ...commit, checks: commit.checks.filter(({ key }) => written.has(name(key))) }
      })
    })
  },
  {
    does: "checks before it takes the lock",
    breaks: ["skew on rows that are there", "exactly one wins", "no update is lost"],
    wreck: () => ({ scoped: (inner) => ({ commit: (commit) => checkFirst(inner, commit) }) })
  },
  {
    does: "locks only rows that are there",
    breaks: ["skew on rows that are absent", "skew on rows that were removed", "exactly one wins"],
    wreck: () => ({
      scoped: (inner) => ({
        commit: async (commit) => {
          const missing = commit.checks.filter(({ version }) => version === undefined)
          const { rows } = await inner.read(missing.map(({ key }) => key))
          if (rows.some((row) => row !== undefined)) return inner.commit(commit)
          await pause()
          return inner.commit({ ...commit, checks: commit.checks.filter(({ version }) => version !== undefined) })
        }
      })
    })
  },
  {
    does: "takes ids of two collections for one",
    breaks: ["a check is of one key"],
    wreck: () => {
      const ids = new Set<string>()
      return {
        scoped: (inner) => ({
          commit: async (commit) => {
            if (commit.checks.some(({ key, version }) => version === undefined && ids.has(key.id))) return conflict()
            for (const { key } of commit.writes) ids.add(key.id)
            return inner.commit(commit)
          }
        })
      }
    }
  },
  {
    does: "answers commits that write nothing without a look",
    breaks: ["only checks"],
    wreck: () => ({ scoped: sending((commit) => (commit.writes.length + commit.events.length === 0 ? { ...commit, checks: [] } : commit)) })
  }
]

/** Remembers answers outside of the store, as a saboteur sees fit. */
const remembering =
  (
    recall: (commit: Commit, scope: string) => CommitResult | undefined,
    record: (commit: Commit, result: CommitResult, scope: string) => void
  ) =>
  (inner: ScopedStore, scope: string): Partial<ScopedStore> => ({
    commit: async (commit) => {
      const known = recall(commit, scope)
      if (known !== undefined) return known
      await pause()
      const result = await inner.commit({ ...commit, id: another(), retry: false })
      record(commit, result, scope)
      return result
    }
  })

export const idempotency: ReadonlyArray<Saboteur> = [
  {
    does: "takes every copy for a new commit",
    breaks: [
      "lands once by its id: a copy",
      "changes nothing of what happened since",
      "race land once",
      "never part",
      "which commits landed",
      "land whole or not at all"
    ],
    wreck: () => ({ scoped: sending((commit) => ({ ...commit, id: another(), retry: false })) })
  },
  {
    does: "answers a copy with the position of now",
    breaks: ["lands once by its id: a copy", "changes nothing of what happened since"],
    wreck: () => ({
      scoped: answering(async (result, commit, inner) =>
        result._tag === "Committed" && commit.writes.length > 0 ? { ...result, position: (await inner.read([])).position } : result
      )
    })
  },
  {
    does: "remembers the last five commits only",
    breaks: ["changes nothing of what happened since"],
    wreck: () => {
      const last: Array<readonly [string, CommitResult]> = []
      return {
        scoped: remembering(
          ({ id }) => last.slice(-5).find(([known]) => known === id)?.[1],
          ({ id }, result) => void last.push([id, result])
        )
      }
    }
  },
  {
    does: "looks for copies before it takes the lock",
    breaks: ["race land once", "never part"],
    wreck: () => {
      const answers = new Map<string, CommitResult>()
      return {
        scoped: remembering(
          ({ id }) => answers.get(id),
          ({ id }, result) => void answers.set(id, result)
        )
      }
    }
  },
  {
    does: "does not record that a conflict is final",
    breaks: ["final: a late copy", "never part", "which conflicts are final", "what the memory store does"],
    wreck: () => ({ scoped: sending((commit) => ({ ...commit, retry: false })) })
  },
  {
    does: "keeps one list of ids for all scopes",
    breaks: ["counts in its scope alone"],
    wreck: () => {
      const answers = new Map<string, CommitResult>()
      return {
        scoped: remembering(
          ({ id }) => answers.get(id),
          ({ id }, result) => void answers.set(id, result)
        )
      }
    }
  }
]
