import pg from "pg"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"
import type { Contender, Make } from "./contender.ts"
import { coalesced, conditional } from "./hand.ts"
import { medusa } from "./medusa.ts"
import { ours } from "./ours.ts"

/**
 * Reservations of one piece on one PostgreSQL server of default durability. Each contender has a database of its own and the same work:
 * a row of stock and a row for the reservation; ours writes an event to the log besides.
 */

const BENCH = "inventory"

const server = await startPostgres({ settings: { max_connections: "250" } })
const owner = new pg.Client({ connectionString: server.url })
await owner.connect()

let databases = 0

const opened = async (make: Make, skus: number, pieces: number): Promise<Contender> => {
  const name = `bench_${databases++}`
  await owner.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return make(
    url.href,
    Array.from({ length: skus }, (_, i) => `sku-${i}`),
    pieces
  )
}

const LOCK_IN_POSTGRES = "@medusajs/inventory 2.21.2, its lock in PostgreSQL"

const makers: Readonly<Record<string, Make>> = {
  "@medusajs/inventory 2.21.2, its default lock": medusa("in-memory"),
  [LOCK_IN_POSTGRES]: medusa("postgres"),
  "one conditional UPDATE and INSERT by hand": conditional,
  "a statement for all that wait for a sku, by hand": coalesced
}

/** Reservations a second with so many in flight; one that could not be tried is not counted. */
const rate =
  (contender: Contender, skus: number, inFlight: number): Run =>
  async () => {
    let calls = 0
    let next = 0
    const shopper = async (until: number): Promise<void> => {
      while (performance.now() < until) {
        const served = await contender.reserve(`sku-${next++ % skus}`, 1).catch(() => false)
        if (served) calls++
      }
    }
    const shoppers = async (millis: number): Promise<number> => {
      const began = performance.now()
      await Promise.all(Array.from({ length: inFlight }, () => shopper(began + millis)))
      return performance.now() - began
    }
    await shoppers(isLong ? 500 : 100)
    calls = 0
    const millis = await shoppers(isLong ? 2000 : 400)
    return (calls * 1000) / millis
  }

for (const skus of [1, 1000]) {
  const mine = await opened(ours, skus, 1_000_000_000)
  const theirs: Record<string, Contender> = {}
  for (const [name, make] of Object.entries(makers))
    if (isLong || name !== LOCK_IN_POSTGRES) theirs[name] = await opened(make, skus, 1_000_000_000)
  for (const inFlight of isLong ? [1, 64, 256] : [64]) {
    // It takes two connections for each reservation that is in flight.
    const able = Object.entries(theirs).filter(([name]) => name !== LOCK_IN_POSTGRES || inFlight <= 64)
    await compare({
      bench: BENCH,
      case: `${skus === 1 ? "hot sku" : "1000 skus"}, ${inFlight} in flight`,
      unit: "reservations/s",
      better: "higher",
      rounds: 1,
      ours: rate(mine, skus, inFlight),
      peers: Object.fromEntries(able.map(([name, contender]) => [name, rate(contender, skus, inFlight)]))
    })
  }
  for (const contender of [mine, ...Object.values(theirs)]) await contender.close()
}

/** What is granted when so many shoppers ask for one piece each, so many of them at once. */
const granted =
  (make: Make, pieces: number, shoppers: number, inFlight: number): Run =>
  async () => {
    const contender = await opened(make, 1, pieces)
    let served = 0
    let next = 0
    const shopper = async (): Promise<void> => {
      while (next++ < shoppers) if (await contender.reserve("sku-0", 1).catch(() => false)) served++
    }
    await Promise.all(Array.from({ length: inFlight }, shopper))
    if (make === ours && (await contender.reserved()) !== served) throw new Error("what is reserved is not what was granted")
    await contender.close()
    return served
  }

const withLock = { "@medusajs/inventory 2.21.2, its default lock": medusa("in-memory") }
const withoutLock = { ...withLock, "@medusajs/inventory 2.21.2, without a lock": medusa("none") }
const runs = (peers: Readonly<Record<string, Make>>, of: (make: Make) => Run) =>
  Object.fromEntries(Object.entries(peers).map(([name, make]) => [name, of(make)]))

await compare({
  bench: BENCH,
  case: "1000 shoppers at once on 1000 pieces",
  unit: "served",
  better: "higher",
  rounds: 1,
  ours: granted(ours, 1000, 1000, 1000),
  peers: runs(withLock, (make) => granted(make, 1000, 1000, 1000))
})

if (isLong)
  await compare({
    bench: BENCH,
    case: "1000 tries on 100 pieces, 64 in flight",
    unit: "granted; more than 100 is oversold",
    better: "lower",
    rounds: 1,
    ours: granted(ours, 100, 1000, 64),
    peers: runs(withoutLock, (make) => granted(make, 100, 1000, 64))
  })

await owner.end()
await server.stop()
