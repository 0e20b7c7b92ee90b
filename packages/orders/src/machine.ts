import type { FulfilmentKind, FulfilmentStatus, LineStatus } from "./states.ts"

/** What can be done to units of a line. */
export type Transition =
  | "allocate"
  | "pick"
  | "pack"
  | "ready"
  | "collect"
  | "ship"
  | "deliver"
  | "backorder"
  | "unassign"
  | "cancel"
  | "return"
  | "exchange"

/** A row of the table: from which states (those that come first are taken first), to which, and for which kinds of fulfilment. */
export interface TransitionRule {
  readonly from: ReadonlyArray<LineStatus>
  readonly to: LineStatus
  readonly kinds?: ReadonlyArray<FulfilmentKind>
  /** Work at the location: it waits while the fulfilment is scheduled or on hold. */
  readonly work?: true
}

const handedOver = ["delivered", "collected", "shipped"] as const

/** The whole life of a unit. What is not here cannot happen. */
export const machine: { readonly [T in Transition]: TransitionRule } = {
  allocate: { from: ["backordered", "placed"], to: "allocated" },
  pick: { from: ["allocated"], to: "picked", work: true },
  pack: { from: ["picked", "allocated"], to: "packed", work: true },
  ready: { from: ["packed", "picked", "allocated"], to: "ready", kinds: ["pickup"], work: true },
  collect: { from: ["ready"], to: "collected", kinds: ["pickup"] },
  ship: { from: ["packed", "picked", "allocated"], to: "shipped", kinds: ["ship", "delivery"], work: true },
  deliver: { from: ["shipped"], to: "delivered", kinds: ["ship", "delivery"] },
  backorder: { from: ["placed", "allocated", "picked", "packed"], to: "backordered" },
  unassign: { from: ["placed", "backordered", "allocated", "picked", "packed"], to: "placed" },
  cancel: { from: ["placed", "backordered", "allocated", "picked", "packed", "ready"], to: "cancelled" },
  return: { from: handedOver, to: "returned" },
  exchange: { from: handedOver, to: "exchanged" }
}

const transitions = Object.keys(machine) as ReadonlyArray<Transition>

/** What can be done to a unit in a state, in a fulfilment of a kind if it is in one. */
export const allowedFrom = (state: LineStatus, kind?: FulfilmentKind): ReadonlyArray<Transition> =>
  transitions.filter((name) => {
    const { from, kinds } = machine[name]
    return from.includes(state) && (kinds === undefined || kind === undefined || kinds.includes(kind))
  })

/** From the least advanced state to the most; what is cancelled does not count. */
const advance = [
  "backordered",
  "placed",
  "allocated",
  "picked",
  "packed",
  "ready",
  "shipped",
  "delivered",
  "collected",
  "returned",
  "exchanged"
] as const satisfies ReadonlyArray<LineStatus>

/** The state of the least advanced of them that is not cancelled; `cancelled` when all are. */
export const statusOf = (parts: ReadonlyArray<{ readonly status: LineStatus }>): LineStatus =>
  advance.find((state) => parts.some(({ status }) => status === state)) ?? "cancelled"

/** Something is still to be done before the customer has it. */
export const isOpen = (state: LineStatus): boolean => machine.cancel.from.includes(state)

/** Its goods are kept for the order: on hand, and promised. */
export const isKept = (state: LineStatus): boolean =>
  state === "allocated" || state === "picked" || state === "packed" || state === "ready"

/** It has left the location. */
export const hasLeft = (state: LineStatus): boolean => !isOpen(state) && state !== "cancelled"

/** What can be done to a fulfilment. */
export type FulfilmentChange = "open" | "hold" | "release" | "move" | "split" | "merge" | "reschedule" | "close" | "work"

/** The life of a fulfilment: from which status each change is possible. Where it leads follows from its units, its date and its holds. */
export const fulfilmentMachine: { readonly [C in FulfilmentChange]: ReadonlyArray<FulfilmentStatus> } = {
  open: ["scheduled"],
  hold: ["open", "scheduled", "in-progress", "on-hold"],
  release: ["on-hold"],
  move: ["open", "scheduled", "on-hold"],
  split: ["open", "scheduled", "on-hold", "in-progress"],
  merge: ["open", "scheduled"],
  reschedule: ["open", "scheduled", "on-hold"],
  close: ["open", "in-progress", "on-hold", "scheduled"],
  work: ["open", "in-progress"]
}

const changes = Object.keys(fulfilmentMachine) as ReadonlyArray<FulfilmentChange>

/** What can be done to a fulfilment in a status. */
export const changesFrom = (status: FulfilmentStatus): ReadonlyArray<FulfilmentChange> =>
  changes.filter((change) => fulfilmentMachine[change].includes(status))
