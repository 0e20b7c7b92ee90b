import type { Link } from "../ports/link.ts"
import { Pace } from "../ports/pace.ts"
import type { LockedStore } from "../ports/store.ts"
import type { Batch } from "./batch.ts"
import type { Call } from "./call.ts"
import { looping } from "./endings.ts"
import { runCall } from "./run.ts"
import type { TransactorOptions } from "./transactor.ts"

/** Calls run in one batch for this long (ms). */
const BATCH = 16
/** Loads for a batch; whoever needs more waits for the next. */
export const ROUNDS = 3
/** Loads after which an operation is taken for one that reads in a loop. */
const LOOP = 8

/** Runs calls until each has ended (`ran`) or waits for more than this batch will load (the `rest`, in order). */
export const runCalls = async (
  batch: Batch,
  calls: ReadonlyArray<Call>,
  link: Link,
  lock: LockedStore | undefined,
  { verify, limits, platform }: TransactorOptions
): Promise<{ readonly ran: ReadonlyArray<Call>; readonly rest: ReadonlyArray<Call> }> => {
  const ran: Array<Call> = []
  const pace = new Pace(platform)
  let pending: ReadonlyArray<Call> = calls
  for (let round = 0; pending.length > 0 && (round <= ROUNDS || ran.length === 0); round++) {
    if (round > 0) {
      const wanted = [...batch.wanted]
      await link.load(wanted, lock)
      for (const row of wanted) {
        batch.sure?.add(row)
        if (row.secret || row.passing) batch.leaving.push(row)
      }
      batch.wanted.clear()
    }
    const again: Array<Call> = []
    const waiting = new Set<string>()
    for (let i = 0; i < pending.length; i++) {
      const call = pending[i]!
      if (call.cancelled) continue
      const full = batch.reads.length + batch.dirty.length + batch.events.length > limits.keys * 0.8
      if ((call.lane !== undefined && waiting.has(call.lane)) || (full && ran.length > 0)) again.push(call)
      else if (runCall(batch, call, verify)) ran.push(call)
      else if (round >= LOOP && verify) {
        call.ended = looping(call, LOOP)
        ran.push(call)
      } else {
        call.rounds++
        again.push(call)
      }
      if (again.at(-1) === call && call.lane !== undefined) waiting.add(call.lane)
      if ((i & 7) === 7 && pace.isSpent()) {
        // Who holds the lock has run its calls before, and so knows how many there is time for.
        if (lock !== undefined || pace.elapsed() < BATCH) await pace.pause()
        else if (ran.length > 0) {
          // What they stopped for is not loaded, so it was no load of theirs.
          for (const waiting of again) waiting.rounds = 0
          return { ran, rest: [...again, ...pending.slice(i + 1)] }
        } else {
          again.push(...pending.slice(i + 1))
          break
        }
      }
    }
    pending = again
  }
  return { ran, rest: pending }
}
