import pg from "pg"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"
import { handWrittenBatch, transactions } from "./peers.ts"
import { type Contender, ours } from "./reserve.ts"

/** Reservations a second on a PostgreSQL server of default durability, against what would be written without Omni. */

const server = await startPostgres()
const owner = new pg.Client({ connectionString: server.url })
await owner.connect()

let schemas = 0

/** Runs on a schema of its own, which is removed afterwards. */
const fresh = async <A>(work: (schema: string) => Promise<A>): Promise<A> => {
  const schema = `bench_${schemas++}`
  try {
    return await work(schema)
  } finally {
    await owner.query(`drop schema if exists ${schema} cascade; drop schema if exists ${schema}_keys cascade`)
  }
}

type Make = (url: string, schema: string) => Promise<Contender>

const measured = async (contender: Contender, skus: number, inFlight: number, millis: number): Promise<number> => {
  let calls = 0
  let next = 0
  const reserve = async (until: number) => {
    while (performance.now() < until) {
      await contender.reserve(`sku-${next++ % skus}`, 1)
      calls++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, () => reserve(performance.now() + millis / 4)))
  calls = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: inFlight }, () => reserve(began + millis)))
  return (calls * 1000) / (performance.now() - began)
}

const rate =
  (make: Make, skus: number, inFlight: number): Run =>
  () =>
    fresh(async (schema) => {
      const contender = await make(server.url, schema)
      const rate = await measured(contender, skus, inFlight, isLong ? 3000 : 400)
      await contender.close()
      return rate
    })

const pooledTransactions: Make = (url, schema) => transactions(url, schema, 16)
const directTransaction: Make = (url, schema) => transactions(url, schema, 1)

const loads = [
  ["hot key", 1],
  ["spread over 1000 keys", 1000]
] as const

for (const [name, skus] of loads) {
  for (const inFlight of [1024, 64]) {
    await compare({
      bench: "storage-postgres",
      case: `${name}, ${inFlight} in flight`,
      unit: "reservations/s",
      better: "higher",
      rounds: isLong ? 5 : 1,
      ours: rate(ours, skus, inFlight),
      peers: {
        "transaction per operation, 16 connections": rate(pooledTransactions, skus, inFlight),
        "hand-written batch": rate(handWrittenBatch, skus, inFlight)
      }
    })
  }
  await compare({
    bench: "storage-postgres",
    case: `${name}, one in flight`,
    unit: "reservations/s",
    better: "higher",
    rounds: isLong ? 5 : 3,
    ours: rate(ours, skus, 1),
    peers: { "direct transaction": rate(directTransaction, skus, 1) }
  })
}

await owner.end()
await server.stop()
