import type { HoldStatus, StockLine } from "@omni/inventory"

type Line = StockLine

interface Kept {
  status: HoldStatus
  expiresAt: number
  isOrder: boolean
  lines: Array<Line & { held: number; committed: number; lapsed: number }>
}

/** The inventory written down naively: every total is counted anew from what happened, and when. */
export class Oracle {
  now: number
  readonly moved: Array<Line & { readonly at: number }> = []
  readonly holds = new Map<string, Kept>()
  readonly #counted = new Map<string, number>()

  constructor(now: number) {
    this.now = now
  }

  /** What was on hand at an instant: what has happened by then, whenever it was heard of. */
  onHand = (sku: string, location: string, at = Infinity): number =>
    total(this.moved.filter((line) => line.sku === sku && line.location === location && line.at <= at).map(({ quantity }) => quantity))

  #kept = (sku: string, location: string, isOrder: boolean): number =>
    total(
      [...this.holds.values()]
        .filter((hold) => hold.isOrder === isOrder)
        .flatMap(({ lines }) => lines)
        .filter((line) => line.sku === sku && line.location === location)
        .map(({ held }) => held)
    )
  reserved = (sku: string, location: string): number => this.#kept(sku, location, false)
  allocated = (sku: string, location: string): number => this.#kept(sku, location, true)

  available = (sku: string, location: string): number =>
    this.onHand(sku, location) - this.reserved(sku, location) - this.allocated(sku, location)

  /** Whether all of it is available. */
  isAvailable = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => summed(lines, sku, location) <= this.available(sku, location))

  /** Whether so much is there, promised or not. */
  isThere = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => {
      const onHand = this.onHand(sku, location)
      return onHand + summed(lines, sku, location) >= Math.min(0, onHand)
    })

  /** Whether so much lies on the shelf. */
  isOnShelf = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => summed(lines, sku, location) <= Math.max(0, this.onHand(sku, location)))

  /** What happened before the last count was seen by that count, and so comes to nothing from then on. */
  move(lines: ReadonlyArray<Line>, sign: 1 | -1, at = this.now): void {
    for (const line of lines) {
      const quantity = sign * line.quantity
      const countedAt = this.#counted.get(keyOf(line)) ?? -Infinity
      this.moved.push({ ...line, quantity, at })
      if (at < countedAt) this.moved.push({ ...line, quantity: -quantity, at: countedAt })
    }
  }

  /** Each stock is what was counted, as of then. Answers by how much each differed; nothing where it was counted later already. */
  count(lines: ReadonlyArray<Line>, at: number): ReadonlyArray<number | undefined> {
    return lines.map((line) => {
      if (at < (this.#counted.get(keyOf(line)) ?? -Infinity)) return undefined
      const variance = line.quantity - this.onHand(line.sku, line.location, at)
      this.moved.push({ ...line, quantity: variance, at })
      this.#counted.set(keyOf(line), at)
      return variance
    })
  }

  hold(id: string, lines: ReadonlyArray<Line>, ttl: number, isOrder = false): void {
    const keys = [...new Set(lines.map(keyOf))]
    const merged = keys.map((key) => {
      const [sku, location] = JSON.parse(key) as [string, string]
      const quantity = summed(lines, sku, location)
      return { sku, location, quantity, held: quantity, committed: 0, lapsed: 0 }
    })
    this.holds.set(id, { status: "held", expiresAt: isOrder ? Infinity : this.now + ttl, isOrder, lines: merged })
  }

  /** Whether the hold keeps so much of each line. */
  keeps = (id: string, lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => {
      const line = this.holds.get(id)!.lines.find((some) => some.sku === sku && some.location === location)
      return summed(lines, sku, location) <= (line?.held ?? 0)
    })

  held = (id: string): Array<Line> =>
    this.holds
      .get(id)!
      .lines.filter(({ held }) => held > 0)
      .map(({ sku, location, held }) => ({ sku, location, quantity: held }))

  /** What it kept when its time was up. */
  lapsed = (id: string): Array<Line> =>
    this.holds
      .get(id)!
      .lines.filter(({ lapsed }) => lapsed > 0)
      .map(({ sku, location, lapsed }) => ({ sku, location, quantity: lapsed }))

  rehold(id: string, ttl: number): void {
    const hold = this.holds.get(id)!
    hold.status = "held"
    hold.expiresAt = this.now + ttl
    for (const line of hold.lines) [line.held, line.lapsed] = [line.lapsed, 0]
  }

  take(id: string, lines: ReadonlyArray<Line>, as: "committed" | "released" | "expired"): void {
    const hold = this.holds.get(id)!
    for (const { sku, location, quantity } of lines) {
      const line = hold.lines.find((some) => some.sku === sku && some.location === location)!
      line.held -= quantity
      if (as === "committed") line.committed += quantity
      if (as === "expired") line.lapsed = quantity
    }
    if (as === "committed") this.move(lines, -1)
    if (hold.lines.every(({ held }) => held === 0)) hold.status = hold.lines.some(({ committed }) => committed > 0) ? "committed" : as
  }

  advance(by: number): void {
    this.now += by
    for (const [id, hold] of this.holds) if (hold.status === "held" && hold.expiresAt <= this.now) this.take(id, this.held(id), "expired")
  }
}

const keyOf = ({ sku, location }: Line): string => JSON.stringify([sku, location])

const total = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)

const summed = (lines: ReadonlyArray<Line>, sku: string, location: string): number =>
  total(lines.filter((line) => line.sku === sku && line.location === location).map(({ quantity }) => quantity))
