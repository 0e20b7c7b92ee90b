import { fail, operation, type Tx } from "@omni/core"

import { changedFields } from "../changed.ts"
import { PriceListFixed, PriceListNotFound, TooManyPriceLists } from "../errors.ts"
import { isSame } from "../same.ts"
import { assertUnchanged, expecting } from "../versions.ts"
import { ListScopes, PriceList, PriceListChanged, PriceLists, scopeId } from "./model.ts"
import { recorded, RETENTION } from "./retention.ts"

/** The most lists that one kind of buyers may be given prices of. */
const MOST = 1_000

const PutList = PriceList.unwrap().safeExtend(expecting).readonly()

/**
 * Creates or replaces a price list; its prices stay. What it was before is kept, so that former prices can be told. Its currency and whether it is
 * net or gross stay as they are. One that is over is kept with `active: false`. `expected` is the version that the edit began with. Refuses `VersionConflict`, `PriceListFixed`, `TooManyPriceLists`.
 */
export const putPriceList = operation("catalog.putPriceList", PutList, function* (tx, { expected, ...list }) {
  const known = tx.get(PriceLists, list.id)
  if (isSame(known?.list, list)) return list
  yield* assertUnchanged("price-list", list.id, known?.list, expected)
  if (known !== undefined) {
    for (const field of ["currency", "tax"] as const) {
      if (known.list[field] === list[field]) continue
      const message = `The list "${list.id}" is ${known.list[field]}, and its prices are: it cannot become ${list[field]}. Make another list.`
      return yield* fail(new PriceListFixed({ list: list.id, field, message }))
    }
  }
  yield* enter(tx, list)
  const { id: _id, currency: _currency, tax: _tax, ...terms } = list
  tx.put(PriceLists, list.id, { id: list.id, list, versions: recorded(known?.versions ?? [], { ...terms, at: tx.now }) })
  tx.emit(PriceListChanged, list.id, {
    list: list.id,
    change: known === undefined ? "created" : "updated",
    fields: changedFields(known?.list, list)
  })
  return list
})

/** Puts a list where its buyers are looked up. Where there is no room, it takes that of lists that nobody asks for any more. */
function* enter(tx: Tx, list: PriceList): Generator<TooManyPriceLists, void, unknown> {
  const scopes = scopesOf(list)
  const rows = tx.getMany(ListScopes, scopes)
  for (const [at, scope] of scopes.entries()) {
    let lists = rows[at]?.lists ?? []
    if (lists.includes(list.id)) continue
    if (lists.length >= MOST) lists = remembered(tx, lists)
    if (lists.length >= MOST) {
      const message = `${MOST} price lists are for the buyers of "${scope}", which is the most. End those that are over.`
      return yield* fail(new TooManyPriceLists({ scope, limit: MOST, message }))
    }
    tx.put(ListScopes, scope, { lists: [...lists, list.id] })
  }
}

const scopesOf = ({ currency, groups, companies }: PriceList): ReadonlyArray<string> => {
  if (companies !== undefined) return companies.map((company) => scopeId(currency, { company }))
  if (groups !== undefined) return groups.map((group) => scopeId(currency, { group }))
  return [scopeId(currency)]
}

const remembered = (tx: Tx, lists: ReadonlyArray<string>): ReadonlyArray<string> => {
  const rows = tx.getMany(PriceLists, lists)
  return lists.filter((_, at) => {
    const row = rows[at]
    if (row === undefined) return false
    const last = row.versions.at(-1)!
    const end = row.list.active ? row.list.until : last.at
    return end === undefined || Math.max(end, last.at) > tx.now - RETENTION
  })
}

/** A price list that has to be there. */
export function* priceListOf(tx: Pick<Tx, "get">, list: string): Generator<PriceListNotFound, PriceList, unknown> {
  const found = tx.get(PriceLists, list)
  if (found !== undefined) return found.list
  return yield* fail(new PriceListNotFound({ list, message: `There is no price list "${list}".` }))
}
