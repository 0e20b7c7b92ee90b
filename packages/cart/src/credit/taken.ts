import type { Duration, Tx } from "@omni/core"

import { givenBack, taken } from "./ledger.ts"
import { comingBack, lot } from "./lots.ts"
import { type CreditAccount, type CreditReason, CreditReferences } from "./model.ts"

/** What was taken under a key, and how much of it has come back. */
export const takenUnder = (tx: Tx, key: string) => tx.get(CreditReferences, key)

/** Takes so much under a key, and remembers from what. `asked`: what was wanted, where that is more. */
export const takeUnder = (
  tx: Tx,
  account: CreditAccount,
  { key, amount, asked, reference }: { readonly key: string; readonly amount: number; readonly asked?: number; readonly reference: string }
): CreditAccount => {
  const more = asked === undefined || asked === amount ? {} : { asked }
  if (amount === 0) {
    tx.put(CreditReferences, key, { account: account.id, ...more, taken: 0, back: 0 })
    return account
  }
  const { account: after, from } = taken(tx, account, amount, { reason: "redeemed", reference })
  tx.put(CreditReferences, key, { account: account.id, ...more, taken: amount, from, back: 0 })
  return after
}

/** Gives so much back of what was taken under a key: who calls has looked that it is no more. */
export const giveBackUnder = (
  tx: Tx,
  account: CreditAccount,
  {
    key,
    amount,
    reason,
    reference,
    grace
  }: { readonly key: string; readonly amount: number; readonly reason: CreditReason; readonly reference: string; readonly grace: Duration }
): CreditAccount => {
  const known = takenUnder(tx, key)
  const from = known?.from
  // What was taken before it was written down from what.
  const lots = known === undefined || from === undefined ? [lot(amount, account.expiresAt)] : comingBack(from, known.back, amount)
  if (known !== undefined) tx.put(CreditReferences, key, { ...known, back: known.back + amount })
  return givenBack(tx, account, lots, { reason, reference }, grace)
}
