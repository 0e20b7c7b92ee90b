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
    const above = yield* assertTree(tx, id, rest.parent)
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
    const after = tx.put(Accounts, id, { ...rest, id, ...(above.length === 0 ? {} : { above: [...above] }), status, needsPurchaseOrder })
    tellOwed(tx, id, "limits")
    return after
  }
)

const isSettled = ({ ordered, invoiced, settled }: Owed): boolean => ordered === 0 && invoiced === 0 && settled === 0

/**
 * The accounts that an account belongs to, the nearest first. What its row remembers of them is loaded together, so that a deep tree takes no
 * more loads than a flat one; where a branch has moved since, the rows say so themselves.
 */
export function* ancestors(tx: Tx, parent: string | undefined): Generator<Account, void, unknown> {
  for (let next = parent; next !== undefined;) {
    const found = tx.get(Accounts, next)
    if (found === undefined) return
    tx.prefetch(Accounts, found.above ?? [])
    yield found
    next = found.parent
  }
}

/** What an account belongs to, if that may be. Errors: `AccountNotFound`, `AccountCycle`. */
function* assertTree(
  tx: Tx,
  id: string,
  parent: string | undefined
): Generator<AccountNotFound | AccountCycle, ReadonlyArray<string>, unknown> {
  const above: Array<string> = []
  if (parent !== undefined) yield* accountOf(tx, parent)
  for (const found of ancestors(tx, parent)) {
    if (found.id === id || above.length === LEVELS)
      return yield* fail(
        new AccountCycle({
          account: id,
          message: `"${parent}" cannot be the parent of "${id}": it belongs to it, or is more than ${LEVELS} levels deep.`
        })
      )
    above.push(found.id)
  }
  return above
}
