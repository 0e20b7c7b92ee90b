import { writeSync } from "node:fs"

import type { Commit } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"

/** Commits without end: commit n sets ROWS rows to n and records ROWS events; each is said on standard output once it is acknowledged. */
export const ROWS = 300

const path = process.argv[2]
if (path !== undefined) {
  const store = await sqlite(path).open("main")
  const counter = { collection: "c", id: "counter" }
  for (;;) {
    const [row] = (await store.read([counter])).rows
    const n = row === undefined ? 1 : Number(row.value) + 1
    const write = (id: string) => ({
      key: { collection: "c", id },
      row: { schema: 1, value: String(n) },
      add: [{ index: "n", value: String(n).padStart(9, "0") }],
      drop: n === 1 ? [] : [{ index: "n", value: String(n - 1).padStart(9, "0") }],
      due: n
    })
    const commit: Commit = {
      id: `crash-${n}`,
      time: n,
      retry: false,
      checks: [{ key: counter, version: row?.version }],
      writes: [write("counter"), ...Array.from({ length: ROWS }, (_, i) => write(`row-${i}`))],
      events: Array.from({ length: ROWS }, (_, i) => ({
        type: "N",
        subject: String(i),
        time: n,
        body: JSON.stringify({ n, i, pad: "x".repeat(200) })
      }))
    }
    const result = await store.commit(commit)
    if (result._tag !== "Committed") throw new Error(result._tag)
    writeSync(1, `${n}\n`)
  }
}
