import type { CommitResult, EventPage, IndexQuery, Position, ScopedStore } from "@omni/core"

import { another, collated, type Compare, paging, pause, type Saboteur, sending, type Wreck } from "./wreck.ts"

const units: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

const collations: ReadonlyArray<readonly [string, Compare]> = [
  ["UTF-16 units", units],
  ["a dictionary", (a, b) => a.localeCompare(b)],
  ["lower case", (a, b) => units(a.toLowerCase(), b.toLowerCase())],
  ["composed accents", (a, b) => units(a.normalize(), b.normalize())],
  ["trimmed text", (a, b) => units(a.trimEnd(), b.trimEnd())]
]

const byOffset = (): NonNullable<Wreck["scoped"]> => {
  const offsets = new Map<string, number>()
  return paging((all, { order, limit, after, index }) => {
    const ordered = order === "asc" ? all : all.toReversed()
    const from = after === undefined ? 0 : (offsets.get(JSON.stringify([index, order, after])) ?? 0)
    const items = ordered.slice(from, from + limit)
    const { id = "", value = "" } = items.at(-1) ?? {}
    offsets.set(JSON.stringify([index, order, { value, id }]), from + items.length)
    return { items, more: from + items.length < ordered.length }
  })
}

const asking =
  (change: (query: IndexQuery) => IndexQuery): NonNullable<Wreck["scoped"]> =>
  (inner) => ({ read: (keys, queries = []) => inner.read(keys, queries.map(change)) })

export const finding: ReadonlyArray<Saboteur> = [
  ...collations.map(([order, compare]) => ({
    does: `collates by ${order}`,
    breaks: ["in order of code points"],
    wreck: () => ({ scoped: collated(compare) })
  })),
  {
    does: "takes a bound for a prefix",
    breaks: ["byte for byte"],
    wreck: () => ({ scoped: asking((query) => (query.from === query.to ? { ...query, to: `${query.to}\u{10ffff}` } : query)) })
  },
  {
    does: "keeps dropped entries",
    breaks: ["plain filter and sort", "what the memory store does", "what the memory store answers"],
    wreck: () => ({ scoped: sending((commit) => ({ ...commit, writes: commit.writes.map((write) => ({ ...write, drop: [] })) })) })
  },
  {
    does: "begins a page with the end of the last",
    breaks: ["plain filter and sort"],
    wreck: () => ({
      scoped: asking((query) =>
        query.after === undefined ? query : query.order === "asc" ? { ...query, from: query.after.value, after: undefined } : query
      )
    })
  },
  {
    does: "says there is more when a page is full",
    breaks: ["plain filter and sort"],
    wreck: () => ({
      scoped: (inner) => ({
        read: async (keys, queries = []) => {
          const snapshot = await inner.read(keys, queries)
          return { ...snapshot, pages: snapshot.pages.map((page, i) => ({ ...page, more: page.items.length === queries[i]!.limit })) }
        }
      })
    })
  },
  {
    does: "keeps one index of a name for all collections",
    breaks: ["belongs to one collection"],
    wreck: () => {
      const names = new Set<string>()
      return {
        scoped: (inner) => ({
          commit: (commit) => {
            for (const { key } of commit.writes) names.add(key.collection)
            return inner.commit(commit)
          },
          read: async (keys, queries = []) => {
            const own = await inner.read(keys, queries)
            const others = await Promise.all(
              [...names].map((collection) =>
                inner.read(
                  [],
                  queries.map((query) => ({ ...query, collection }))
                )
              )
            )
            return { ...own, pages: queries.map((_, i) => ({ items: others.flatMap(({ pages }) => pages[i]!.items), more: false })) }
          }
        })
      }
    }
  },
  { does: "pages by offset", breaks: ["neither gaps nor repeats"], wreck: () => ({ scoped: byOffset() }) },
  {
    does: "loses entries of commits that overlap",
    breaks: ["entries of commits that race"],
    wreck: () => {
      let under = 0
      return {
        scoped: (inner) => ({
          commit: async (commit) => {
            const alone = under++ === 0
            await pause()
            const result = await inner.commit(alone ? commit : { ...commit, writes: commit.writes.map((write) => ({ ...write, add: [] })) })
            under--
            return result
          }
        })
      }
    }
  }
]

const reading =
  (
    change: (page: EventPage & { readonly _tag: "Events" }, inner: ScopedStore, after: Position) => EventPage | Promise<EventPage>
  ): NonNullable<Wreck["scoped"]> =>
  (inner) => ({
    events: async (after, limit, types) => {
      const page = await inner.events(after, limit, types)
      return page._tag === "Events" ? change(page, inner, after) : page
    }
  })

export const logging: ReadonlyArray<Saboteur> = [
  {
    does: "records the events of a commit backwards",
    breaks: ["in the log in order", "they stay in order"],
    wreck: () => ({ scoped: sending((commit) => ({ ...commit, events: commit.events.toReversed() })) })
  },
  {
    does: "says that a page cut short went to the end",
    breaks: ["the log in pages"],
    wreck: () => ({ scoped: reading(async (page, inner) => ({ ...page, upto: (await inner.read([])).position })) })
  },
  {
    does: "stops where there is nothing of the types asked for",
    breaks: ["the log in pages"],
    wreck: () => ({ scoped: reading((page, _, after) => ({ ...page, upto: page.events.at(-1)?.position ?? after })) })
  },
  {
    does: "takes no types for all types",
    breaks: ["the log in pages"],
    wreck: () => ({
      scoped: (inner) => ({ events: (after, limit, types) => inner.events(after, limit, types?.length === 0 ? undefined : types) })
    })
  },
  {
    does: "shows the events of large commits late",
    breaks: ["skips no event"],
    wreck: () => {
      const hidden = new Set<string>()
      return {
        scoped: (inner) => ({
          commit: async (commit) => {
            const large = commit.writes.length > 10
            if (large) for (const { body } of commit.events) hidden.add(body)
            const result = await inner.commit(commit)
            if (large) await pause(3)
            for (const { body } of commit.events) hidden.delete(body)
            return result
          },
          ...reading((page) => ({ ...page, events: page.events.filter(({ body }) => !hidden.has(body)) }))(inner, "")
        })
      }
    }
  },
  {
    does: "does not tell that a cursor is too old",
    breaks: ["what is trimmed is gone", "positions are not used again"],
    wreck: () => ({
      scoped: (inner) => ({
        events: async (after, limit, types) => {
          const page = await inner.events(after, limit, types)
          return page._tag === "Events" ? page : inner.events(page.oldest, limit, types)
        }
      })
    })
  },
  {
    does: "counts from the start again after all was trimmed",
    breaks: ["positions are not used again"],
    wreck: () => {
      const offsets = new Map<string, number>()
      const shift = (scope: string, position: Position) =>
        String(Math.max(0, Number(position) - (offsets.get(scope) ?? 0))).padStart(16, "0") as Position
      return {
        scoped: (inner, scope) => ({
          trim: async (upto) => {
            await inner.trim(upto)
            offsets.set(scope, Number(upto))
          },
          commit: async (commit) => {
            const result: CommitResult = await inner.commit(commit)
            return result._tag === "Committed" ? { ...result, position: shift(scope, result.position) } : result
          }
        })
      }
    }
  },
  {
    does: "forgets with the events which commits landed",
    breaks: ["a trimmed log still serves"],
    wreck: () => {
      let trims = 0
      return {
        scoped: (inner) => ({
          trim: async (upto) => {
            trims++
            await inner.trim(upto)
          },
          commit: (commit) => inner.commit(trims === 0 ? commit : { ...commit, id: another() })
        })
      }
    }
  }
]
