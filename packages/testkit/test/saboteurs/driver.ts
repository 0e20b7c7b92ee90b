import type { Due, Position, ScopedStore } from "@omni/core"
import { memory } from "@omni/core/memory"

import { another, pause, type Saboteur, sending, type Wreck } from "./wreck.ts"

type Driven = NonNullable<Wreck["driver"]>

const listing =
  (change: (all: ReadonlyArray<Due>, limit: number) => ReadonlyArray<Due>): Driven =>
  (inner) => ({
    due: async (collection, now, limit) => change(await inner.due(collection, now, 1e6), limit).slice(0, limit)
  })

export const dueWork: ReadonlyArray<Saboteur> = [
  {
    does: "leaves a due that was not given as it was",
    breaks: ["replaced by each write"],
    wreck: () => {
      const kept = new Map<string, number>()
      return {
        scoped: sending((commit) => ({
          ...commit,
          writes: commit.writes.map((write) => {
            const due = write.due ?? kept.get(write.key.id)
            if (due === undefined) return write
            kept.set(write.key.id, due)
            return { ...write, due }
          })
        }))
      }
    }
  },
  {
    does: "orders what is due as text",
    breaks: ["comes by number"],
    wreck: () => ({ driver: listing((all) => all.toSorted((a, b) => (String(a.due) < String(b.due) ? -1 : 1))) })
  },
  {
    does: "leaves out what is due right now",
    breaks: ["comes by number", "what is due over all scopes"],
    wreck: () => ({
      driver: (inner) => ({ due: (collection, now, limit) => inner.due(collection, now === Infinity ? now : now - 1, limit) })
    })
  },
  {
    does: "lists one scope after the other",
    breaks: ["what is due over all scopes"],
    wreck: () => ({ driver: listing((all) => all.toSorted((a, b) => (a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : 0))) })
  },
  {
    does: "lists what is due of another collection, too",
    breaks: ["asked for by collection"],
    wreck: () => {
      let before = ""
      return {
        driver: (inner) => ({
          due: async (collection, now, limit) => {
            const found = [...(await inner.due(collection, now, limit)), ...(await inner.due(before, now, limit))].slice(0, limit)
            before = collection
            return found
          }
        })
      }
    }
  },
  {
    does: "takes ties as they come",
    breaks: ["comes by number"],
    wreck: () => ({ driver: listing((all) => all.toSorted((a, b) => a.due - b.due || (a.key.id < b.key.id ? 1 : -1))) })
  }
]

export const scoping: ReadonlyArray<Saboteur> = [
  {
    does: "folds the names of scopes",
    breaks: ["scopes are separate"],
    wreck: () => ({ driver: (inner) => ({ open: (scope) => inner.open(scope.toLowerCase()) }) })
  },
  {
    does: "normalises the names of scopes",
    breaks: ["scopes are separate"],
    wreck: () => ({ driver: (inner) => ({ open: (scope) => inner.open(scope.normalize()) }) })
  },
  {
    does: "lists scopes by their rows",
    breaks: ["those that hold anything"],
    wreck: () => {
      const rows = new Set<string>()
      return {
        scoped: (inner, scope) => ({
          commit: (commit) => {
            if (commit.writes.length > 0) rows.add(scope)
            return inner.commit(commit)
          }
        }),
        driver: (inner) => ({ scopes: async () => (await inner.scopes()).filter(({ scope }) => rows.has(scope)) })
      }
    }
  },
  {
    does: "says that a scope stands where it first stood",
    breaks: ["those that hold anything"],
    wreck: () => {
      const first = new Map<string, Position>()
      return {
        scoped: (inner, scope) => ({
          commit: async (commit) => {
            const result = await inner.commit(commit)
            if (result._tag === "Committed" && !first.has(scope)) first.set(scope, result.position)
            return result
          }
        }),
        driver: (inner) => ({
          scopes: async () => (await inner.scopes()).map(({ scope, position }) => ({ scope, position: first.get(scope) ?? position }))
        })
      }
    }
  },
  {
    does: "fails while another commit is under way",
    breaks: ["do not wait for or fail each other"],
    wreck: () => {
      let busy = false
      return {
        scoped: (inner) => ({
          commit: async (commit) => {
            if (busy) throw new Error("database is locked")
            busy = true
            await pause()
            return inner.commit(commit).finally(() => (busy = false))
          }
        })
      }
    }
  }
]

type Begin = Required<ScopedStore>["begin"]

const beginning =
  (
    change: (session: Awaited<ReturnType<Begin>>, inner: Required<ScopedStore>) => Partial<Awaited<ReturnType<Begin>>>
  ): NonNullable<Wreck["scoped"]> =>
  (inner) => ({
    begin: async (keys) => {
      const session = await inner.begin(keys)
      return { ...session, ...change(session, inner) }
    }
  })

export const sessions: ReadonlyArray<Saboteur> = [
  {
    does: "takes no lock for a session",
    breaks: ["excludes every other commit", "that is released", "holds nothing", "sessions that queue"],
    wreck: () => ({
      scoped: (inner) => ({
        begin: async (keys) => ({
          rows: (await inner.read(keys)).rows,
          read: async (more) => (await inner.read(more)).rows,
          commit: async (commit) => {
            await pause()
            return inner.commit(commit)
          },
          release: async () => {}
        })
      })
    })
  },
  {
    does: "keeps the lock of a session that is released",
    breaks: ["that is released"],
    wreck: () => ({ scoped: beginning(() => ({ release: async () => {} })) })
  },
  {
    does: "releases whatever session is open",
    breaks: ["holds nothing"],
    wreck: () => {
      let current: { release(): Promise<void> } | undefined
      return {
        scoped: beginning((session) => {
          current = session
          return { release: async () => current?.release() }
        })
      }
    }
  },
  {
    does: "does not check in a session",
    breaks: ["hold as ever"],
    wreck: () => ({ scoped: beginning((session) => ({ commit: (commit) => session.commit({ ...commit, checks: [] }) })) })
  },
  {
    does: "lets reads wait for a session",
    breaks: ["reads are answered"],
    wreck: () => {
      let open: Promise<void> = Promise.resolve()
      return {
        scoped: (inner) => ({
          ...beginning((session) => {
            let end = () => {}
            open = new Promise((resolve) => (end = resolve))
            return { release: () => session.release().finally(end), commit: (commit) => session.commit(commit).finally(end) }
          })(inner, ""),
          read: (keys, queries) => open.then(() => inner.read(keys, queries))
        })
      }
    }
  },
  {
    does: "takes a session's commit for a new one",
    breaks: ["a session's commit lands once"],
    wreck: () => ({ scoped: beginning((session) => ({ commit: (commit) => session.commit({ ...commit, id: another() }) })) })
  },
  {
    does: "leaves sessions open when it closes",
    breaks: ["closing a client"],
    wreck: () => ({ driver: () => ({ close: async () => {} }) })
  }
]

export const watching: ReadonlyArray<Saboteur> = [
  {
    does: "wakes for rows only",
    breaks: ["woken after each commit"],
    wreck: () => {
      const bells = new Set<() => void>()
      return {
        scoped: (inner) => ({
          commit: (commit) => inner.commit(commit).finally(() => commit.writes.length > 0 && bells.forEach((wake) => wake())),
          watch: async (wake) => {
            bells.add(wake)
            return { [Symbol.asyncDispose]: async () => void bells.delete(wake) }
          }
        })
      }
    }
  },
  {
    does: "wakes for commits of its own client only",
    breaks: ["woken after each commit"],
    wreck: () => ({
      scoped: (inner) => {
        const bells = new Set<() => void>()
        return {
          commit: (commit) => inner.commit(commit).finally(() => bells.forEach((wake) => wake())),
          watch: async (wake) => {
            bells.add(wake)
            return { [Symbol.asyncDispose]: async () => void bells.delete(wake) }
          }
        }
      }
    })
  },
  {
    does: "forgets all watchers with one",
    breaks: ["leaves the others"],
    wreck: () => {
      const watches = new Set<AsyncDisposable>()
      return {
        scoped: (inner) => ({
          watch: async (wake) => {
            watches.add(await inner.watch(wake))
            return {
              [Symbol.asyncDispose]: async () => void (await Promise.all([...watches].map((watch) => watch[Symbol.asyncDispose]())))
            }
          }
        })
      }
    }
  }
]

export const durability: ReadonlyArray<Saboteur> = [
  {
    does: "is empty when it is opened again",
    breaks: ["has everything", "which commits landed", "goes on: later positions", "land whole or not at all"],
    wreck: () => ({ reopen: () => memory() })
  },
  {
    does: "fails to migrate when another does",
    breaks: ["bringing a store to this layout"],
    wreck: () => {
      let migrating = false
      return {
        driver: () => ({
          migrate: async () => {
            if (migrating) throw new Error("table already exists")
            migrating = true
            await pause()
            migrating = false
          }
        })
      }
    }
  }
]
