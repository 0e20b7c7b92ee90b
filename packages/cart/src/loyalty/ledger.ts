import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { MemberNotFound } from "./errors.ts"
import { balanceOf, isOver, pointsOf, qualifying, tidied } from "./lots.ts"
import {
  type Member,
  Members,
  PointsAvailable,
  PointsChanged,
  PointsEntries,
  type PointsLot,
  type PointsReason,
  TierChanged
} from "./model.ts"
import type { LoyaltySettings } from "./settings.ts"

/** What is told of a change beside the figures. */
interface About {
  readonly reference?: string
  readonly lot?: PointsLot
}

/** Keeps a member whose points have changed, with its entry, its tier and its timer. */
export const change = (
  tx: Tx,
  settings: LoyaltySettings,
  before: Member,
  after: Member,
  reason: PointsReason,
  about: About = {}
): Member => {
  const { reference, lot } = about
  const { customer } = after
  const told = reference === undefined ? {} : { reference }
  const points = balanceOf(after) - balanceOf(before)
  if (points !== 0) {
    const { available, pending } = pointsOf(after, tx.now)
    tx.put(PointsEntries, tx.newId("pts"), { customer, reason, points, balance: balanceOf(after), ...told, at: tx.now })
    tx.emit(PointsChanged, customer, {
      customer,
      reason,
      points,
      balance: available,
      pending,
      ...told,
      ...(lot === undefined ? {} : { availableAt: lot.availableAt }),
      ...(lot?.expiresAt === undefined ? {} : { expiresAt: lot.expiresAt })
    })
  }
  const kept = tiered(tx, settings, { ...after, lots: tidied(after.lots, tx.now - settings.qualification) })
  tx.put(Members, customer, kept)
  watch(tx, settings, kept)
  return kept
}

/** Puts a member into the tier that the points of the qualification period are for. */
const tiered = (tx: Tx, { tiers, qualification }: LoyaltySettings, { tier: from, tierSince, ...member }: Member): Member => {
  const points = qualifying(member.lots, tx.now - qualification)
  const to = tiers.find((tier) => points >= tier.from)?.id
  const { customer } = member
  const since = from === to ? tierSince : tx.now
  if (from !== to)
    tx.emit(TierChanged, customer, { customer, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
  return { ...member, ...(to === undefined ? {} : { tier: to }), ...(since === undefined ? {} : { tierSince: since }) }
}

/** Sets the timer for the next thing that happens to a member's points by itself: they can be spent, expire, or count no more. */
const watch = (tx: Tx, settings: LoyaltySettings, { customer, lots, tier }: Member): void => {
  const moments = lots.flatMap(({ left, availableAt, expiresAt, earnedAt }) => [
    ...(left > 0 ? [availableAt, ...(expiresAt === undefined ? [] : [expiresAt])] : []),
    ...(tier === undefined ? [] : [earnedAt + settings.qualification])
  ])
  const next = moments.filter((at) => at > tx.now).reduce((soonest, at) => Math.min(soonest, at), Infinity)
  const key = `loyalty.review ${customer}`
  if (next === Infinity) tx.cancel(key)
  else tx.schedule(next, review, { customer, since: tx.now }, { key, subject: customer })
}

/** Only its name is scheduled; `reviewOf` is what runs. */
const review = operation("loyalty.review", z.object({ customer: Id, since: z.int() }), function* () {})

/** Tells what can be spent from now on, and takes what has expired. Run by the timer that every change sets. */
export const reviewOf = (settings: LoyaltySettings) =>
  operation("loyalty.review", review.input, function* (tx, { customer, since }) {
    const member = tx.get(Members, customer)
    if (member === undefined) return
    for (const { availableAt, left, order } of member.lots)
      if (left > 0 && availableAt > since && availableAt <= tx.now)
        tx.emit(PointsAvailable, customer, { customer, points: left, ...(order === undefined ? {} : { order }) })
    change(tx, settings, member, expired(member, tx.now), "expired")
  })

/** A member without the points whose time is up. */
export const expired = (member: Member, now: number): Member => ({
  ...member,
  lots: member.lots.map((lot) => (isOver(lot, now) ? { ...lot, left: 0 } : lot))
})

/** A member, as of now: what has expired is gone, also where its timer is late. Errors: `MemberNotFound`. */
export function* memberOf(tx: Tx, settings: LoyaltySettings, customer: string): Generator<MemberNotFound, Member, unknown> {
  const id = settings.customerOf(tx, customer)
  const member = tx.get(Members, id)
  if (member === undefined)
    return yield* fail(new MemberNotFound({ customer: id, message: `The customer "${id}" collects no points. Enrol the customer first.` }))
  const now = expired(member, tx.now)
  return balanceOf(now) === balanceOf(member) ? member : change(tx, settings, member, now, "expired")
}

/** A member with one lot more; what is owed is settled out of it. */
export const withLot = (member: Member, lot: PointsLot): Member => {
  const settled = Math.min(member.owed, lot.left)
  return { ...member, owed: member.owed - settled, lots: [...member.lots, { ...lot, left: lot.left - settled }] }
}

/** A lot of points that begin now. */
export const newLot = (tx: Tx, settings: LoyaltySettings, points: number, pending: number): PointsLot => {
  const availableAt = tx.now + pending
  const expiresAt = settings.expireAfter === undefined ? {} : { expiresAt: availableAt + settings.expireAfter }
  return { id: tx.newId("lot"), points, left: points, earnedAt: tx.now, availableAt, ...expiresAt }
}
