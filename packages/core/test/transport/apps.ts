import { collection, event, module, operation, reactor, type Carried, type TransportDriver } from "@omni/core"
import { inProcess } from "@omni/core/memory"
import * as z from "zod"

/** A shop whose orders other apps hear of, and one of those. */

export const Placed = event("shop.Placed", z.object({ n: z.number(), who: z.string().optional(), email: z.string().optional() }), {
  personal: { subject: ({ who }) => who, fields: ["email"] }
})
const Internal = event("shop.Internal", z.object({}))

const place = operation(
  "shop.place",
  z.object({ order: z.string(), n: z.number(), who: z.string().optional(), email: z.string().optional() }),
  function* (tx, { order, ...data }) {
    tx.emit(Internal, order, {})
    tx.emit(Placed, order, data)
  }
)
export const shop = module("shop", { events: [Placed, Internal], operations: { place } })

export const Heard = collection("mail.heard", {
  schema: z.object({ numbers: z.array(z.number()), emails: z.array(z.string()), last: z.string() })
})

const hear = operation(
  "mail.hear",
  z.object({ order: z.string(), n: z.number(), email: z.string(), last: z.string() }),
  function* (tx, input) {
    if (input.n < 0) throw new Error(`cannot hear ${input.n}`)
    const row = tx.get(Heard, input.order) ?? { numbers: [], emails: [], last: "" }
    tx.put(Heard, input.order, { numbers: [...row.numbers, input.n], emails: [...row.emails, input.email], last: input.last })
  }
)

export const hearing = (options: Parameters<typeof reactor>[3] = {}) =>
  reactor(
    "mail.hearing",
    [Placed],
    function* (tx, { id, subject, data, actor, source }) {
      yield* hear(tx, { order: subject, n: data.n, email: data.email ?? "none", last: `${source} ${id.slice(0, 4)} ${actor.kind}` })
    },
    { from: "start", ...options }
  )
export const mail = module("mail", { collections: [Heard] })

/** A transport that shows what was published, and lets a test come between. */
export const spied = (change: (inner: TransportDriver) => Partial<TransportDriver> = () => ({})) => {
  const transport = inProcess()
  const published: Array<Carried> = []
  const driver: TransportDriver = {
    ...transport,
    async publish(events) {
      published.push(...events)
      return transport.publish(events)
    },
    ...change(transport)
  }
  return { transport, driver, published }
}
