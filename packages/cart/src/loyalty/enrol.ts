import { canonicalCode } from "@omni/catalog"
import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { CardTaken } from "./errors.ts"
import { change } from "./ledger.ts"
import { LoyaltyCards, type Member, MemberEnrolled, Members } from "./model.ts"
import type { LoyaltySettings } from "./settings.ts"

/** A card's number as it is kept, however it was scanned or typed. */
export const cardNumber = (text: string): string => canonicalCode(text.replaceAll(/[\s-]/g, ""))

/**
 * A number for a card: an EAN-13 that begins with 29, which GS1 leaves to shops for their own use, so that any till's scanner reads it. It is no
 * secret: it says who collects, and lets nobody spend.
 */
const freshNumber = (tx: Tx): string => {
  const id = tx.newId("card")
  let digits = "29"
  for (let i = id.length - 10; i < id.length; i++) digits += String(id.charCodeAt(i) % 10)
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
  return digits + String((10 - (sum % 10)) % 10)
}

/** A new member with a card. Errors: `CardTaken`. */
export function* enrolled(tx: Tx, settings: LoyaltySettings, customer: string, own?: string): Generator<CardTaken, Member, unknown> {
  let card = cardNumber(own ?? freshNumber(tx))
  for (let i = 0; own === undefined && i < 5 && tx.get(LoyaltyCards, card) !== undefined; i++) card = cardNumber(freshNumber(tx))
  const member: Member = { customer, cards: [], lots: [], owed: 0, enrolledAt: tx.now }
  const withCard = yield* withOneCard(tx, member, card)
  tx.emit(MemberEnrolled, customer, { customer, card })
  return change(tx, settings, withCard, withCard, "adjusted")
}

function* withOneCard(tx: Tx, member: Member, card: string): Generator<CardTaken, Member, unknown> {
  const known = tx.get(LoyaltyCards, card)
  if (known !== undefined && known.customer !== member.customer)
    return yield* fail(new CardTaken({ card, message: `The card "${card}" is another member's.` }))
  tx.put(LoyaltyCards, card, { customer: member.customer })
  return member.cards.includes(card) ? member : { ...member, cards: [...member.cards, card] }
}

/** Who collects points, by which cards. */
export const enrolOperations = (settings: LoyaltySettings) => ({
  /** Lets a customer collect points, with a card of a number of its own or a new one. A member gets the card beside those there are. Errors: `CardTaken`. */
  enrol: operation("loyalty.enrol", z.object({ customer: Id, card: Id.exactOptional() }), function* (tx, { customer: named, card }) {
    const customer = settings.customerOf(tx, named)
    const known = tx.get(Members, customer)
    if (known === undefined) return yield* enrolled(tx, settings, customer, card)
    if (card === undefined) return known
    return tx.put(Members, customer, yield* withOneCard(tx, known, cardNumber(card)))
  }),

  /** Takes a card away that was lost; nothing happens when it is nobody's. */
  removeCard: operation("loyalty.removeCard", z.object({ card: Id }), function* (tx, input) {
    const card = cardNumber(input.card)
    const customer = tx.get(LoyaltyCards, card)?.customer
    const member = customer === undefined ? undefined : tx.get(Members, customer)
    tx.remove(LoyaltyCards, card)
    if (member !== undefined) tx.put(Members, member.customer, { ...member, cards: member.cards.filter((one) => one !== card) })
  })
})
