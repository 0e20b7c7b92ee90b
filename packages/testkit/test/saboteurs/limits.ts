import type { Commit, Key, KeyStore, ScopedStore } from "@omni/core"

import { another, pause, type Saboteur, sending, type Wreck } from "./wreck.ts"

/** Stores rows under another id than the one given. */
const renaming = (rename: (id: string) => string): NonNullable<Wreck["scoped"]> => {
  const key = ({ collection, id }: Key): Key => ({ collection, id: rename(id) })
  return (inner) => ({
    read: (keys, queries) => inner.read(keys.map(key), queries),
    commit: (commit) =>
      inner.commit({
        ...commit,
        checks: commit.checks.map((check) => ({ ...check, key: key(check.key) })),
        writes: commit.writes.map((write) => ({ ...write, key: key(write.key) }))
      })
  })
}

const rewriting = (change: (value: string) => string) =>
  sending((commit: Commit) => ({
    ...commit,
    writes: commit.writes.map((write) =>
      write.row === undefined ? write : { ...write, row: { ...write.row, value: change(write.row.value) } }
    )
  }))

const renamings: ReadonlyArray<readonly [string, (id: string) => string]> = [
  ["in lower case", (id) => id.toLowerCase()],
  ["with accents composed", (id) => id.normalize()],
  ["without spaces at the end", (id) => id.trimEnd()],
  ["cut after 255 units", (id) => id.slice(0, 255)]
]

const reading =
  (change: (read: ScopedStore["read"]) => ScopedStore["read"]): NonNullable<Wreck["scoped"]> =>
  (inner) => ({ read: change(inner.read) })

export const limits: ReadonlyArray<Saboteur> = [
  ...renamings.map(([how, rename]) => ({
    does: `keeps ids ${how}`,
    breaks: ["keys are any text"],
    wreck: () => ({ scoped: renaming(rename) })
  })),
  {
    does: "keeps values parsed",
    breaks: ["letter for letter"],
    wreck: () => ({ scoped: rewriting((value) => JSON.stringify(JSON.parse(value))) })
  },
  {
    does: "keeps 64 kB of a value",
    breaks: ["as large as the limits say"],
    wreck: () => ({ scoped: rewriting((value) => value.slice(0, 2 ** 16)) })
  },
  {
    does: "answers only the rows that are there",
    breaks: ["answers each key in its place"],
    wreck: () => ({
      scoped: reading((read) => async (keys, queries) => {
        const snapshot = await read(keys, queries)
        return { ...snapshot, rows: snapshot.rows.filter((row) => row !== undefined) }
      })
    })
  },
  {
    does: "takes only so many keys in a read",
    breaks: ["answers each key in its place"],
    wreck: () => ({
      scoped: reading((read) => async (keys, queries) => {
        if (keys.length > 32_766) throw new Error("too many SQL variables")
        return read(keys, queries)
      })
    })
  },
  {
    does: "takes half of what its limits say",
    breaks: ["as many rows as the limits say"],
    wreck: () => ({
      options: { limits: { keys: 1_000 } },
      scoped: (inner) => ({
        commit: async (commit) =>
          commit.checks.length + commit.writes.length > 500 ? { _tag: "NotWritten", reason: "too many" } : inner.commit(commit)
      })
    })
  },
  {
    does: "writes as much of a commit as fits",
    breaks: ["NotWritten (or lands whole)"],
    wreck: () => ({
      options: { limits: { keys: 1_000 } },
      scoped: (inner) => ({
        commit: async (commit) => {
          const result = await inner.commit(commit)
          if (result._tag === "NotWritten")
            await inner.commit({ ...commit, id: another(), writes: commit.writes.slice(0, 1_000), events: [] })
          return result
        }
      })
    })
  },
  {
    does: "takes what is no text for U+FFFD",
    breaks: ["no store has to keep"],
    wreck: () => ({ scoped: renaming((id) => id.replaceAll(/\p{Surrogate}/gu, "\ufffd")) })
  },
  {
    does: "takes U+0000 for the end of a text",
    breaks: ["no store has to keep"],
    wreck: () => ({ scoped: renaming((id) => id.split("\0")[0]!) })
  },
  { does: "says it can hold nothing", breaks: ["the limits let an app work"], wreck: () => ({ options: { limits: { keys: 0 } } }) }
]

const keyed = (change: (inner: KeyStore) => Partial<KeyStore>): (() => Wreck) => {
  const wrecks = new WeakMap<KeyStore, KeyStore>()
  return () => ({
    driver: ({ keys }) => {
      const known = wrecks.get(keys) ?? { ...forwarded(keys), ...change(keys) }
      wrecks.set(keys, known)
      return { keys: known }
    }
  })
}

const forwarded = (keys: KeyStore): KeyStore => ({
  specVersion: 1,
  get: (scope, subjects) => keys.get(scope, subjects),
  create: (scope, subject, key) => keys.create(scope, subject, key),
  destroy: (scope, subject) => keys.destroy(scope, subject)
})

type Held = Uint8Array | "destroyed"

/** A key store on a plain map, to be wrong about. */
const plain = (change: (held: Map<string, Held>) => Partial<KeyStore>, named = (subject: string): string => subject): (() => Wreck) =>
  keyed(() => {
    const held = new Map<string, Held>()
    const name = (scope: string, subject: string) => `${scope}\n${named(subject)}`
    const { create, destroy } = change(held)
    return {
      get: async (scope, subjects) => subjects.map((subject) => held.get(name(scope, subject))),
      create: async (scope, subject, key) => {
        if (create !== undefined) return create(name(scope, subject), subject, key)
        const kept = held.get(name(scope, subject)) ?? key.slice()
        held.set(name(scope, subject), kept)
        return kept
      },
      destroy: async (scope, subject) =>
        destroy === undefined ? void held.set(name(scope, subject), "destroyed") : destroy(name(scope, subject), subject)
    }
  })

export const keys: ReadonlyArray<Saboteur> = [
  {
    does: "keeps the last key",
    breaks: ["the first key stays", "all are answered the same"],
    wreck: plain((held) => ({
      create: async (name, _, key) => {
        held.set(name, key.slice())
        return key
      }
    }))
  },
  {
    does: "looks for a key, then creates it",
    breaks: ["all are answered the same", "never bring a key back"],
    wreck: plain((held) => ({
      create: async (name, _, key) => {
        const known = held.get(name)
        if (known !== undefined) return known
        await pause()
        held.set(name, key)
        return key
      }
    }))
  },
  {
    does: "forgets whose keys it destroyed",
    breaks: ["stays destroyed", "never bring a key back"],
    wreck: plain((held) => ({ destroy: async (name) => void held.delete(name) }))
  },
  {
    does: "destroys only what there is",
    breaks: ["stays destroyed"],
    wreck: plain((held) => ({ destroy: async (name) => void (held.has(name) && held.set(name, "destroyed")) }))
  },
  {
    does: "folds the names of subjects",
    breaks: ["one subject of one scope"],
    wreck: plain(
      () => ({}),
      (subject) => subject.toLowerCase()
    )
  },
  { does: "hands out its own arrays", breaks: ["whatever is done with the arrays"], wreck: plain(() => ({})) }
]
