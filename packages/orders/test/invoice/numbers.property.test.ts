import { type StoreDriver } from "@omni/core"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { invoices, orders } from "@omni/orders"
import { faulty } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { freeLine, request, spain } from "./office.ts"

const app = (store: StoreDriver) => createOmni({ store, modules: { inventory: inventory(), orders: orders(), invoices: invoices() } })

/** All documents that were issued. */
const issued = async (omni: ReturnType<typeof app>) => {
  const all = []
  for (let after: string | undefined; ;) {
    const page = await omni.invoices.documents({ by: { legalEntity: "omni-es" }, limit: 1000, ...(after === undefined ? {} : { after }) })
    all.push(...page.items.map(({ row }) => row))
    if (page.cursor === undefined) return all
    after = page.cursor
  }
}

const refusal = (error: { readonly _tag: string }): string => {
  if (error._tag === "StoreUnavailable") throw error
  return error._tag
}

/** A caller who asks again, under the same key, when the store or the keys were away. */
const persist = async <A>(call: () => Promise<A>): Promise<A> => {
  for (;;)
    try {
      return await call()
    } catch (error) {
      if ((error as { readonly _tag?: string })._tag !== "StoreUnavailable") throw error
    }
}

it("has neither gap nor double, for clients whose network fails, and refusals between", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(fc.record({ client: fc.nat({ max: 2 }), do: fc.constantFrom("issue", "refused", "credit"), again: fc.boolean() }), {
        minLength: 5,
        maxLength: 30
      }),
      async (seed, steps) => {
        const store = memory()
        const rates = { before: 0.05, after: 0.05, late: 0.05, conflict: 0.1 }
        const networks = [0, 1, 2].map((n) => faulty(store.shared(), { seed: seed + n, rates, slow: 0.2, slowness: 3 }))
        const clients = networks.map(app)
        const calm = app(store)
        await calm.invoices.saveLegalEntity(spain)
        const first = await calm.invoices.issueInvoice(
          request({ of: { currency: "EUR", taxIncluded: false, lines: [freeLine({ quantity: "99" })] } })
        )
        let done = 1
        let credits = 0
        await Promise.all(
          steps.map(async ({ client, do: what, again }, n) => {
            const api = clients[client]!.invoices
            const key = { key: `step ${n}` }
            if (what === "refused") {
              const of = { currency: "EUR", taxIncluded: false, lines: [freeLine({ tax: { category: "E" } })] } as const
              const wrong = await persist(() =>
                api.issueInvoice(request({ of: { ...of, lines: [...of.lines] } })).then(() => "issued", refusal)
              )
              assert.equal(wrong, "InvalidInvoice")
            } else if (what === "credit") {
              credits += 1
              await persist(() => api.issueCreditNote({ invoice: first.id, lines: [{ line: "1", quantity: "1" }] }, key))
            } else {
              done += 1
              const one = await persist(() => api.issueInvoice(request(), key))
              const other = clients[(client + 1) % 3]!.invoices
              if (again) assert.equal((await persist(() => other.issueInvoice(request(), key))).number, one.number)
            }
          })
        )
        for (const network of networks) await network.settled()
        const all = await issued(calm)
        const of = (series: string) =>
          all
            .filter((row) => row.series === series)
            .map(({ sequence }) => sequence)
            .sort((a, b) => a - b)
        assert.deepEqual(
          of("invoices"),
          Array.from({ length: done }, (_, i) => i + 1)
        )
        assert.deepEqual(
          of("credit-notes"),
          Array.from({ length: credits }, (_, i) => i + 1)
        )
        assert.equal(new Set(all.map(({ number }) => number)).size, all.length)
        for (const client of [...clients, calm]) await client.close()
      }
    ),
    { numRuns: 30 }
  )
}, 90_000)
