import { type EventType, fail, Id, module, paged, query, reactor } from "@omni/core"
import * as z from "zod"

import { codeSecret } from "../code/code.ts"
import { CreditNotFound } from "./errors.ts"
import { expireCredit, moveCredit } from "./ledger.ts"
import { BalanceChanged, CreditAccounts, CreditEntries, CreditHolders, CreditReferences } from "./model.ts"
import { balanceOf, creditOperations } from "./operations.ts"

/** What an app says about its gift cards and store credit. */
export interface CreditOptions {
  /** At least 32 random characters, by which the codes of gift cards are made and known. It is nowhere in the store: without it no code is worth anything. */
  readonly secret: string
  /** `ProfilesMerged`: store credit moves to the customer who remains. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

/** What can be used of a gift card or store credit, by its account: of a card, its token. Errors: `CreditNotFound`. */
const balance = query("credit.balance", z.object({ account: Id }), function* (view, { account: id }) {
  const account = view.get(CreditAccounts, id) ?? (yield* fail(CreditNotFound.of(id)))
  return balanceOf(account, view.now)
})

/** A customer's gift cards and store credit, the latest first, in pages. */
const creditOf = query("credit.creditOf", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(CreditAccounts, "customer", { equals: [customer], order: "desc", ...page })
})

/** The entries of an account, the latest first, in pages: its balance is their sum. */
const creditEntries = query("credit.creditEntries", z.object({ account: Id, ...paged }), function* (view, { account, ...page }) {
  return view.find(CreditEntries, "account", { equals: [account], order: "desc", ...page })
})

/** The module of gift cards and store credit, with their ledger. It stands beside `payments()`, which takes its tenders. Throws `TypeError` for a short secret. */
export const credit = ({ secret, customersMerged }: CreditOptions) =>
  module("credit", {
    collections: [CreditAccounts, CreditHolders, CreditEntries, CreditReferences],
    events: [BalanceChanged],
    operations: creditOperations(codeSecret(secret)),
    queries: { balance, creditOf, creditEntries },
    internal: [expireCredit],
    reactors:
      customersMerged === undefined
        ? []
        : [
            reactor("credit.customersMerged", [customersMerged], function* (tx, { data: { from, into } }) {
              moveCredit(tx, from, into)
            })
          ]
  })
