import { issueCoupon } from "@omni/cart"
import type { Send } from "@omni/channels"
import { days, EmailAddress, Id, operation } from "@omni/core"
import { type profile, recordConsent, track } from "@omni/profile"
import * as z from "zod"

import { Seen } from "./model.ts"

/** `identify` as the app's profiles have it. */
export type IdentifyOperation = ReturnType<typeof profile>["operations"]["identify"]

const SignUp = z.object({
  email: EmailAddress,
  firstName: z.string().min(1).max(100),
  /** The id that the page gave the browser. */
  visitor: Id,
  /** The version of the text under the field. */
  wording: Id,
  ip: z.ipv4(),
  seen: z.array(Seen).max(20)
})

/**
 * Somebody leaves an address for 20 %: profile, what the browser remembered, consent with its proof, a personal coupon and the message
 * that brings it are one commit. Nobody has a coupon without consent on file, and no consent is without its coupon.
 */
export const signUpWith = (identify: IdentifyOperation, send: Send) =>
  operation("omnishop.signUp", SignUp, function* (tx, { email, firstName, visitor, wording, ip, seen }) {
    const identifiers = [
      { type: "anonymous", value: visitor },
      { type: "email", value: email }
    ]
    const { profile } = yield* identify(tx, { identifiers, traits: { firstName, locale: "en-DE", timeZone: "Europe/Berlin" } })
    for (const { message, type, at, properties } of seen)
      yield* track(tx, { profile, type, at, source: "web", message, ...(properties === undefined ? {} : { properties }) })
    const proof = { source: "pop-up", wording, ip }
    for (const purpose of ["newsletter", "reminders"])
      yield* recordConsent(tx, { profile, purpose, kind: "email", status: "granted", proof })
    yield* recordConsent(tx, { profile, purpose: "suggestions", status: "granted", proof })
    const { code } = yield* issueCoupon(tx, {
      customer: profile,
      name: "Welcome, 20 % off",
      target: "order",
      value: { type: "percentage", percent: 20 },
      use: "once",
      until: tx.now + days(30)
    })
    const { status } = yield* send(tx, {
      customer: profile,
      purpose: "newsletter",
      category: "marketing",
      content: { template: "welcome", data: { code } },
      kinds: ["email"],
      about: code
    })
    return { profile, code, status }
  })
