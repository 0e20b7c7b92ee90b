import type { FulfilmentStatus, LineStatus, Transition } from "@omni/orders"

/** One piece, with its number in its line: where it stands, and in which fulfilment. */
export interface Unit {
  readonly line: number
  readonly sku: "a" | "b"
  state: LineStatus
  at: number | undefined
}

interface Place {
  readonly kind: "ship" | "pickup"
  location: string
  holds: number
  givenUp: boolean
}

/** Written out by hand, so that a slip in the table of the package shows. */
const steps: {
  readonly [T in Exclude<Transition, "return" | "exchange" | "allocate" | "assign" | "edit">]: readonly [
    ReadonlyArray<LineStatus>,
    LineStatus
  ]
} = {
  pick: [["allocated"], "picked"],
  pack: [["picked", "allocated"], "packed"],
  ready: [["packed", "picked", "allocated"], "ready"],
  collect: [["ready"], "collected"],
  ship: [["packed", "picked", "allocated"], "shipped"],
  deliver: [["shipped"], "delivered"],
  backorder: [["placed", "allocated", "picked", "packed"], "backordered"],
  unassign: [["placed", "backordered", "allocated", "picked", "packed"], "placed"],
  cancel: [["placed", "backordered", "allocated", "picked", "packed", "ready"], "cancelled"]
}
export type Step = keyof typeof steps

const kept: ReadonlyArray<LineStatus> = ["allocated", "picked", "packed", "ready"]
const left: ReadonlyArray<LineStatus> = ["shipped", "delivered", "collected"]
const open: ReadonlyArray<LineStatus> = ["placed", "backordered", ...kept]

/** What lines are asked for: so many of each, or all that can be. */
export type Asked = ReadonlyArray<{ readonly line: number; readonly quantity: number | undefined }> | undefined

/** An order and its stock, piece by piece, as naively as it can be told. */
export class Oracle {
  readonly units: Array<Unit> = []
  readonly places: Array<Place> = []
  readonly #stock = new Map<string, number>()

  receive(sku: string, location: string, quantity: number): void {
    const key = `${sku}@${location}`
    this.#stock.set(key, this.onHand(sku, location) + quantity)
    this.fill()
  }
  onHand(sku: string, location: string): number {
    return this.#stock.get(`${sku}@${location}`) ?? 0
  }
  reserved(sku: string, location: string): number {
    return this.units.filter((u) => u.sku === sku && kept.includes(u.state) && this.#where(u) === location).length
  }
  #free = (sku: string, location: string): number => this.onHand(sku, location) - this.reserved(sku, location)
  #where = (u: Unit): string | undefined => (u.at === undefined ? undefined : this.places[u.at]!.location)

  /** Whoever waits gets what is free, in order. */
  fill(): void {
    for (const u of this.units) {
      const location = this.#where(u)
      if (u.state === "backordered" && location !== undefined && this.#free(u.sku, location) > 0) u.state = "allocated"
    }
  }

  status(at: number): FulfilmentStatus {
    const { holds, givenUp } = this.places[at]!
    const mine = this.units.filter((u) => u.at === at).map(({ state }) => state)
    if (!mine.some((state) => open.includes(state)))
      return givenUp ? "incomplete" : mine.some((state) => left.includes(state)) ? "closed" : "cancelled"
    if (holds > 0) return "on-hold"
    return mine.some((state) => left.includes(state) || ["picked", "packed", "ready"].includes(state)) ? "in-progress" : "open"
  }

  /** The units that a step takes; `undefined` when it cannot be made. */
  #select(verb: Step, only: number | undefined, asked: Asked): ReadonlyArray<Unit> | undefined {
    const [from] = steps[verb]
    const isWork = ["pick", "pack", "ready", "ship"].includes(verb)
    if (only !== undefined && isWork && !["open", "in-progress"].includes(this.status(only))) return undefined
    const fits = (u: Unit): boolean => {
      if (!from.includes(u.state) || (only !== undefined && u.at !== only)) return false
      if ((verb === "backorder" || verb === "unassign") && u.at === undefined) return false
      if (["ready", "collect"].includes(verb) && (u.at === undefined || this.places[u.at]!.kind !== "pickup")) return false
      if (["ship", "deliver"].includes(verb) && (u.at === undefined || this.places[u.at]!.kind !== "ship")) return false
      return !isWork || (u.at !== undefined && ["open", "in-progress"].includes(this.status(u.at)))
    }
    const rank = (u: Unit) => from.indexOf(u.state)
    const some = (line: number | undefined) => this.units.filter((u) => fits(u) && (line === undefined || u.line === line))
    if (asked === undefined) return some(undefined).length === 0 ? undefined : some(undefined)
    const chosen: Array<Unit> = []
    for (const { line, quantity } of asked) {
      const all = some(line).sort((a, b) => rank(a) - rank(b))
      if (all.length < (quantity ?? 1)) return undefined
      chosen.push(...all.slice(0, quantity))
    }
    return chosen
  }

  /** Makes a step; whether it could be made. */
  step(verb: Step, only: number | undefined, asked: Asked): boolean {
    const chosen = this.#select(verb, only, asked)
    if (chosen === undefined) return false
    for (const u of chosen) {
      const location = this.#where(u)
      if (verb === "ship" || verb === "collect") this.#stock.set(`${u.sku}@${location}`, this.onHand(u.sku, location!) - 1)
      u.state = steps[verb][1]
      if (verb === "unassign") u.at = undefined
    }
    this.fill()
    return true
  }

  /** Whether there is stock for these units at a location, or it may be waited for; then they are given to it. */
  #give(chosen: ReadonlyArray<Unit>, at: number, location: string, backorder: boolean): boolean {
    const need = (sku: string) => chosen.filter((u) => u.sku === sku).length
    for (const u of chosen) u.at = undefined
    const short = ["a", "b"].some((sku) => need(sku) > this.#free(sku, location))
    if (short && !backorder) return false
    const free = new Map(["a", "b"].map((sku) => [sku, this.#free(sku, location)]))
    for (const u of chosen) {
      const have = free.get(u.sku)!
      u.state = have > 0 ? "allocated" : "backordered"
      free.set(u.sku, have - 1)
      u.at = at
    }
    return true
  }

  assign(kind: "ship" | "pickup", location: string, backorder: boolean): boolean {
    const chosen = this.units.filter((u) => u.state === "placed" && u.at === undefined)
    if (chosen.length === 0) return false
    this.places.push({ kind, location, holds: 0, givenUp: false })
    if (this.#give(chosen, this.places.length - 1, location, backorder)) return true
    this.places.pop()
    return false
  }

  hold(at: number): boolean {
    if (!["open", "in-progress", "on-hold"].includes(this.status(at))) return false
    this.places[at]!.holds = 1
    return true
  }
  release(at: number): boolean {
    if (this.status(at) !== "on-hold") return false
    this.places[at]!.holds = 0
    return true
  }

  move(at: number, to: string, backorder: boolean): boolean {
    const mine = this.units.filter((u) => u.at === at)
    const begun = mine.some(({ state }) => left.includes(state) || ["picked", "packed", "ready"].includes(state))
    if (begun || !["open", "on-hold"].includes(this.status(at))) return false
    const going = mine.filter(({ state }) => state === "allocated" || state === "backordered")
    const before = going.map((u) => [u, u.state] as const)
    for (const u of going) u.state = "placed"
    if (this.#give(going, at, to, backorder)) {
      this.places[at]!.location = to
      this.fill()
      return true
    }
    for (const [u, state] of before) {
      u.state = state
      u.at = at
    }
    return false
  }

  split(at: number, asked: Asked): boolean {
    if (!["open", "in-progress", "on-hold"].includes(this.status(at))) return false
    const chosen = this.#select("unassign", at, asked)
    if (chosen === undefined) return false
    this.places.push({ ...this.places[at]!, givenUp: false })
    for (const u of chosen) u.at = this.places.length - 1
    return true
  }

  merge(at: number, into: number): boolean {
    if (this.status(at) !== "open" || this.status(into) !== "open" || at === into) return false
    const [from, to] = [this.places[at]!, this.places[into]!]
    if (from.kind !== to.kind || from.location !== to.location) return false
    for (const u of this.units) if (u.at === at) u.at = into
    return true
  }

  close(at: number): boolean {
    if (!["open", "in-progress", "on-hold"].includes(this.status(at))) return false
    for (const u of this.units)
      if (u.at === at && open.includes(u.state)) {
        u.state = "placed"
        u.at = undefined
      }
    this.places[at]!.givenUp = true
    this.fill()
    return true
  }
}
