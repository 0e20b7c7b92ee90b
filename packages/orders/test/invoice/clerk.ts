import { createOmni } from "@omni/core"
import { inventory } from "@omni/inventory"
import { invoices, orders } from "@omni/orders"
import { sqlite } from "@omni/storage-sqlite"

import { request, spain } from "./office.ts"

/** An app over a file of SQLite. */
export const clerk = (path: string) =>
  createOmni({ store: sqlite(path), modules: { inventory: inventory(), orders: orders(), invoices: invoices() }, verify: false })

/** On a machine that is busy with other things the store may be away, or the race for a row be lost, for longer than a call waits. */
const persist = async <A>(call: () => Promise<A>): Promise<A> => {
  for (;;)
    try {
      return await call()
    } catch (error) {
      const { _tag } = error as { readonly _tag?: string }
      if (_tag !== "StoreUnavailable" && _tag !== "Contended" && _tag !== "OutcomeUnknown") throw error
    }
}

/** A process that issues invoices under keys of its own until it is killed; each is said once it is issued. */
const [path, name, from] = process.argv.slice(2)
if (path !== undefined && name !== undefined) {
  const omni = clerk(path)
  await persist(() => omni.invoices.saveLegalEntity(spain))
  process.stdout.write("ready\n")
  for (let n = Number(from); ; n += 4) {
    await Promise.all(
      Array.from({ length: 4 }, async (_, i) => {
        const { number } = await persist(() => omni.invoices.issueInvoice(request(), { key: `${name} ${n + i}` }))
        process.stdout.write(`${n + i} ${number}\n`)
      })
    )
  }
}
