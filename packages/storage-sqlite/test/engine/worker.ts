import { sqlite } from "@omni/storage-sqlite"

import { app } from "./app.ts"

/**
 * A process of the app. `work`: places orders under keys, from where it is told, until it is killed. `race`: as many orders as it can
 * on one key for a while; then says how many and how long they took.
 */
const [mode, path, delivered, from] = process.argv.slice(2) as [string, string, string, string]
const omni = app(sqlite(path), delivered)

if (mode === "work") {
  omni.run()
  process.stdout.write("ready\n")
  for (let n = Number(from); ; n += 8) {
    await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        await omni.t.place({ order: `o${n + i}`, subject: `s${(n + i) % 5}` }, { key: `o${n + i}` })
        process.stdout.write(`done ${n + i}\n`)
      })
    )
  }
}

if (mode === "race") {
  await omni.t.counts({ subjects: ["hot"] })
  process.stdout.write("ready\n")
  await new Promise((resolve) => process.stdin.once("data", resolve))
  const until = performance.now() + Number(from)
  const took: Array<number> = []
  await Promise.all(
    Array.from({ length: 64 }, async (_, i) => {
      for (let n = 0; performance.now() < until; n++) {
        const began = performance.now()
        await omni.t.place({ order: `${process.pid} ${i} ${n}`, subject: "hot" })
        took.push(performance.now() - began)
      }
    })
  )
  took.sort((a, b) => a - b)
  process.stdout.write(`${JSON.stringify({ orders: took.length, p99: took[Math.floor(took.length * 0.99)] })}\n`)
  await omni.close()
  process.exit(0)
}
