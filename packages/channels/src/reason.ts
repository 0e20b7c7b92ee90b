import { ChannelKind } from "@omni/core"
import * as z from "zod"

import { JsonValue } from "./content.ts"

/**
 * Why a message was decided as it was. Stable names:
 * - about one kind, which is then passed over: `no-driver`, `no-address`, `no-content`, `consent-missing`, `consent-refused`,
 *   `suppressed`, `voice`, `too-long`;
 * - about the message: `unknown-customer`, `no-kind`, `quiet-hours`, `capped`, `expired`, `withdrawn`, `erased`, and `chosen`.
 */
export const ReasonCode = z.enum([
  "unknown-customer",
  "no-kind",
  "no-driver",
  "no-address",
  "no-content",
  "consent-missing",
  "consent-refused",
  "suppressed",
  "voice",
  "too-long",
  "quiet-hours",
  "capped",
  "expired",
  "withdrawn",
  "erased",
  "chosen"
])
export type ReasonCode = z.infer<typeof ReasonCode>

/** A reason: its stable code, the kind of channel it is about, the facts behind it, and a sentence for people. It holds no address. */
export const Reason = z.object({
  code: ReasonCode,
  kind: ChannelKind.exactOptional(),
  facts: z.record(z.string(), JsonValue).readonly(),
  sentence: z.string()
})
export type Reason = z.infer<typeof Reason>

/** A reason about one kind of channel. */
export const about = (kind: ChannelKind, code: ReasonCode, facts: Reason["facts"], sentence: string): Reason => ({
  code,
  kind,
  facts,
  sentence
})

/** A reason about the message as a whole. */
export const overall = (code: ReasonCode, facts: Reason["facts"], sentence: string): Reason => ({ code, facts, sentence })
