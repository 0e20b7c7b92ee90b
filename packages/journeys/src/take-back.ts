import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import type { WithdrawPort } from "./port.ts"

/** Takes back messages that still wait, sent at `since` or later. */
export type TakeBack = (tx: Tx, messages: ReadonlyArray<string>, since: number) => void

/** Takes back all of them in the commit that it is called in. */
export const takeBackBy =
  (withdraw: WithdrawPort | undefined): TakeBack =>
  (tx, messages) => {
    if (withdraw !== undefined) for (const message of messages) tx.attempt(withdraw(tx, { message }))
  }

/** So many are taken back in the commit that ends their entries. */
const FEW = 2

/**
 * The operation that takes back one message, and how many are: the first few in the commit that ends their entries, each of the others by
 * a call of its own right after it. Every message is one more load, so that a customer with hundreds would hold up everybody else's calls.
 * Not for what happens as of an earlier time, when nothing can be scheduled.
 */
export const takingBack = (here: TakeBack) => {
  const takeBackOne = operation("journeys.takeBack", z.object({ message: Id }), function* (tx, { message }) {
    here(tx, [message], tx.now)
  })
  const takeBack: TakeBack = (tx, messages, since) => {
    here(tx, messages.slice(0, FEW), since)
    // Due before any of them is: one whose waiting time is over by now must not go out meanwhile.
    for (const message of messages.slice(FEW)) tx.schedule(since, takeBackOne, { message })
  }
  return { takeBack, takeBackOne }
}
