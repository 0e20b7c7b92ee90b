import { type InvalidInput, refuse, type Tx } from "@omni/core"

import { invalidInput, type Problem } from "./errors.ts"
import type { Account, StockState } from "./ledger.ts"
import { type LotLine, type Need, stockId } from "./lines.ts"
import { type Lot, Lots, type LotsRow, serialId, Serials } from "./lots-model.ts"
import type { Stock, StockKey } from "./model.ts"

/** Goods of one stock that go from an account to another. */
export interface Passage {
  readonly need: Need
  readonly stock: Stock
  readonly from: Account
  readonly to: Account
}

/** What of a passage went in which lot; a part without one is of goods that no lot is known for. */
export type Parts = ReadonlyArray<{ readonly lot: string; readonly quantity: number }>

interface Place extends StockKey {
  readonly state: StockState
}

/**
 * Keeps books on lots and serial numbers where articles are tracked: which of them go, and where to. Lots that are not named are
 * those that expire first; serial numbers are always named. Answers the parts of each passage, in order.
 *
 * Errors: `InvalidInput` when what is named does not add up, is not where it is taken from, or is there already.
 */
export function* track(
  tx: Tx,
  operation: string,
  passages: ReadonlyArray<Passage>
): Generator<InvalidInput, ReadonlyArray<Parts | undefined>, unknown> {
  const isTracked = passages.some(
    ({ need, stock }) => stock.rules?.tracking !== undefined || need.lots !== undefined || need.serials !== undefined
  )
  if (!isTracked) return []
  const books = new Books(tx, passages)
  const parts = passages.map((passage) => books.pass(passage))
  if (books.problems.length > 0) yield* refuse(tx, passages[0]!.need.sku, invalidInput(operation, books.problems))
  books.write()
  return parts
}

/** The rows of lots and serials that passages are about, as they come to be. */
class Books {
  readonly problems: Array<Problem> = []
  readonly #tx: Tx
  readonly #lots: Map<string, LotsRow>
  readonly #serials = new Map<string, { sku: string; serial: string; location: string; state: StockState | "gone" } | undefined>()

  constructor(tx: Tx, passages: ReadonlyArray<Passage>) {
    this.#tx = tx
    const places = passages
      .filter(({ stock }) => stock.rules?.tracking === "lot")
      .flatMap(({ need, from, to }) => [placeOf(need, from), placeOf(need, to)])
      .filter((place) => place !== undefined)
    const rows = tx.getMany(Lots, places.map(stockId))
    this.#lots = new Map(places.map(({ sku, location }, i) => [stockId({ sku, location }), rows[i] ?? { sku, location, lots: [] }]))
    const serials = passages.flatMap(({ need }) => (need.serials ?? []).map((serial) => serialId(need.sku, serial)))
    tx.getMany(Serials, serials).forEach((row, i) => this.#serials.set(serials[i]!, row))
  }

  pass(passage: Passage): Parts | undefined {
    const { need, stock } = passage
    const tracking = stock.rules?.tracking
    if (tracking === "lot") return this.#passLots(passage)
    if (tracking === "serial") return this.#passSerials(passage)
    if (need.lots !== undefined || need.serials !== undefined)
      this.#problem(need, need.lots === undefined ? "serials" : "lots", " is not tracked: declare it with defineArticle, or name none")
    return undefined
  }

  write(): void {
    for (const [id, row] of this.#lots) {
      if (row.lots.length === 0) this.#tx.remove(Lots, id)
      else this.#tx.put(Lots, id, row)
    }
    for (const [id, row] of this.#serials) if (row !== undefined) this.#tx.put(Serials, id, row)
  }

  #passLots({ need, from, to }: Passage): Parts {
    const named = need.lots
    if (named !== undefined && sum(named) !== need.quantity)
      this.#problem(need, "lots", ` are ${sum(named)} in all, and the line is of ${need.quantity}`)
    const source = placeOf(need, from)
    const target = placeOf(need, to)
    if (source === undefined) {
      if (named === undefined) this.#problem(need, "lots", " have to be named of what comes in, for it is tracked by lot")
      for (const lot of named ?? []) this.#add(target, { ...lot, since: this.#tx.now })
      return (named ?? []).map(({ lot, quantity }) => ({ lot, quantity }))
    }
    const chosen = named ?? this.#firstToExpire(source, need.quantity, to === "customer")
    const gone = chosen.flatMap((lot) => this.#take(need, source, lot))
    for (const lot of gone) this.#add(target, lot)
    return gone.map(({ lot, quantity }) => ({ lot, quantity }))
  }

  /** First expired, first out; then first in. What may not be sold any more is not sold. */
  #firstToExpire(source: Place, wanted: number, isSale: boolean): ReadonlyArray<LotLine> {
    const chosen: Array<LotLine> = []
    let rest = wanted
    const usable = this.#row(source)
      .lots.filter((lot) => lot.state === source.state && !(isSale && lot.expiresAt !== undefined && lot.expiresAt <= this.#tx.now))
      .sort((a, b) => (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) || a.since - b.since)
    for (const { lot, quantity } of usable) {
      if (rest === 0) break
      const taken = Math.min(rest, quantity)
      chosen.push({ lot, quantity: taken })
      rest -= taken
    }
    if (rest > 0)
      this.#problem({ ...source, quantity: wanted }, "lots", ` hold ${wanted - rest} in ${source.state} that can go, not ${wanted}`)
    return chosen
  }

  #take(need: Need, source: Place, { lot, quantity }: LotLine): ReadonlyArray<Omit<Lot, "state">> {
    const row = this.#row(source)
    const found = row.lots.find((one) => one.lot === lot && one.state === source.state)
    if (found === undefined || found.quantity < quantity) {
      this.#problem(need, "lots", `: there are ${found?.quantity ?? 0} of lot ${lot} in ${source.state}, not ${quantity}`)
      return []
    }
    const left = found.quantity - quantity
    this.#set(
      source,
      row.lots.flatMap((one) => (one !== found ? [one] : left === 0 ? [] : [{ ...one, quantity: left }]))
    )
    const { state: _, ...about } = found
    return [{ ...about, quantity }]
  }

  #add(target: Place | undefined, lot: Omit<Lot, "state">): void {
    if (target === undefined) return
    const { lots } = this.#row(target)
    const same = lots.find((one) => one.lot === lot.lot && one.state === target.state)
    if (same === undefined) return this.#set(target, [...lots, { ...lot, state: target.state }])
    this.#set(
      target,
      lots.map((one) => (one === same ? { ...one, quantity: one.quantity + lot.quantity } : one))
    )
  }

  #passSerials({ need, from, to }: Passage): Parts {
    const { sku, location, serials = [], quantity } = need
    if (new Set(serials).size !== quantity)
      this.#problem(need, "serials", ` name ${new Set(serials).size} pieces, and the line is of ${quantity}`)
    const source = placeOf(need, from)
    const target = placeOf(need, to)
    for (const serial of new Set(serials)) {
      const known = this.#serials.get(serialId(sku, serial))
      const isThere = known !== undefined && known.state !== "gone"
      if (source === undefined && isThere) this.#problem(need, "serials", `: ${serial} is at ${known.location} already (${known.state})`)
      if (source !== undefined && !(known?.state === source.state && known.location === source.location))
        this.#problem(need, "serials", `: ${serial} is not at ${source.location} (${source.state})`)
      this.#serials.set(serialId(sku, serial), { sku, serial, location: target?.location ?? location, state: target?.state ?? "gone" })
    }
    return [...new Set(serials)].map((lot) => ({ lot, quantity: 1 }))
  }

  #row = (key: StockKey): LotsRow => this.#lots.get(stockId(key))!

  #set(key: StockKey, lots: Array<Lot>): void {
    this.#lots.set(stockId(key), { ...this.#row(key), lots })
  }

  #problem(need: Need, field: "lots" | "serials", message: string): void {
    this.problems.push({ path: "lines", message: `the ${field} of ${need.sku} at ${need.location}${message}` })
  }
}

const placeOf = ({ sku }: StockKey, account: Account): Place | undefined => {
  const at = account.indexOf("@")
  return at < 0 ? undefined : { sku, location: account.slice(at + 1), state: account.slice(0, at) as StockState }
}

const sum = (lots: ReadonlyArray<LotLine>): number => lots.reduce((total, { quantity }) => total + quantity, 0)
