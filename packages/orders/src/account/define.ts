import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { AccountBlocked, AccountCurrency, AccountCycle, AccountNotFound } from "./errors.ts"
import { type Account, accountFields, Accounts, ApprovalLevels } from "./model.ts"
import { type Owed, owedBy, tellOwed } from "./owed.ts"

/** Branches of branches, at most so many levels up. */
const LEVELS = 20

/** The account, if it may order. Errors: `AccountNotFound`, `AccountBlocked`. */
export function* activeAccount(tx: Tx, id: string): Generator<AccountNotFound | AccountBlocked, Account, unknown> {
  const found = yield* accountOf(tx, id)
  return found.status === "active" ? found : yield* fail(AccountBlocked.of(id))
}

/** The account of an id. Errors: `AccountNotFound`. */
export function* accountOf(tx: Tx, id: string): Generator<AccountNotFound, Account, unknown> {
  return tx.get(Accounts, id) ?? (yield* fail(AccountNotFound.of(id)))
}

/**
 * Makes an account, or says anew what it is; what is left out goes back to its default. It is the shop's to say, credit limit and terms
 * above all; what the company says itself is `setApprovals` and `setBuyer`.
 *
 * Errors: `AccountNotFound` of a parent, `AccountCycle`, `AccountCurrency` when its books would change their currency while what is
 * ordered, invoiced or settled is not each nothing: figures that cancel out now need not in other money.
 */
export const defineAccount = operation(
  "accounts.defineAccount",
  z.object({
    account: Id,
    ...accountFields,
    status: z.enum(["active", "blocked"]).exactOptional(),
    needsPurchaseOrder: z.boolean().exactOptional(),
    approvalLevels: ApprovalLevels.exactOptional()
  }),
  function* (tx, { account: id, status = "active", needsPurchaseOrder = false, ...rest }) {
    yield* assertTree(tx, id, rest.parent)
    const before = tx.get(Accounts, id)
    if (before !== undefined && before.currency !== rest.currency && !isSettled(owedBy(tx, before)))
      return yield* fail(
        new AccountCurrency({
          account: id,
          expected: before.currency,
          got: rest.currency,
          message: `The books of "${id}" stay in ${before.currency} while anything in them is open; ${rest.currency} can follow once what is ordered, invoiced and settled is each nothing.`
        })
      )
    const after = tx.put(Accounts, id, { ...rest, id, status, needsPurchaseOrder })
    tellOwed(tx, id, "limits")
    return after
  }
)

const isSettled = ({ ordered, invoiced, settled }: Owed): boolean => ordered === 0 && invoiced === 0 && settled === 0

function* assertTree(tx: Tx, id: string, parent: string | undefined): Generator<AccountNotFound | AccountCycle, void, unknown> {
  let above = parent
  for (let level = 0; above !== undefined; level++) {
    if (above === id || level === LEVELS)
      return yield* fail(
        new AccountCycle({
          account: id,
          message: `"${parent}" cannot be the parent of "${id}": it belongs to it, or is more than ${LEVELS} levels deep.`
        })
      )
    const found: Account = yield* accountOf(tx, above)
    above = found.parent
  }
}
