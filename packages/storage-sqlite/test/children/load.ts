import type { Commit } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"

import { meet } from "./meet.ts"

/** Commits as fast as it can for some time (ms); prints how many, and how long they took (ms), sorted. */
const [, , path = "", side = "", size = "", duration = ""] = process.argv
const driver = sqlite(path)
const store = await driver.open("main")
await meet(store, "start", side)
const end = Date.now() + Number(duration)
const times: Array<number> = []
for (let n = 0; Date.now() < end; n++) {
  const commit: Commit = {
    id: `${side}-${n}`,
    time: 1,
    retry: false,
    checks: [],
    writes: Array.from({ length: Number(size) }, (_, i) => ({
      key: { collection: "c", id: `${side}-${n}-${i}` },
      row: { schema: 1, value: `"${"x".repeat(150)}"` },
      add: [],
      drop: [],
      due: undefined
    })),
    events: Array.from({ length: Number(size) }, () => ({ type: "T", subject: "s", time: 1, body: `"${"x".repeat(300)}"` }))
  }
  const begun = performance.now()
  const result = await store.commit(commit)
  if (result._tag !== "Committed") throw new Error(result._tag)
  times.push(performance.now() - begun)
}
await driver.close()
console.log(JSON.stringify(times.sort((a, b) => a - b)))
