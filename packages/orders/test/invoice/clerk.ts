import { createOmni } from "@omni/core"
import { inventory } from "@omni/inventory"
import { invoices, orders } from "@omni/orders"
import { sqlite } from "@omni/storage-sqlite"

import { request, spain } from "./office.ts"

/** An app over a file of SQLite. */
export const clerk = (path: string) =>
  createOmni({ store: sqlite(path), modules: { inventory: inventory(), orders: orders(), invoices: invoices() }, verify: false })

/** A process that issues invoices under keys of its own until it is killed; each is said once it is issued. */
const [path, name, from] = process.argv.slice(2)
if (path !== undefined && name !== undefined) {
  const omni = clerk(path)
  await omni.invoices.saveLegalEntity(spain)
  process.stdout.write("ready\n")
  for (let n = Number(from); ; n += 4) {
    await Promise.all(
      Array.from({ length: 4 }, async (_, i) => {
        const { number } = await omni.invoices.issueInvoice(request(), { key: `${name} ${n + i}` })
        process.stdout.write(`${n + i} ${number}\n`)
      })
    )
  }
}
