import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"

import { type Commit, type Position, type ScopedStore, START } from "@omni/core"

/** All that a log holds, or what is left of it: where it begins, and the events as they are stored. */
export const logOf = async (store: ScopedStore): Promise<{ readonly from: Position; readonly bodies: ReadonlyArray<string> }> => {
  const first = await store.events(START, 0)
  const from = first._tag === "PositionExpired" ? first.oldest : START
  const page = await store.events(from, 1_000_000)
  if (page._tag !== "Events") throw new Error(page._tag)
  return { from, bodies: page.events.map(({ body }) => body) }
}

/** The lines of a tenant's archive by its manifests, in order; read without what is under test. */
export const linesIn = (folder: string): ReadonlyArray<string> => {
  if (!existsSync(folder)) return []
  const manifests = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as { readonly first: string; readonly file: string })
  return manifests
    .toSorted((a, b) => (a.first < b.first ? -1 : 1))
    .flatMap(({ file }) =>
      gunzipSync(readFileSync(join(folder, file)))
        .toString()
        .trimEnd()
        .split("\n")
    )
}

let commits = 0

/** Records events, of the times given. */
export const record = async (
  store: ScopedStore,
  times: ReadonlyArray<number>,
  more: { readonly imported?: boolean; readonly pad?: string } = {}
): Promise<void> => {
  for (let i = 0; i < times.length; i += 2_000) {
    const part = times.slice(i, i + 2_000)
    const commit: Commit = {
      id: `archive-${process.pid}-${++commits}`,
      time: 1,
      retry: false,
      checks: [],
      writes: [],
      events: part.map((time, n) => {
        const id = `evt-${commits}-${n}`
        const data = { n, text: `a line\u2028and another${more.pad ?? ""}` }
        const event = {
          specversion: "1.0",
          id,
          type: "T",
          subject: `s${n % 7}`,
          time: new Date(time).toISOString(),
          ...(more.imported ? { imported: true } : {}),
          data
        }
        return { type: "T", subject: `s${n % 7}`, time, body: JSON.stringify(event) }
      })
    }
    const result = await store.commit(commit)
    if (result._tag !== "Committed") throw new Error(result._tag)
  }
}

/** So many instants, evenly over so many months from January 2026. */
export const over = (months: number, count: number): ReadonlyArray<number> => {
  const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, months, 1)]
  return Array.from({ length: count }, (_, i) => from + Math.floor(((to - from) * i) / count))
}
