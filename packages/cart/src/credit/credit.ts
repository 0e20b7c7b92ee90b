import {
  checkOptions,
  Duration,
  type EventType,
  fail,
  handedIn,
  Id,
  Instant,
  type Item,
  type KnownOptions,
  module,
  money,
  type Page,
  paged,
  query,
  reactor,
  type View
} from "@omni/core"
import * as z from "zod"

import { codeSecret } from "../code/code.ts"
import { CreditNotFound } from "./errors.ts"
import { expireCredit, GRACE, moveCredit, standingFor } from "./ledger.ts"
import { liveAt, lotsOf, sumOf } from "./lots.ts"
import { BalanceChanged, CreditAccounts, CreditEntries, type CreditEntry, CreditHolders, CreditReferences } from "./model.ts"
import { balanceOf, creditOperations } from "./operations.ts"

/** What an app says about its gift cards and store credit. */
export interface CreditOptions {
  /** At least 32 random characters, by which the codes of gift cards are made and known. It is nowhere in the store: without it no code is worth anything. */
  readonly secret: string
  /**
   * How long what comes back to credit that has expired, or would sooner, can still be used: 90 days unless told; 0, and what comes back keeps its time: it expires
   * at once where that is up. Say it to `creditTenders` too.
   */
  readonly grace?: Duration
  /** `ProfilesMerged`: store credit moves to the customer who remains. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

/** What can be used of a gift card or store credit, by its account: of a card, its token; and what of it expires next. Errors: `CreditNotFound`. */
const balance = query("credit.balance", z.object({ account: Id }), function* (view, { account: id }) {
  const account = standingFor(view, id) ?? (yield* fail(CreditNotFound.of(id)))
  return balanceOf(account, view.now)
})

/** The balance of an account as of a moment: what its entries were by then; of one to come, what will not have expired if nothing happens. Errors: `CreditNotFound`. */
const balanceAt = query("credit.balanceAt", z.object({ account: Id, at: Instant }), function* (view, { account: id, at }) {
  const account = view.get(CreditAccounts, id) ?? (yield* fail(CreditNotFound.of(id)))
  const amount = at < view.now ? account.balance - changedSince(view, id, at) : sumOf(liveAt(lotsOf(account), at))
  return { account: id, at, balance: money(amount, account.currency) }
})

/** By how much an account has changed after a moment. What a till tells later was then: no single entry says what there was. */
const changedSince = (view: View, account: string, at: number): number => {
  let sum = 0
  let after: string | undefined
  do {
    const page: Page<Item<CreditEntry>> = view.find(CreditEntries, "account", {
      equals: [account],
      from: at + 1,
      limit: 1_000,
      ...(after === undefined ? {} : { after })
    })
    sum += page.items.reduce((total, { row }) => total + row.amount, 0)
    after = page.cursor
  } while (after !== undefined)
  return sum
}

/** A customer's gift cards and store credit, the latest first, in pages. */
const creditOf = query("credit.creditOf", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(CreditAccounts, "customer", { equals: [customer], order: "desc", ...page })
})

/** The entries of an account, the latest first, in pages: its balance is their sum. */
const creditEntries = query("credit.creditEntries", z.object({ account: Id, ...paged }), function* (view, { account, ...page }) {
  return view.find(CreditEntries, "account", { equals: [account], order: "desc", ...page })
})

const known: KnownOptions<CreditOptions> = { secret: true, grace: Duration, customersMerged: true }

/**
 * The module of gift cards and store credit, with their ledger. It stands beside `payments()`, which takes its tenders. Throws `TypeError` for a short secret and
 * `InvalidOptions`.
 */
export const credit = (options: CreditOptions) => {
  checkOptions("credit()", options, known, ["secret"])
  const { secret, grace = GRACE, customersMerged } = options
  return module("credit", {
    collections: [CreditAccounts, CreditHolders, CreditEntries, CreditReferences],
    events: [BalanceChanged],
    operations: creditOperations(codeSecret(secret), grace),
    queries: { balance, balanceAt, creditOf, creditEntries },
    internal: [expireCredit],
    reactors:
      customersMerged === undefined
        ? []
        : [
            reactor("credit.customersMerged", [customersMerged], function* (tx, { data: { from, into } }) {
              moveCredit(tx, from, into)
            })
          ],
    needs: handedIn(customersMerged)
  })
}
