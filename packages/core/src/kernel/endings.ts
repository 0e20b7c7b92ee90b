import { Contended, InvalidOperation, InvalidRow, StoreUnavailable, SubjectErased } from "../errors.ts"
import { Unreadable } from "../ports/link.ts"
import type { Call, Ended } from "./call.ts"

/** How calls end that the engine gives up. */

/** What is thrown while a batch is loaded, run and encoded: an error that callers know, or a defect. */
export const endedBy = (error: unknown): Ended => {
  if (error instanceof Unreadable) return { ok: false, error: unavailable("The store could not be read", error.cause) }
  const known = error instanceof StoreUnavailable || error instanceof SubjectErased || error instanceof InvalidRow
  return known ? { ok: false, error } : { defect: error }
}

const unavailable = (what: string, cause: unknown) => new StoreUnavailable({ message: `${what}: ${String(cause)}`, cause })

export const overdue = ({ operation }: Call, cause: unknown): Ended => ({
  ok: false,
  error: unavailable(`"${operation.name}" waited for the store until its time was up, and was not begun`, cause)
})

/** `final`: no store with these limits takes it, however often it is asked. */
export const notTaken = ({ operation }: Call, reason: string, final: boolean): Ended => ({
  ok: false,
  error: new StoreUnavailable({ message: `The store did not take the commit of "${operation.name}": ${reason}`, cause: reason, final })
})

export const contended = ({ operation, attempts }: Call): Ended => ({
  ok: false,
  error: new Contended({
    operation: operation.name,
    attempts,
    message: `"${operation.name}" lost the race for its rows ${attempts} times until its time was up. Nothing was written; try again.`
  })
})

export const looping = ({ operation }: Call, loads: number): Ended => ({
  defect: new InvalidOperation({
    operation: operation.name,
    message: `"${operation.name}" needed more than ${loads} loads of rows. Load what a loop reads with tx.getMany before it, and derive keys from few rows.`
  })
})
