import type { HoldStatus, StockLine } from "@omni/inventory"

type Line = StockLine

interface Kept {
  status: HoldStatus
  expiresAt: number
  readonly lines: Array<Line & { held: number; committed: number }>
}

/** The inventory written down naively: every total is counted anew from what happened. */
export class Oracle {
  now: number
  readonly moved: Array<Line> = []
  readonly holds = new Map<string, Kept>()

  constructor(now: number) {
    this.now = now
  }

  onHand = (sku: string, location: string): number =>
    total(this.moved.filter((line) => line.sku === sku && line.location === location).map(({ quantity }) => quantity))

  reserved = (sku: string, location: string): number =>
    total(
      [...this.holds.values()]
        .flatMap(({ lines }) => lines)
        .filter((line) => line.sku === sku && line.location === location)
        .map(({ held }) => held)
    )

  /** Whether all of it is available. */
  isFree = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => summed(lines, sku, location) <= this.onHand(sku, location) - this.reserved(sku, location))

  /** Whether so much is there, promised or not. */
  isThere = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => {
      const onHand = this.onHand(sku, location)
      return onHand + summed(lines, sku, location) >= Math.min(0, onHand)
    })

  /** Whether so much lies on the shelf. */
  isOnShelf = (lines: ReadonlyArray<Line>): boolean =>
    lines.every(({ sku, location }) => summed(lines, sku, location) <= Math.max(0, this.onHand(sku, location)))

  move(lines: ReadonlyArray<Line>, sign: 1 | -1): void {
    for (const line of lines) this.moved.push({ ...line, quantity: sign * line.quantity })
  }

  hold(id: string, lines: ReadonlyArray<Line>, ttl: number): void {
    const keys = [...new Set(lines.map(({ sku, location }) => JSON.stringify([sku, location])))]
    const merged = keys.map((key) => {
      const [sku, location] = JSON.parse(key) as [string, string]
      const quantity = summed(lines, sku, location)
      return { sku, location, quantity, held: quantity, committed: 0 }
    })
    this.holds.set(id, { status: "held", expiresAt: this.now + ttl, lines: merged })
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

  take(id: string, lines: ReadonlyArray<Line>, as: "committed" | "released" | "expired"): void {
    const hold = this.holds.get(id)!
    for (const { sku, location, quantity } of lines) {
      const line = hold.lines.find((some) => some.sku === sku && some.location === location)!
      line.held -= quantity
      if (as === "committed") line.committed += quantity
    }
    if (as === "committed") this.move(lines, -1)
    if (hold.lines.every(({ held }) => held === 0)) hold.status = hold.lines.some(({ committed }) => committed > 0) ? "committed" : as
  }

  advance(by: number): void {
    this.now += by
    for (const [id, hold] of this.holds) if (hold.status === "held" && hold.expiresAt <= this.now) this.take(id, this.held(id), "expired")
  }
}

const total = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)

const summed = (lines: ReadonlyArray<Line>, sku: string, location: string): number =>
  total(lines.filter((line) => line.sku === sku && line.location === location).map(({ quantity }) => quantity))
