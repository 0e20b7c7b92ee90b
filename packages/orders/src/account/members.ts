import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { accountOf, activeAccount, ancestors } from "./define.ts"
import { type AccountBlocked, type AccountNotFound, LastAdmin, NotAllowed, type NotAllowedReason } from "./errors.ts"
import {
  type Account,
  AccountAdmins,
  Accounts,
  ApprovalLevels,
  type Buyer,
  buyerFields,
  type BuyerRole,
  Buyers,
  MemberChanged
} from "./model.ts"

/** The key of a buyer. */
export const buyerKey = (account: string, customer: string): string => `${account}/${customer}`

/** The member of an account who has a role. Errors: `NotAllowed`. */
export function* withRole(tx: Tx, { id }: Account, customer: string, role: BuyerRole): Generator<NotAllowed, Buyer, unknown> {
  const buyer = tx.get(Buyers, buyerKey(id, customer))
  return buyer?.roles.includes(role) === true ? buyer : yield* fail(notAllowed(id, customer, role, "role", `he is no ${role} of it`))
}

/** The error about somebody who may not. */
export const notAllowed = (
  account: string,
  customer: string,
  needed: BuyerRole,
  reason: NotAllowedReason,
  why: string,
  level?: number
): NotAllowed =>
  new NotAllowed({
    account,
    customer,
    needed,
    reason,
    ...(level === undefined ? {} : { level }),
    message: `"${customer}" may not do this for "${account}": ${why}.`
  })

/** Who changes members and rules: the shop, which names nobody, or an admin of the account or of one that it belongs to. */
function* asAdmin(tx: Tx, id: string, by: string | undefined): Generator<AccountNotFound | AccountBlocked | NotAllowed, Account, unknown> {
  if (by === undefined) return yield* accountOf(tx, id)
  const account = yield* activeAccount(tx, id)
  tx.prefetch(Accounts, account.above ?? [])
  const tree = [account, ...ancestors(tx, account.parent)]
  const members = tx.getMany(
    Buyers,
    tree.map((one) => buyerKey(one.id, by))
  )
  if (members.some((member) => member?.roles.includes("admin") === true)) return account
  return yield* fail(notAllowed(id, by, "admin", "role", "he is no admin of it, nor of an account that it belongs to"))
}

/** Notes whether somebody is admin. The shop may leave an account without one; its admins may not. Errors: `LastAdmin`. */
function* noteAdmin(
  tx: Tx,
  account: string,
  customer: string,
  isAdmin: boolean,
  by: string | undefined
): Generator<LastAdmin, void, unknown> {
  const { admins } = tx.get(AccountAdmins, account) ?? { admins: [] }
  if (isAdmin === admins.includes(customer)) return
  const after = isAdmin ? [...admins, customer] : admins.filter((one) => one !== customer)
  if (after.length === 0 && by !== undefined)
    yield* fail(
      new LastAdmin({
        account,
        customer,
        message: `"${customer}" is the last admin of "${account}". Make somebody else admin first.`
      })
    )
  tx.put(AccountAdmins, account, { admins: after })
}

const told = (tx: Tx, account: string, customer: string, roles: ReadonlyArray<BuyerRole>, by: string | undefined): void =>
  tx.emit(MemberChanged, account, { account, customer, roles: [...roles], ...(by === undefined ? {} : { by }) })

/**
 * Says what a person may do for an account; what was said before is replaced. `by`: an admin does it, of the account or of one that it
 * belongs to; without one the shop does. Errors: `AccountNotFound`, and of an admin `AccountBlocked`, `NotAllowed`, `LastAdmin`.
 */
export const setBuyer = operation(
  "accounts.setBuyer",
  z.object({ account: Id, customer: Id, ...buyerFields, by: Id.exactOptional() }),
  function* (tx, { by, ...buyer }) {
    const { account, customer } = buyer
    yield* asAdmin(tx, account, by)
    const roles = [...new Set(buyer.roles)]
    yield* noteAdmin(tx, account, customer, roles.includes("admin"), by)
    told(tx, account, customer, roles, by)
    return tx.put(Buyers, buyerKey(account, customer), { ...buyer, roles })
  }
)

/**
 * A person does nothing for an account any more. Nothing happens when he never did. `by` as in `setBuyer`. Errors: `AccountNotFound`, and of
 * an admin `AccountBlocked`, `NotAllowed`, `LastAdmin`.
 */
export const removeBuyer = operation(
  "accounts.removeBuyer",
  z.object({ account: Id, customer: Id, by: Id.exactOptional() }),
  function* (tx, { account, customer, by }) {
    yield* asAdmin(tx, account, by)
    if (tx.get(Buyers, buyerKey(account, customer)) === undefined) return
    yield* noteAdmin(tx, account, customer, false, by)
    tx.remove(Buyers, buyerKey(account, customer))
    told(tx, account, customer, [], by)
  }
)

/**
 * Says when an order of an account needs approval, and whether it needs the number of a purchase order: the company's own rules, which its
 * admins may change (`by`) as well as the shop. What waits already needs what it was told. Errors: `AccountNotFound`, and of an admin
 * `AccountBlocked`, `NotAllowed`.
 */
export const setApprovals = operation(
  "accounts.setApprovals",
  z.object({
    account: Id,
    approvalLevels: ApprovalLevels.exactOptional(),
    needsPurchaseOrder: z.boolean().exactOptional(),
    by: Id.exactOptional()
  }),
  function* (tx, { account: id, by, ...rules }) {
    const account = yield* asAdmin(tx, id, by)
    return tx.put(Accounts, id, { ...account, ...rules })
  }
)
