import { fail, Id, type Money, operation, PositiveCount, type Tx } from "@omni/core"
import { type Tender, TenderDeclined } from "@omni/orders"
import * as z from "zod"

import { issueCoupon } from "../coupons/coupons.ts"
import { Coupons } from "../model.ts"
import { type MemberNotFound, PointsInsufficient, RewardNotFound, SpendExists, SpendNotFound } from "./errors.ts"
import { change, memberOf, newLot, withLot } from "./ledger.ts"
import { pointsOf, takeFrom } from "./lots.ts"
import { type Member, Members, RewardClaimed, Spends } from "./model.ts"
import { type LoyaltyOptions, loyaltySettings, type LoyaltySettings } from "./settings.ts"

function* take(
  tx: Tx,
  settings: LoyaltySettings,
  customer: string,
  points: number,
  reference: string,
  amount?: number
): Generator<MemberNotFound | PointsInsufficient | SpendExists, Member, unknown> {
  const member = yield* memberOf(tx, settings, customer)
  const known = tx.get(Spends, reference)
  if (known !== undefined) {
    if (known.points === points && settings.customerOf(tx, known.customer) === member.customer) return member
    const message = `"${reference}" stands for ${known.points} points of "${known.customer}" already. Use a reference of its own for each payment.`
    return yield* fail(new SpendExists({ reference, customer: known.customer, points: known.points, message }))
  }
  const { available } = pointsOf(member, tx.now)
  if (points > available) {
    const message = `"${member.customer}" can spend ${available} points now, not ${points}.`
    return yield* fail(new PointsInsufficient({ customer: member.customer, requested: points, available, message }))
  }
  tx.put(Spends, reference, { customer: member.customer, points, returned: 0, ...(amount === undefined ? {} : { amount, back: 0 }) })
  const { lots } = takeFrom(member.lots, points, ({ availableAt }) => availableAt <= tx.now)
  return change(tx, settings, member, { ...member, lots }, "spent", { reference })
}

/** Gives points back as a lot of their own, which counts towards no tier. */
const giveBack = (tx: Tx, settings: LoyaltySettings, member: Member, points: number, reference: string): Member => {
  const lot = { ...newLot(tx, settings, points, 0), points: 0 }
  return change(tx, settings, member, withLot(member, lot), "returned", { reference, lot })
}

/** Operations that spend points and give them. */
export const spendOperations = (settings: LoyaltySettings) => ({
  /** Spends points, those that expire first and then the oldest, once under a `reference`. Errors: `MemberNotFound`, `PointsInsufficient`, `SpendExists`. */
  spendPoints: operation(
    "loyalty.spendPoints",
    z.object({ customer: Id, points: PositiveCount, reference: Id }),
    function* (tx, { customer, points, reference }) {
      return pointsOf(yield* take(tx, settings, customer, points, reference), tx.now)
    }
  ),

  /** Gives back what was spent, all of it or a part, never more. Errors: `SpendNotFound`, `MemberNotFound`. */
  returnPoints: operation(
    "loyalty.returnPoints",
    z.object({ reference: Id, points: PositiveCount.exactOptional() }),
    function* (tx, { reference, points }) {
      const spend = tx.get(Spends, reference)
      const available = spend === undefined ? 0 : spend.points - spend.returned
      const by = points ?? available
      if (spend === undefined || by > available) {
        const message = `${by} points cannot come back for "${reference}": ${available} that were spent are left.`
        return yield* fail(new SpendNotFound({ reference, available, message }))
      }
      const member = yield* memberOf(tx, settings, spend.customer)
      if (by === 0) return pointsOf(member, tx.now)
      tx.put(Spends, reference, { ...spend, returned: spend.returned + by })
      return pointsOf(giveBack(tx, settings, member, by, reference), tx.now)
    }
  ),

  /** Gives points by hand, or takes them: for a kindness, a mistake, what another system knew. Errors: `MemberNotFound`, `PointsInsufficient`. */
  adjustPoints: operation(
    "loyalty.adjustPoints",
    z.object({ customer: Id, points: z.int().refine((points) => points !== 0, { error: "Not nothing" }), note: Id.exactOptional() }),
    function* (tx, { customer, points, note }) {
      const member = yield* memberOf(tx, settings, customer)
      const about = note === undefined ? {} : { reference: note }
      if (points > 0) {
        const lot = { ...newLot(tx, settings, points, 0), points: 0 }
        return pointsOf(change(tx, settings, member, withLot(member, lot), "adjusted", { ...about, lot }), tx.now)
      }
      const { available } = pointsOf(member, tx.now)
      if (-points > available) {
        const message = `"${member.customer}" has ${available} points now: they cannot be changed by ${points}.`
        return yield* fail(new PointsInsufficient({ customer: member.customer, requested: -points, available, message }))
      }
      const { lots } = takeFrom(member.lots, -points, ({ availableAt }) => availableAt <= tx.now)
      return pointsOf(change(tx, settings, member, { ...member, lots }, "adjusted", about), tx.now)
    }
  ),

  /**
   * Spends points on a reward: the customer gets a personal coupon, good once. Under one `claim` once. Answers the coupon.
   * Errors: `RewardNotFound`, `MemberNotFound`, `PointsInsufficient`, `SpendExists`, `CodeInUse`.
   */
  claimReward: operation(
    "loyalty.claimReward",
    z.object({ customer: Id, reward: Id, claim: Id.max(100) }),
    function* (tx, { customer: named, reward: id, claim }) {
      const reward = settings.rewards.get(id)
      const member = yield* memberOf(tx, settings, named)
      const { customer, tier } = member
      if (reward === undefined || (reward.tiers !== undefined && (tier === undefined || !reward.tiers.includes(tier))))
        return yield* fail(
          new RewardNotFound({
            reward: id,
            message: `There is no reward "${id}" for this customer${tier === undefined ? "" : ` in "${tier}"`}.`
          })
        )
      const reference = `claim ${customer} ${claim}`
      const code = tx.get(Spends, reference)?.coupon
      const known = code === undefined ? undefined : tx.get(Coupons, code)
      if (known !== undefined) return known
      yield* take(tx, settings, customer, reward.points, reference)
      const { validFor, target = "order", ...gift } = reward.coupon
      const until = validFor === undefined ? {} : { until: tx.now + validFor }
      const coupon = yield* issueCoupon(tx, { ...gift, target, use: "once", customer, ...until })
      const spend = tx.get(Spends, reference)
      if (spend !== undefined) tx.put(Spends, reference, { ...spend, coupon: coupon.code })
      tx.emit(RewardClaimed, customer, { customer, reward: id, points: reward.points, coupon: coupon.code })
      return coupon
    }
  )
})

/**
 * Points as a tender for `payments({ tenders: { points: pointsTender(options, money(1, "EUR")) } })`: each is worth so much. They are those of the
 * customer of the checkout; what the order comes down by comes back, in whole points that are never worth more than it.
 */
export const pointsTender = (options: LoyaltyOptions, worth: Money): Tender => {
  const settings = loyaltySettings(options)
  const pointsFor = (amount: number): number => Math.ceil(amount / worth.amount)
  const back = (tx: Tx, payment: string, amount: number): void => {
    const reference = `payment ${payment}`
    const spend = tx.get(Spends, reference)
    const member = spend === undefined ? undefined : tx.get(Members, settings.customerOf(tx, spend.customer))
    if (spend?.amount === undefined || member === undefined) return
    const given = Math.min(spend.amount, (spend.back ?? 0) + amount)
    const points = spend.points - pointsFor(spend.amount - given) - spend.returned
    tx.put(Spends, reference, { ...spend, back: given, returned: spend.returned + points })
    if (points > 0) giveBack(tx, settings, member, points, reference)
  }
  return {
    prefetch: (tx, { payment, customer }) => {
      if (customer !== undefined) tx.prefetch(Members, [settings.customerOf(tx, customer)])
      tx.prefetch(Spends, [`payment ${payment}`])
    },
    *authorise(tx, { payment, customer, amount, currency }) {
      const refuse = (available: number, message: string) => fail(new TenderDeclined({ provider: "points", available, message }))
      if (customer === undefined) return yield* refuse(0, "Points need a customer.")
      if (currency !== worth.currency) return yield* refuse(0, `Points are worth ${worth.currency}, not ${currency}.`)
      const member = tx.get(Members, settings.customerOf(tx, customer))
      const { available } = member === undefined ? { available: 0 } : pointsOf(member, tx.now)
      const taken = tx.attempt(take(tx, settings, customer, pointsFor(amount), `payment ${payment}`, amount))
      if (!taken.ok) return yield* refuse(available * worth.amount, taken.error.message)
    },
    release: (tx, { payment, amount }) => back(tx, payment, amount),
    refund: (tx, { payment, amount }) => back(tx, payment, amount)
  }
}
