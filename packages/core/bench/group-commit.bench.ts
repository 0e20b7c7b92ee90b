import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { handWrittenBatch, rawTransactions, type Contender } from "./peers.ts"
import { ours, type Settings } from "./reserve.ts"

/** Reservations a second through the public client, on SQLite with full sync, against what would be written without Omni. */

const folder = mkdtempSync(join(tmpdir(), "omni-bench-"))
let files = 0
/** Calls made so far, so that no key comes twice. */
let made = 0

/** As many calls as a run makes at most, and how long (ms) it goes on making them. */
const amount = (inFlight: number, slow: boolean): number => (slow || inFlight === 1 ? 100 : 15_000) * (isLong ? 4 : 1)
const duration = isLong ? 1000 : 150

/** Calls, so many at a time; a second. */
const ratePerSecond = async (contender: Contender, skus: number, inFlight: number, calls: number): Promise<number> => {
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < calls && performance.now() - began < duration) {
        const n = made++
        next++
        await contender.reserve(`sku-${n % skus}`, 1, n)
      }
    })
  )
  return (next * 1000) / (performance.now() - began)
}

/** Each run is on a file of its own, and is measured when it has gone on for as long unmeasured: an app is opened once, and stays warm. */
const rate =
  (make: (path: string) => Contender, skus: number, inFlight: number, slow = false): Run =>
  async () => {
    const path = join(folder, `${files++}.db`)
    const contender = make(path)
    const calls = amount(inFlight, slow)
    await ratePerSecond(contender, skus, inFlight, calls)
    const measured = await ratePerSecond(contender, skus, inFlight, calls)
    await contender.close()
    for (const ending of ["", "-wal", "-shm"]) rmSync(path + ending, { force: true })
    return measured
  }

const by = (settings: Settings) => (path: string) => ours(path, settings)

// Nothing is measured before the compiler has seen most of it.
for (let round = 0; round < 10; round++) await rate(by({}), 1, 1024)()
for (let round = 0; round < 3; round++) await rate(handWrittenBatch, 1, 1024)()

for (const [name, skus] of [
  ["hot key", 1],
  ["spread over 1000 keys", 1000]
] as const) {
  for (const inFlight of [1024, 64, 1]) {
    await compare({
      bench: "core",
      case: `${name}, ${inFlight} in flight`,
      unit: "reservations/s",
      better: "higher",
      rounds: isLong ? 7 : 3,
      ours: rate(by({}), skus, inFlight),
      peers: {
        "one commit per operation": rate(by({ batch: 1 }), skus, inFlight, true),
        "raw transaction per operation": rate(rawTransactions, skus, inFlight, true),
        "hand-written batch": rate(handWrittenBatch, skus, inFlight)
      }
    })
  }
}

for (const [what, settings] of [
  ["with idempotency keys", { keyed: true }],
  ["with personal fields", { personal: true }],
  ["with keys and personal fields", { keyed: true, personal: true }]
] as const) {
  await compare({
    bench: "core",
    case: `hot key, 1024 in flight, ${what}`,
    unit: "reservations/s",
    better: "higher",
    rounds: isLong ? 7 : 3,
    ours: rate(by(settings), 1, 1024),
    peers: { "hand-written batch": rate(handWrittenBatch, 1, 1024), "without them": rate(by({}), 1, 1024) }
  })
}

rmSync(folder, { recursive: true, force: true })
