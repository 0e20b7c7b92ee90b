import type { Duration, EventType, Instant, Json, Recorded, Tx } from "@omni/core"
import { compile, type Condition, type Rule } from "@omni/rules"

import type { StepMessage } from "./port.ts"

/** What rules and functions of a journey see: the event that started the entry, and the entry. It is plain JSON. */
export interface EntryFacts<D = unknown> {
  readonly event: { readonly type: string; readonly subject: string; readonly time: Instant; readonly data: D }
  readonly entry: {
    readonly id: string
    readonly journey: string
    readonly customer: string
    readonly key: string
    readonly enteredAt: Instant
  }
  readonly now: Instant
}

/** What the rule of an exit sees beside that: the event that may end the entry. */
export interface ExitFacts<D = unknown> extends EntryFacts<D> {
  readonly exit: EntryFacts["event"]
}

/**
 * A step. `wait`: so many milliseconds. `check`: the entry ends with the reason "condition" unless the rule or the function holds; a
 * function may read any rows, and holds in the very commit of the sends that follow it. `send`: a message, or a pure function that
 * makes one.
 */
export type Step<D = unknown> =
  | { readonly wait: Duration }
  | { readonly check: Rule | ((tx: Tx, facts: EntryFacts<D>) => boolean) }
  | { readonly send: StepMessage | ((facts: EntryFacts<D>) => StepMessage) }

/** An event that ends an entry of the same customer, whatever step it is at. */
export interface Exit {
  readonly on: EventType
  /** JSONLogic over `ExitFacts`; every such event of the customer unless said. */
  readonly when?: Rule
  /** Whose event it is; `customer` or `profile` of its data unless said. */
  readonly customer?: (recorded: Recorded<never>) => string | undefined
}

/**
 * What happens with another start while an entry of the same customer and key lives, or after: `after-end` (the default) enters again
 * once it has ended, `never` only once, `restart` ends the living entry and begins anew, and `{ after }` enters again so many
 * milliseconds after the last time, once that has ended.
 */
export type Again = "after-end" | "never" | "restart" | { readonly after: Duration }

/** A journey. Its id is a durable contract: entries are kept by it, and stand at a step by its place in the list. */
export interface Journey<D = unknown> {
  readonly id: string
  /** What starts it. */
  readonly on: EventType<D>
  /** JSONLogic over `{ event }`; every such event unless said. */
  readonly when?: Rule
  /** Whose event it is; `customer` or `profile` of its data unless said. Nobody's event starts nothing. */
  readonly customer?: (recorded: Recorded<D>) => string | undefined
  /** What a customer may have one living entry for: a cart, say. One for the whole journey unless said. */
  readonly key?: (recorded: Recorded<D>) => string
  readonly again?: Again
  readonly steps: ReadonlyArray<Step<D>>
  readonly exit?: ReadonlyArray<Exit>
}

/** A journey that is ready to run: its rules are compiled. */
export interface Defined {
  readonly journey: Omit<Journey<never>, "on"> & { readonly on: EventType }
  readonly when: Condition | undefined
  readonly checks: ReadonlyMap<number, Condition>
  readonly exits: ReadonlyArray<{ readonly exit: Exit; readonly when: Condition | undefined }>
}

/** Declares a journey. Throws `InvalidRule` for a rule that is none, and `TypeError` for a wait that is not a number from 0 on. */
export const define = <D>(journey: Journey<D>): Defined => {
  const checks = new Map<number, Condition>()
  journey.steps.forEach((step, at) => {
    if ("check" in step && typeof step.check !== "function") checks.set(at, compile(step.check))
    if ("wait" in step && !(Number.isSafeInteger(step.wait) && step.wait >= 0))
      throw new TypeError(`Step ${at} of the journey "${journey.id}" waits ${step.wait} ms: write a whole number from 0 on.`)
  })
  return {
    journey,
    when: journey.when === undefined ? undefined : compile(journey.when),
    checks,
    exits: (journey.exit ?? []).map((exit) => ({ exit, when: exit.when === undefined ? undefined : compile(exit.when) }))
  }
}

/** Whose an event is by its data, where nothing else is said. */
export const customerOf = ({ data }: Recorded<unknown>): string | undefined => {
  if (typeof data !== "object" || data === null) return undefined
  const { customer, profile } = data as { readonly customer?: Json; readonly profile?: Json }
  const named = customer ?? profile
  return typeof named === "string" && named !== "" ? named : undefined
}
