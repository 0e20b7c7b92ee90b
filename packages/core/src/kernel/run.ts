import { freeze, seedText } from "../encoding/ids.ts"
import { IdempotencyMismatch, ImpureOperation, InvalidOperation, InvalidRow, SubjectErased } from "../errors.ts"
import { type Receipt, Receipts } from "../work/system.ts"
import type { Batch } from "./batch.ts"
import type { Call, Ended } from "./call.ts"
import { Transaction } from "./tx.ts"

/** Runs a call in a batch, unless rows are missing: then `false`, and nothing has changed. A call that fails leaves no trace. */
export const runCall = (batch: Batch, call: Call, twice: boolean): boolean => {
  let mark = batch.mark()
  let ended = once(batch, call)
  if (twice && ended !== undefined) {
    const before = batch.trace(mark) + show(ended)
    batch.rollback(mark)
    mark = batch.mark()
    ended = once(batch, call)
    if (ended !== undefined && batch.trace(mark) + show(ended) !== before)
      ended = { defect: impure(call, before, batch.trace(mark) + show(ended)) }
  }
  if (ended === undefined || !("ok" in ended) || !ended.ok) batch.rollback(mark)
  call.ended = ended
  return ended !== undefined
}

const once = (batch: Batch, call: Call): Ended | undefined => {
  const tx = new Transaction(batch, call)
  const { operation, input, receipt } = call
  let blind = false
  try {
    // A receipt that is not loaded is loaded with the first rows that the body asks for; until then nothing that it does counts.
    blind = receipt !== undefined && !tx.foresee(Receipts, receipt)
    const told = receipt === undefined || blind ? undefined : tx.expect(Receipts, receipt)
    if (told !== undefined) {
      batch.recalled = true
      return answerOf(call, told)
    }
    const body = operation.body(tx, input as never)
    const step = body.next()
    if (tx.poisoned || blind) return undefined
    if (step.done !== true) {
      body.return(undefined)
      return { ok: false, error: step.value }
    }
    const value = freeze(step.value)
    const slip = tx.idle === undefined ? slipOf(value) : `called "${tx.idle}" and did not run it: write yield* before the call`
    if (slip !== undefined) throw new InvalidOperation({ operation: operation.name, message: `"${operation.name}" ${slip}.` })
    if (receipt !== undefined) {
      const remembered = operation.remember
      tx.put(Receipts, receipt, {
        reply: JSON.stringify(value),
        input: call.fingerprint,
        seed: seedText(call.seed),
        at: tx.now,
        until: Number.isFinite(remembered) ? batch.now + remembered : undefined,
        owner: tx.owner
      })
    }
    return { ok: true, value }
  } catch (error) {
    if (tx.poisoned || blind) return undefined
    return error instanceof InvalidRow ? { ok: false, error } : { defect: error }
  } finally {
    tx.close()
  }
}

/** What is wrong with what an operation returned, if anything. */
const slipOf = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  if (value instanceof Promise) return "returned a promise; operations are synchronous"
  return "next" in value && typeof value.next === "function" ? "returned a call that was not run: write return yield*" : undefined
}

/** What a call is told whose key was used before. */
const answerOf = ({ operation: { name }, key, fingerprint }: Call, { input, reply, owner }: Receipt): Ended => {
  if (input === undefined) return { ok: false, error: forgotten(name, key!, owner) }
  if (input !== fingerprint) return { ok: false, error: mismatch(name, key!) }
  return { ok: true, value: reply === undefined ? undefined : freeze(JSON.parse(reply)) }
}

const mismatch = (operation: string, key: string) =>
  new IdempotencyMismatch({
    operation,
    key,
    message: `The key "${key}" of "${operation}" was used before with another input. Send the same input again, or choose a new key.`
  })

const forgotten = (operation: string, key: string, subject = "") =>
  new SubjectErased({
    subject,
    message: `"${operation}" was done under the key "${key}", but its reply was personal data of "${subject}", whose key was destroyed. It was not done again.`
  })

const show = (ended: Ended): string =>
  "ok" in ended
    ? JSON.stringify(ended, (_, v: unknown) => (v instanceof Error ? { ...v, message: v.message } : v))
    : `defect: ${String(ended.defect)}`

const impure = (call: Call, first: string, second: string) => {
  let at = 0
  while (first[at] === second[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60)
  return new ImpureOperation({
    operation: call.operation.name,
    message: `"${call.operation.name}" did something else when it was run again on the same rows: first …${around(first)}…, then …${around(second)}…. Use tx.now and tx.newId in place of the clock and of randomness, and keep no state outside of tx.`
  })
}
