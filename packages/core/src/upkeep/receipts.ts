import type { ScopedStore } from "../ports/store.ts"
import { Receipts } from "../work/system.ts"
import { expire } from "../work/timers.ts"
import { type Backlog, dueByTenant, MOST } from "./lag.ts"
import { rowsIn } from "./readers.ts"
import { type App, engineOf, partsOf, type Target, tenantsOf } from "./target.ts"
import { beginOf } from "./trim.ts"

/** What a tenant's store keeps for a time. */
export interface Kept {
  readonly tenant: string
  /** Receipts: what was answered to calls with a key; `oldest` is when the first of those counted was written. */
  readonly receipts: Backlog
  /** Those of them whose time is over; `oldest` is when the first's was. */
  readonly expired: Backlog
  /** From where the log can be read, and the time of the first event there. */
  readonly log: { readonly from: string; readonly oldest?: number }
}

/** What is kept in each tenant for a time, and how much of it past its time. It reads and changes nothing. */
export const kept = async (target: Target, options: { readonly tenant?: string } = {}): Promise<ReadonlyArray<Kept>> => {
  const { store: driver, now } = partsOf(target)
  const expiredIn = dueByTenant(await driver.due(Receipts.name, now, MOST + 1))
  const all: Array<Kept> = []
  for (const tenant of await tenantsOf(driver, options.tenant)) {
    const store = await driver.open(tenant)
    all.push({ tenant, receipts: await receiptsIn(store), expired: expiredIn(tenant), log: await logOf(store) })
  }
  return all
}

const receiptsIn = async (store: ScopedStore): Promise<Backlog> => {
  let [count, oldest] = [0, Infinity]
  for await (const { row } of rowsIn(store, Receipts.name)) {
    if (count === MOST) return { count, more: true, oldest }
    count++
    oldest = Math.min(oldest, (JSON.parse(row.value) as { readonly at: number }).at)
  }
  return { count, more: false, ...(count === 0 ? {} : { oldest }) }
}

const logOf = async (store: ScopedStore): Promise<Kept["log"]> => {
  const from = await beginOf(store)
  const page = await store.events(from, 1)
  const first = page._tag === "Events" ? page.events[0] : undefined
  return { from, ...(first === undefined ? {} : { oldest: Date.parse((JSON.parse(first.body) as { readonly time: string }).time) }) }
}

/** Receipts removed in one step. */
const STEP = 500

/**
 * Removes receipts whose time is over, the oldest first, in steps that leave room for other commits; at most `limit`. `run` and `drain`
 * do so as well: this is for a store that neither runs on. Answers how many went.
 */
export const expireReceipts = async (
  app: App,
  { limit = Infinity, tenant }: { readonly limit?: number; readonly tenant?: string } = {}
): Promise<number> => {
  const { engine } = engineOf(app)
  const { store } = engine.options
  let gone = 0
  for (let look = STEP; gone < limit;) {
    const due = await store.due(Receipts.name, engine.now, look)
    const expired = due.filter(({ scope }) => tenant === undefined || scope === tenant).slice(0, limit - gone)
    if (expired.length === 0 && due.length < look) break
    for (const [scope, receipts] of Map.groupBy(expired, (row) => row.scope)) {
      const ids = receipts.map(({ key }) => key.id)
      for (let at = 0; at < ids.length; at += STEP) await engine.internal(await engine.scope(scope), expire, ids.slice(at, at + STEP))
    }
    gone += expired.length
    // Those of other tenants stand before them in the same list, and are read past with each look: so the fewer were found, the further it is looked.
    if (expired.length < look / 2) look *= 4
  }
  return gone
}
