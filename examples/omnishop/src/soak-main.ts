import { parseArgs } from "node:util"

import { startPostgres } from "../../../scripts/postgres/server.ts"
import { memoryHome, postgresHome } from "./home.ts"
import { calm, soak } from "./soak.ts"

const USAGE = `pnpm soak [--minutes <n>] [--seed <n>] [--store memory|postgres]

Tells Omnishop's story over a store that fails by seed, again and again, and compares what came of it with a calm telling.
  --minutes <n>  how long; 1 unless told
  --seed <n>     the first seed; those that follow are the next ones
  --store        "memory", or "postgres": a server of its own that is killed meanwhile`

const options = { minutes: { type: "string" }, seed: { type: "string" }, store: { type: "string" }, help: { type: "boolean" } } as const

/** Each part of a story takes seconds: one that takes so long (ms) will never end, and says where it stands. */
const HANGS = 120_000

const main = async (): Promise<void> => {
  const { minutes = "1", seed: first = "1", store = "memory", help } = parseArgs({ options, allowPositionals: true }).values
  if (help === true) return console.log(USAGE)
  if (!(Number(minutes) > 0) || !Number.isSafeInteger(Number(first)) || (store !== "memory" && store !== "postgres"))
    throw new TypeError(USAGE)
  const server = store === "postgres" ? await startPostgres() : undefined
  const home = server === undefined ? memoryHome("") : postgresHome(server.url, "", () => server.stop())
  try {
    const expected = await calm(home)
    const end = performance.now() + Number(minutes) * 60_000
    for (let seed = Number(first); performance.now() < end; seed++) {
      const began = performance.now()
      let doing = ""
      const hangs = setTimeout(() => {
        console.error(`Seed ${seed} hangs while ${doing}: ${process.getActiveResourcesInfo().join(", ")}`)
        process.exit(1)
      }, HANGS)
      const { lines, ...met } = await soak(home, seed, server, (what) => {
        doing = what
        hangs.refresh()
      })
      clearTimeout(hangs)
      const differs = lines.findIndex((line, i) => line !== expected[i])
      const same = differs < 0 && lines.length === expected.length
      console.log(JSON.stringify({ seed, same, ...met, seconds: Math.round((performance.now() - began) / 100) / 10 }))
      if (!same) {
        console.error(`Line ${differs + 1} differs.\n  calm: ${expected[differs]}\n  now:  ${lines[differs]}`)
        process.exitCode = 1
        return
      }
    }
  } finally {
    await home[Symbol.asyncDispose]()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
