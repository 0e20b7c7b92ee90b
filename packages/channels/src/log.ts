import type { Tx } from "@omni/core"

import { type Message, Messages, type MessageStatus } from "./model.ts"
import { noteEnded } from "./open.ts"

const RANK: { readonly [S in MessageStatus]: number } = { deferred: 0, queued: 1, skipped: 2, failed: 2, sent: 3 }

/**
 * Moves a message on. A status never goes back: what comes late or twice changes nothing, and gives `undefined`. What a message needs
 * only while it waits goes when it ends.
 */
export const advance = (tx: Tx, id: string, status: MessageStatus, changes: Partial<Message>): Message | undefined => {
  const row = tx.get(Messages, id)
  if (row === undefined || RANK[status] <= RANK[row.status]) return undefined
  const { request: _, until: __, ...kept } = row
  const over = RANK[status] > RANK.queued
  const after = tx.put(Messages, id, { ...kept, ...changes, status, ...(over ? { endedAt: tx.now } : {}) })
  if (over) noteEnded(tx, row.customer, id)
  return after
}

/** What every event about a message says of it. */
export const end = (message: string, { about, category, customer, kind, purpose }: Message) => ({
  message,
  customer,
  purpose,
  category,
  ...(about === undefined ? {} : { about }),
  ...(kind === undefined ? {} : { kind })
})
