import type { InvalidInput, Tx } from "@omni/core"

import { type Cause, changeStock, moving, type StockChange } from "./change.ts"
import { accountOf, type Outside, StockState } from "./ledger.ts"
import { levelOf, type StockLevel } from "./levels.ts"
import type { Need } from "./lines.ts"
import { track } from "./lots.ts"
import type { Stock } from "./model.ts"

/** What more changes with what moves: promises that it fulfils, or what was expected. */
export type Also = (need: Need, index: number) => Partial<StockChange>

/**
 * Moves goods at their locations from one state, or from outside, to another, with their lots and serial numbers, one need a stock.
 * Errors: `InvalidInput` about lots and serial numbers.
 */
export function* moveGoods(
  tx: Tx,
  operation: string,
  { needs, stocks }: { readonly needs: ReadonlyArray<Need>; readonly stocks: ReadonlyArray<Stock> },
  from: StockState | Outside,
  to: StockState | Outside,
  cause: Cause,
  also?: Also
): Generator<InvalidInput, ReadonlyArray<StockLevel>, unknown> {
  const account = (place: StockState | Outside, location: string) => (isState(place) ? accountOf(place, location) : place)
  const parts = yield* track(
    tx,
    operation,
    needs.map((need, i) => ({ need, stock: stocks[i]!, from: account(from, need.location), to: account(to, need.location) }))
  )
  return changeStock(
    tx,
    needs.map((need, i) => {
      const change = moving(need, from, to, parts[i])
      return also === undefined ? change : { ...change, ...also(need, i) }
    }),
    cause
  ).map((stock) => levelOf(stock, tx.now))
}

const isState = (place: string): place is StockState => StockState.options.includes(place as StockState)
