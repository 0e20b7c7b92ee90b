import type { FulfilmentKind, FulfilmentStatus, LineStatus } from "./states.ts"

/** What can be done to units of a line. */
export type Transition =
  | "assign"
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
  | "edit"
  | "return"
  | "exchange"

/** A row of the table: from which states (those that come first are taken first), to which, and for which kinds of fulfilment. */
export interface TransitionRule {
  readonly from: ReadonlyArray<LineStatus>
  readonly to: LineStatus
  readonly kinds?: ReadonlyArray<FulfilmentKind>
  /** Only for units that are in a fulfilment, or only for those that are in none. */
  readonly assigned?: boolean
  /** Work at the location: it waits while the fulfilment is scheduled or on hold. */
  readonly work?: true
}

const handedOver = ["delivered", "collected", "shipped"] as const

/** The whole life of a unit. What is not here cannot happen. */
export const machine: { readonly [T in Transition]: TransitionRule } = {
  assign: { from: ["placed"], to: "allocated", assigned: false },
  allocate: { from: ["backordered", "placed"], to: "allocated", assigned: true },
  pick: { from: ["allocated"], to: "picked", assigned: true, work: true },
  pack: { from: ["picked", "allocated"], to: "packed", assigned: true, work: true },
  ready: { from: ["packed", "picked", "allocated"], to: "ready", kinds: ["pickup"], work: true },
  collect: { from: ["ready"], to: "collected", kinds: ["pickup"] },
  ship: { from: ["packed", "picked", "allocated"], to: "shipped", kinds: ["ship", "delivery"], work: true },
  deliver: { from: ["shipped"], to: "delivered", kinds: ["ship", "delivery"] },
  backorder: { from: ["placed", "allocated", "picked", "packed"], to: "backordered", assigned: true },
  unassign: { from: ["placed", "backordered", "allocated", "picked", "packed"], to: "placed", assigned: true },
  cancel: { from: ["placed", "backordered", "allocated", "picked", "packed", "ready"], to: "cancelled" },
  edit: { from: ["placed", "backordered", "allocated"], to: "cancelled" },
  return: { from: handedOver, to: "returned" },
  exchange: { from: handedOver, to: "exchanged" }
}

const transitions = Object.keys(machine) as ReadonlyArray<Transition>

/** Where a unit is: the kind and the status of its fulfilment; `null` when it is in none. */
export type Whereabouts = { readonly kind: FulfilmentKind; readonly status: FulfilmentStatus } | null

/** Whether a transition is open to a unit: by its state, and where it is. */
export const isAllowed = (name: Transition, state: LineStatus, at: Whereabouts): boolean => {
  const { from, kinds, assigned, work } = machine[name]
  if (!from.includes(state)) return false
  if (at === null) return assigned !== true && kinds === undefined
  if (assigned === false || (kinds !== undefined && !kinds.includes(at.kind))) return false
  return work !== true || fulfilmentMachine.work.includes(at.status)
}

/** What can be done to a unit in a state; only by the table, unless it is told where the unit is. */
export const allowedFrom = (state: LineStatus, at?: Whereabouts): ReadonlyArray<Transition> =>
  transitions.filter((name) => (at === undefined ? machine[name].from.includes(state) : isAllowed(name, state, at)))

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
export const isKept = (state: LineStatus): boolean => state === "allocated" || state === "picked" || state === "packed" || state === "ready"

/** It has left the location. */
export const hasLeft = (state: LineStatus): boolean => !isOpen(state) && state !== "cancelled"

/** What can be done to a fulfilment. */
export type FulfilmentChange =
  | "open"
  | "hold"
  | "release"
  | "move"
  | "split"
  | "merge"
  | "reschedule"
  | "book"
  | "extend"
  | "close"
  | "work"

/** The life of a fulfilment: from which status each change is possible. Where it leads follows from its units, its date and its holds. */
export const fulfilmentMachine: { readonly [C in FulfilmentChange]: ReadonlyArray<FulfilmentStatus> } = {
  open: ["scheduled"],
  hold: ["open", "scheduled", "in-progress", "on-hold"],
  release: ["on-hold"],
  move: ["open", "scheduled", "on-hold"],
  split: ["open", "scheduled", "on-hold", "in-progress"],
  merge: ["open", "scheduled"],
  reschedule: ["open", "scheduled", "on-hold"],
  book: ["open", "scheduled", "on-hold", "in-progress"],
  extend: ["open", "scheduled", "on-hold", "in-progress"],
  close: ["open", "in-progress", "on-hold", "scheduled"],
  work: ["open", "in-progress"]
}

const changes = Object.keys(fulfilmentMachine) as ReadonlyArray<FulfilmentChange>

/** What can be done to a fulfilment in a status; only what is to be picked up can be kept longer. */
export const changesFrom = (status: FulfilmentStatus, kind?: FulfilmentKind): ReadonlyArray<FulfilmentChange> =>
  changes.filter((change) => fulfilmentMachine[change].includes(status) && (change !== "extend" || kind === undefined || kind === "pickup"))
