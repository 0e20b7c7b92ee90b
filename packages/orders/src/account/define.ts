import { Count, Currency, fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { AccountBlocked, AccountCycle, AccountNotFound } from "./errors.ts"
import { type Account, Accounts, BuyerRole, Buyers } from "./model.ts"

/** Branches of branches, at most so many levels up. */
const LEVELS = 20

/** The key of a buyer. */
export const buyerKey = (account: string, customer: string): string => `${account}/${customer}`

/** The account, if it may order. */
export function* activeAccount(tx: Tx, id: string): Generator<AccountNotFound | AccountBlocked, Account, unknown> {
  const found = tx.get(Accounts, id)
  if (found === undefined) return yield* fail(AccountNotFound.of(id))
  return found.status === "active" ? found : yield* fail(AccountBlocked.of(id))
}

/** Makes an account, or says anew what it is; what is left out goes back to its default. Errors: `AccountNotFound` of a parent, `AccountCycle`. */
export const defineAccount = operation(
  "accounts.defineAccount",
  z.object({
    account: Id,
    name: z.string().min(1).max(200),
    number: Id.exactOptional(),
    parent: Id.exactOptional(),
    status: z.enum(["active", "blocked"]).exactOptional(),
    currency: Currency,
    creditLimit: Count.exactOptional(),
    netDays: Count.max(3650).exactOptional(),
    needsPurchaseOrder: z.boolean().exactOptional(),
    approvalAbove: Count.exactOptional()
  }),
  function* (tx, { account: id, status = "active", needsPurchaseOrder = false, ...rest }) {
    yield* assertTree(tx, id, rest.parent)
    return tx.put(Accounts, id, { ...rest, id, status, needsPurchaseOrder })
  }
)

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
    const found: Account | undefined = tx.get(Accounts, above)
    if (found === undefined) return yield* fail(AccountNotFound.of(above))
    above = found.parent
  }
}

/** Says what a person may do for an account; what was said before is replaced. Errors: `AccountNotFound`. */
export const setBuyer = operation(
  "accounts.setBuyer",
  z.object({
    account: Id,
    customer: Id,
    roles: z.array(BuyerRole).min(1).max(3),
    limit: Count.exactOptional(),
    approvalLimit: Count.exactOptional()
  }),
  function* (tx, { roles, ...buyer }) {
    if (tx.get(Accounts, buyer.account) === undefined) return yield* fail(AccountNotFound.of(buyer.account))
    return tx.put(Buyers, buyerKey(buyer.account, buyer.customer), { ...buyer, roles: [...new Set(roles)] })
  }
)

/** A person orders for an account no more. Nothing happens when he never did. */
export const removeBuyer = operation(
  "accounts.removeBuyer",
  z.object({ account: Id, customer: Id }),
  function* (tx, { account, customer }) {
    tx.remove(Buyers, buyerKey(account, customer))
  }
)
