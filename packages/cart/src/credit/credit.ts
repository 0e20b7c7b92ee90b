import {
  checkOptions,
  Duration,
  type EventType,
  fail,
  handedIn,
  Id,
  Instant,
  type KnownOptions,
  module,
  money,
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
import { BalanceChanged, type CreditAccount, CreditAccounts, CreditEntries, CreditHolders, CreditReferences } from "./model.ts"
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
  const amount = at < view.now ? account.balance - changedSince(view, account, at) : sumOf(liveAt(lotsOf(account), at))
  return { account: id, at, balance: money(amount, account.currency) }
})

/** How many entries are read of a span of time, and in how many parts it is looked at where it has more. */
const PAGE = 1_000
const PARTS = 64

/** Entries of an account from one value of an index to another: by their moments, or, of one moment, by their numbers. */
interface Span {
  readonly equals: ReadonlyArray<string | number>
  readonly from: number
  readonly to: number
}

/**
 * By how much an account has changed after a moment. What a till tells later was then: no single entry says what there was. Time is parted
 * until no part has too many entries, so that few loads are enough, however many there are.
 */
const changedSince = (view: View, { id, entries = 2 ** 32 }: CreditAccount, at: number): number => {
  const [newest] = view.find(CreditEntries, "account", { equals: [id], from: at + 1, order: "desc", limit: 1 }).items
  let sum = 0
  let spans: ReadonlyArray<Span> = newest === undefined ? [] : [{ equals: [id], from: at + 1, to: newest.row.at }]
  while (spans.length > 0) {
    const pages = view.findMany(
      CreditEntries,
      "account",
      spans.map((span) => ({ ...span, limit: PAGE }))
    )
    spans = spans.flatMap((span, i) => {
      const { items, cursor } = pages[i]!
      if (cursor !== undefined) return partsOf(span, entries)
      for (const { row } of items) sum += row.amount
      return []
    })
  }
  return sum
}

const partsOf = ({ equals, from, to }: Span, entries: number): ReadonlyArray<Span> => {
  if (from === to) return [{ equals: [...equals, from], from: 0, to: entries }]
  const size = Math.ceil((to - from + 1) / PARTS)
  const parts: Array<Span> = []
  for (let at = from; at <= to; at += size) parts.push({ equals, from: at, to: Math.min(to, at + size - 1) })
  return parts
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
