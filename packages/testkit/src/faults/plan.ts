import type { Clock } from "@omni/core"

import { random } from "../random.ts"

/**
 * What can be done to a call. `before`: it throws, and was never sent. `after`: it throws, though it took effect. `late`: it throws,
 * and a copy of the commit lands later. `conflict`: the commit answers Conflict, finally. A call that is no commit only knows `before`
 * and `after`.
 */
export type Fault = "before" | "after" | "late" | "conflict"

/** A call to a store, as the plan sees it: everything that writes through the commit path is a commit. */
export type CallKind = "commit" | "read" | "key"

/** Thrown in place of an answer. */
export class InjectedFault extends Error {
  override readonly name = "InjectedFault"
}

export interface FaultOptions {
  /** Decides which calls fail, and how long what is slow takes. */
  readonly seed?: number
  /** How likely each fault is for each call, from 0 to 1. A call meets at most one. */
  readonly rates?: { readonly [F in Fault]?: number }
  /** How likely it is that a call takes its time before its answer. */
  readonly slow?: number
  /** The longest that a slow call or a late copy takes, in milliseconds; 50 unless told. */
  readonly slowness?: number
  /** Faults at exactly these calls, counted from 0 over all that is called; instead of `rates`. */
  readonly at?: { readonly [call: number]: Fault }
  /** Whose time slow calls and late copies take; the platform's unless told. */
  readonly clock?: Clock
}

/** What happened to a call. */
export interface Injected {
  readonly call: number
  readonly kind: CallKind
  readonly fault: Fault
}

export interface Plan {
  readonly calls: ReadonlyArray<CallKind>
  readonly injected: ReadonlyArray<Injected>
  heal(): void
  /** Runs a call, with what the plan has in store for it. */
  meet<A>(kind: CallKind, call: Work<A>): Promise<A>
  /** Resolves when every late copy has landed, or has come to nothing. */
  settled(): Promise<void>
}

export interface Work<A> {
  readonly send: () => Promise<A>
  /** Sends what arrives when nobody waits for it any more. */
  readonly late?: () => Promise<unknown>
  readonly conflict?: () => Promise<A>
  /** Undoes what an answer that is lost would have given the caller to hold: a lock. */
  readonly abandon?: (answer: A | undefined) => Promise<void>
}

const kinds: ReadonlyArray<Fault> = ["before", "after", "late", "conflict"]

const meaning = { before: "it was never sent", after: "it took effect", late: "a copy lands later" } as const

const can = (fault: Fault, work: { readonly late?: unknown; readonly conflict?: unknown }): boolean =>
  fault === "late" ? work.late !== undefined : fault === "conflict" ? work.conflict !== undefined : true

export const plan = ({ seed = 0, rates = {}, slow = 0, slowness = 50, at, clock }: FaultOptions): Plan => {
  const dice = random(seed)
  const calls: Array<CallKind> = []
  const injected: Array<Injected> = []
  const late = new Set<Promise<unknown>>()
  let healthy = false

  const draw = (): Fault | undefined => {
    let left = dice.fraction()
    return kinds.find((fault) => (left -= rates[fault] ?? 0) < 0)
  }
  const delay = (): Promise<void> => wait(clock, 1 + dice.below(slowness))
  const launch = (work: () => Promise<unknown>): void => {
    const copy = delay()
      .then(work)
      .catch(() => undefined)
    late.add(copy)
    void copy.then(() => late.delete(copy))
  }

  const meet = async <A>(kind: CallKind, work: Work<A>): Promise<A> => {
    const call = calls.push(kind) - 1
    const drawn = at === undefined ? draw() : at[call]
    const dawdles = dice.fraction() < slow
    const fault = healthy || drawn === undefined || !can(drawn, work) ? undefined : drawn
    if (fault !== undefined) injected.push({ call, kind, fault })
    if (dawdles && !healthy) await delay()
    if (fault === undefined) return work.send()
    if (fault === "conflict") return work.conflict!()
    if (fault === "after") await work.abandon?.(await work.send())
    else await work.abandon?.(undefined)
    if (fault === "late") launch(work.late!)
    throw new InjectedFault(`Call ${call} (${kind}) threw by plan: ${meaning[fault]}.`)
  }

  return {
    calls,
    injected,
    heal: () => {
      healthy = true
    },
    meet,
    settled: async () => {
      while (late.size > 0) await Promise.all(late)
    }
  }
}

const wait = (clock: Clock | undefined, milliseconds: number): Promise<void> =>
  clock === undefined ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : clock.sleep(milliseconds)
