import { fail, handedIn, Id, module, paged, query, reactor, type Tx } from "@omni/core"
import * as z from "zod"

import { earning } from "./earn.ts"
import { cardNumber, enrolOperations } from "./enrol.ts"
import { MemberNotFound } from "./errors.ts"
import { change, expired, reviewOf, withLot } from "./ledger.ts"
import { isOver, pointsOf, qualifying } from "./lots.ts"
import {
  LoyaltyCards,
  type Member,
  MemberEnrolled,
  Members,
  PointsAvailable,
  PointsChanged,
  PointsEntries,
  RewardClaimed,
  Spends,
  TierChanged
} from "./model.ts"
import { type LoyaltyOptions, loyaltySettings, type LoyaltySettings } from "./settings.ts"
import { spendOperations } from "./spend.ts"

/** What a member is told. */
export interface MemberStanding {
  readonly customer: string
  readonly cards: ReadonlyArray<string>
  readonly available: number
  readonly pending: number
  readonly tier?: string
  /** The next tier, and how many points it takes; absent in the highest. */
  readonly next?: { readonly tier: string; readonly missing: number }
  /** What expires next, and when. */
  readonly expiring?: { readonly points: number; readonly at: number }
}

const standingOf = ({ tiers, qualification }: LoyaltySettings, member: Member, now: number): MemberStanding => {
  const { customer, cards, lots, tier } = member
  const points = qualifying(lots, now - qualification)
  const next = tiers.findLast(({ from }) => from > points)
  const live = lots.filter((lot) => lot.left > 0 && lot.expiresAt !== undefined && !isOver(lot, now))
  const at = live.reduce((soonest, { expiresAt = Infinity }) => Math.min(soonest, expiresAt), Infinity)
  const ending = live.reduce((sum, { left, expiresAt }) => sum + (expiresAt === at ? left : 0), 0)
  return {
    customer,
    cards,
    ...pointsOf(member, now),
    ...(tier === undefined ? {} : { tier }),
    ...(next === undefined ? {} : { next: { tier: next.id, missing: next.from - points } }),
    ...(at === Infinity ? {} : { expiring: { points: ending, at } })
  }
}

const memberQueries = (settings: LoyaltySettings) => ({
  /** What a customer has: points, tier, what comes next. Errors: `MemberNotFound`. */
  member: query("loyalty.member", z.object({ customer: Id }), function* (view, { customer }) {
    const id = settings.customerOf(view, customer)
    const member = view.get(Members, id)
    if (member === undefined) return yield* fail(new MemberNotFound({ customer: id, message: `The customer "${id}" collects no points.` }))
    return standingOf(settings, member, view.now)
  }),

  /** The same by the number of a card, as the till has scanned it. Errors: `MemberNotFound`. */
  memberByCard: query("loyalty.memberByCard", z.object({ card: z.string().min(1).max(500) }), function* (view, { card }) {
    const customer = view.get(LoyaltyCards, cardNumber(card))?.customer
    const member = customer === undefined ? undefined : view.get(Members, customer)
    if (member === undefined) return yield* fail(new MemberNotFound({ card, message: `No member has the card "${card}".` }))
    return standingOf(settings, member, view.now)
  })
})

/** A member's entries, the latest first, in pages: what the member has is their sum. */
const pointsEntries = query("loyalty.pointsEntries", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(PointsEntries, "customer", { equals: [customer], order: "desc", ...page })
})

/** The members of a tier, those who came into it last first, in pages. */
const membersIn = query("loyalty.membersIn", z.object({ tier: Id, ...paged }), function* (view, { tier, ...page }) {
  return view.find(Members, "tier", { equals: [tier], order: "desc", ...page })
})

/** Gives one member what another has, who is the same. */
const moveMember = (tx: Tx, settings: LoyaltySettings, from: string, into: string): void => {
  const source = tx.get(Members, from)
  if (source === undefined || from === into) return
  const old = expired(source, tx.now)
  const known = tx.get(Members, into) ?? { customer: into, cards: [], lots: [], owed: 0, enrolledAt: old.enrolledAt }
  for (const card of old.cards) tx.put(LoyaltyCards, card, { customer: into })
  change(tx, settings, source, { ...old, cards: [], lots: [], owed: 0 }, "moved", { reference: into })
  const all = old.lots.reduce(withLot, { ...known, owed: known.owed + old.owed, cards: [...new Set([...known.cards, ...old.cards])] })
  change(tx, settings, known, all, "moved", { reference: from })
  tx.remove(Members, from)
}

/** The module of a loyalty programme: points by orders, tiers, rewards. It stands beside `orders()`, whose events it follows. */
export const loyalty = (options: LoyaltyOptions) => {
  const settings = loyaltySettings(options)
  return module("loyalty", {
    collections: [Members, LoyaltyCards, PointsEntries, Spends],
    events: [PointsChanged, PointsAvailable, TierChanged, RewardClaimed, MemberEnrolled],
    operations: { ...enrolOperations(settings), ...spendOperations(settings) },
    queries: { ...memberQueries(settings), pointsEntries, membersIn },
    internal: [reviewOf(settings)],
    reactors: [
      earning(settings),
      ...(options.customersMerged === undefined
        ? []
        : [
            reactor("loyalty.customersMerged", [options.customersMerged], function* (tx, { data: { from, into } }) {
              moveMember(tx, settings, from, into)
            })
          ])
    ],
    needs: [
      { module: "orders", add: "`orders()` of @omni/orders" },
      ...(settings.rewards.size === 0 ? [] : [{ module: "cart", add: "`cart()` of @omni/cart, for its coupons are the rewards" }]),
      ...handedIn(options.customersMerged)
    ]
  })
}
