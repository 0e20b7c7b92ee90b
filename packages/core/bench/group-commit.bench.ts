import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { handWrittenBatch, rawTransactions, type Contender } from "./peers.ts"
import { ours, type Settings } from "./reserve.ts"

/** Reservations a second through the public client, on SQLite with full sync, against what would be written without Omni. */

const folder = mkdtempSync(join(tmpdir(), "omni-bench-"))
let files = 0

/** As many calls as a run makes at most, and how long (ms) it goes on making them. */
const amount = (inFlight: number, slow: boolean): number => (slow || inFlight === 1 ? 100 : 15_000) * (isLong ? 4 : 1)
const duration = isLong ? 1000 : 250

const rate =
  (make: (path: string) => Contender, skus: number, inFlight: number, slow = false): Run =>
  async () => {
    const path = join(folder, `${files++}.db`)
    const contender = make(path)
    const calls = amount(inFlight, slow)
    let next = 0
    const began = performance.now()
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (next < calls && performance.now() - began < duration) {
          const n = next++
          await contender.reserve(`sku-${n % skus}`, 1, n)
        }
      })
    )
    const millis = performance.now() - began
    await contender.close()
    for (const ending of ["", "-wal", "-shm"]) rmSync(path + ending, { force: true })
    return (next * 1000) / millis
  }

/** Time for the compiler to see what all contenders do most, before anything is measured. */
const warmUp = async (contenders: ReadonlyArray<(path: string) => Contender>): Promise<void> => {
  for (let round = 0; round < 3; round++) for (const contender of contenders) await rate(contender, 1, 1024)()
}

const by = (settings: Settings) => (path: string) => ours(path, settings)

await warmUp([by({}), handWrittenBatch])

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
  await warmUp([by(settings)])
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
