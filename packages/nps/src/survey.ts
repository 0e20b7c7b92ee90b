import { checkOptions, days, Duration, type KnownOptions, TimeZone, type Tx } from "@omni/core"
import * as z from "zod"

import type { Kind } from "./model.ts"

/** What the message of an invitation can speak of. `token` goes into the link that the customer answers by. */
export interface InvitationFacts {
  readonly survey: string
  readonly customer: string
  readonly token: string
  readonly expiresAt: number
  readonly about?: string
  readonly location?: string
}

/** What the message after an answer can speak of; `followUp` is there when somebody will call back. */
export interface AnswerFacts {
  readonly survey: string
  readonly customer: string
  readonly score: number
  readonly kind: Kind
  readonly about?: string
  readonly location?: string
  readonly followUp?: string
}

/** A survey: what is sent to ask, and what follows from the answer. `M` is whatever the app's sender takes. */
export interface Survey<M> {
  readonly id: string
  readonly invitation: (facts: InvitationFacts) => M
  /** The message to those who answered, by what they are; none for a kind that is not named. */
  readonly replies?: Readonly<Partial<Record<Kind, (facts: AnswerFacts) => M>>>
  /** How long `inviteLater` waits; two days by default. */
  readonly delay?: Duration
  /** How long an invitation can be answered; thirty days by default. */
  readonly validFor?: Duration
  /** Whom to call back, and within what time: detractors within two days by default; `false` for nobody. */
  readonly followUp?: { readonly within?: Duration; readonly kinds?: ReadonlyArray<Kind> } | false
}

/** Gives a survey its types without naming them. */
export const defineSurvey = <M>(survey: Survey<M>): Survey<M> => survey

/** How messages go out: `channels.send`, or any operation or generator over `tx`. What it returns is its decision. */
export type Send<M, D> = (tx: Tx, message: M) => Generator<unknown, D, unknown>

/** What an app decides about its surveys. */
export interface NpsOptions<M, D = unknown> {
  readonly surveys: ReadonlyArray<Survey<M>>
  /** Without it invitations are made and nothing is sent: the app hands out their tokens itself. */
  readonly send?: Send<M, D>
  /** Whether a decision of `send` means that the message goes out; by default every one that is no refusal. */
  readonly sent?: (decision: D) => boolean
  /** How long a customer is left alone after an invitation (30 days) and after an answer (90 days), over all surveys and channels. */
  readonly budget?: { readonly invitation?: Duration; readonly answer?: Duration }
  /** All ids of a customer, the one that holds first: `subjectsOf` of @omni/profile. Without it an id stands for itself. */
  readonly identities?: (tx: Tx, customer: string) => ReadonlyArray<string>
  /**
   * Makes the token of an invitation. The default comes from `tx.newId`: it is unique and hard to guess, but whoever sees other ids of
   * the same call could work it out. Sign `invitation` with a key of your own where that matters.
   */
  readonly token?: (tx: Tx, invitation: string) => string
  /** Whose midnight ends a day of the score; "UTC" by default. */
  readonly timeZone?: TimeZone
  /** Scores of fewer answers than this are not told, for they are noise and name people; 30 by default. */
  readonly smallestGroup?: number
}

/** `NpsOptions` with everything decided. */
export interface Settings<M, D> {
  readonly surveys: ReadonlyMap<string, Survey<M>>
  readonly send: Send<M, D> | undefined
  readonly sent: (decision: D) => boolean
  readonly budget: { readonly invitation: Duration; readonly answer: Duration }
  readonly identities: (tx: Tx, customer: string) => ReadonlyArray<string>
  readonly token: (tx: Tx, invitation: string) => string
  readonly timeZone: TimeZone
  readonly smallestGroup: number
}

const known: KnownOptions<NpsOptions<unknown>> = {
  surveys: z.array(
    z.object({
      id: z.string().min(1),
      invitation: z.custom((value) => typeof value === "function"),
      replies: z.partialRecord(z.enum(["promoter", "passive", "detractor"]), z.unknown()).exactOptional(),
      delay: Duration.exactOptional(),
      validFor: Duration.exactOptional(),
      followUp: z
        .union([
          z.literal(false),
          z.object({ within: Duration.exactOptional(), kinds: z.array(z.enum(["promoter", "passive", "detractor"])).exactOptional() })
        ])
        .exactOptional()
    })
  ),
  send: true,
  sent: true,
  budget: z.object({ invitation: Duration.exactOptional(), answer: Duration.exactOptional() }),
  identities: true,
  token: true,
  timeZone: TimeZone,
  smallestGroup: z.number().nonnegative()
}

/** Checks the options, and decides what they leave open. Throws `InvalidOptions`, and `TypeError` when two surveys have one id. */
export const settingsOf = <M, D>(options: NpsOptions<M, D>): Settings<M, D> => {
  checkOptions<NpsOptions<M, D>>("nps()", options, known, ["surveys"])
  const surveys = new Map(options.surveys.map((survey) => [survey.id, survey]))
  if (surveys.size < options.surveys.length) throw new TypeError("Two surveys have one id. An id is a durable contract: give each its own.")
  return {
    surveys,
    send: options.send,
    sent: options.sent ?? (() => true),
    budget: { invitation: options.budget?.invitation ?? days(30), answer: options.budget?.answer ?? days(90) },
    identities: (tx, customer) => {
      const ids = options.identities?.(tx, customer) ?? []
      return ids.length === 0 ? [customer] : ids
    },
    token: options.token ?? ((tx) => tx.newId("nps")),
    timeZone: options.timeZone ?? "UTC",
    smallestGroup: options.smallestGroup ?? 30
  }
}

/** When an invitation that is wanted `now` goes out. */
export const dueAfter = <M>(survey: Survey<M>, now: number): number => now + (survey.delay ?? days(2))

/** Until when an invitation of now can be answered. */
export const expiryOf = <M>(survey: Survey<M>, now: number): number => now + (survey.validFor ?? days(30))

/** By when a customer who answered so has to be called back; `undefined` when nobody has to. */
export const deadlineOf = <M>({ followUp = {} }: Survey<M>, kind: Kind, now: number): number | undefined => {
  if (followUp === false || !(followUp.kinds ?? ["detractor"]).includes(kind)) return undefined
  return now + (followUp.within ?? days(2))
}
