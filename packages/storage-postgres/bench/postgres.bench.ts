import pg from "pg"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"
import { fleet, rateOf } from "./fleet.ts"
import { type Contended, contenders, load } from "./load.ts"

/** Reservations a second on a PostgreSQL server of default durability, against what would be written without Omni. */

const server = await startPostgres()
const owner = new pg.Client({ connectionString: server.url })
await owner.connect()

const rounds = isLong ? 5 : 3
let schemas = 0

/** Contenders stay for all runs of a comparison, each on a schema of its own: a run before the first that counts warms them up. */
const comparison = async (work: (schema: () => string, closing: Array<() => Promise<void>>) => Promise<unknown>): Promise<void> => {
  const made: Array<string> = []
  const closing: Array<() => Promise<void>> = []
  await work(() => {
    const schema = `bench_${schemas++}`
    made.push(schema)
    return schema
  }, closing)
  for (const close of closing) await close()
  for (const schema of made) await owner.query(`drop schema if exists ${schema} cascade; drop schema if exists ${schema}_keys cascade`)
}

const loads = [
  ["hot key", 1],
  ["spread over 1000 keys", 1000]
] as const

/** One process, beside others that do the same by other means. */
const alone = (name: string, skus: number, inFlight: number, millis: number, peers: { readonly [peer: string]: Contended }) =>
  comparison(async (schema, closing) => {
    const rate = async (contended: Contended): Promise<Run> => {
      const contender = await contenders[contended](server.url, schema())
      closing.push(() => contender.close())
      // More than some of them would only wait for its connections, and the run for them.
      const run = load(contender, skus, contended === "transactions" ? Math.min(inFlight, 64) : inFlight)
      return async () => rateOf([await run(isLong ? millis * 8 : millis)])
    }
    const runs: Record<string, Run> = {}
    for (const [peer, contended] of Object.entries(peers)) runs[peer] = await rate(contended)
    await compare({
      bench: "storage-postgres",
      case: `${name}, ${inFlight === 1 ? "one" : inFlight} in flight`,
      unit: "reservations/s",
      better: "higher",
      rounds,
      ours: await rate("ours"),
      peers: runs
    })
  })

/** Four processes on the same keys, beside one of them, and beside those who write the batch by hand: what the machine allows. */
const together = (name: string, skus: number) =>
  comparison(async (schema, closing) => {
    const rates = async (contended: Contended): Promise<{ readonly one: Run; readonly four: Run }> => {
      const clients = await fleet(4, contended, server.url, schema(), skus, 1024)
      closing.push(() => clients.close())
      await clients.run(4, 500)
      const rate = (processes: number) => async () => rateOf(await clients.run(processes, isLong ? 3000 : 300))
      return { one: rate(1), four: rate(4) }
    }
    const ours = await rates("ours")
    const batch = await rates("batch")
    await compare({
      bench: "storage-postgres",
      case: `${name}, four processes with 1024 in flight each`,
      unit: "reservations/s",
      better: "higher",
      rounds: isLong ? 5 : 2,
      ours: ours.four,
      peers: {
        "one of these processes": ours.one,
        "hand-written batch, four processes": batch.four,
        "hand-written batch, one process": batch.one
      }
    })
  })

// What is compiled while it runs needs more than one short run.
for (const contended of ["ours", "batch"] as const)
  await comparison(async (schema, closing) => {
    const contender = await contenders[contended](server.url, schema())
    closing.push(() => contender.close())
    await load(contender, 1, 1024)(800)
  })

for (const [name, skus] of loads) {
  for (const inFlight of [1024, 64])
    await alone(name, skus, inFlight, inFlight === 64 ? 150 : 250, {
      "transaction per operation, 16 connections": "transactions",
      "hand-written batch": "batch"
    })
  await alone(name, skus, 1, 150, { "direct transaction": "transaction" })
  await together(name, skus)
}

await owner.end()
await server.stop()
