import { collection, event, fail, handler, module, operation, query, reactor, refuse, topic, type Delivery } from "@omni/core"
import * as Data from "effect/Data"
import * as z from "zod"

/** A small shop: enough of one to try every part of the kernel. */

export class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly message: string; readonly sku: string }> {}

export const Stock = collection("shop.stock", {
  schema: z.object({ onHand: z.number(), held: z.number() }),
  indexes: { free: ["onHand"] }
})
export const Reservations = collection("shop.reservations", {
  schema: z.object({ sku: z.string(), quantity: z.number(), status: z.enum(["held", "released"]) }),
  indexes: { sku: ["sku", "quantity"] }
})
export const People = collection("shop.people", {
  schema: z.object({ id: z.string(), email: z.string().optional(), city: z.string() }),
  indexes: { email: ["email"], city: ["city"] },
  personal: { subject: (row) => row.id, fields: ["email"] }
})
export const Logins = collection("shop.logins", {
  schema: z.object({ person: z.string(), email: z.string().optional() }),
  personal: { subject: (row) => row.person, fields: ["email"] },
  personalId: true
})
export const Tally = collection("shop.tally", { schema: z.object({ reserved: z.number(), last: z.array(z.string()) }) })

export const Reserved = event("shop.Reserved", z.object({ sku: z.string(), quantity: z.number() }))
export const Registered = event("shop.Registered", z.object({ person: z.string(), email: z.string().optional() }), {
  personal: { subject: (data) => data.person, fields: ["email"] }
})
export const Mail = topic("shop.mail", z.object({ to: z.string(), person: z.string(), text: z.string() }), {
  personal: (payload) => payload.person
})

const Line = z.object({ sku: z.string().min(1), quantity: z.number().int().positive() })

export const stock = operation("shop.stock", z.object({ sku: z.string(), onHand: z.number() }), function* (tx, input) {
  const held = tx.get(Stock, input.sku)?.held ?? 0
  tx.put(Stock, input.sku, { onHand: input.onHand, held })
})

export const reserve = operation("shop.reserve", Line, function* (tx, { sku, quantity }) {
  const row = tx.get(Stock, sku) ?? { onHand: 0, held: 0 }
  if (row.onHand - row.held < quantity) {
    return yield* fail(new OutOfStock({ sku, message: `Only ${row.onHand - row.held} of ${sku} are free.` }))
  }
  tx.put(Stock, sku, { ...row, held: row.held + quantity })
  const id = tx.newId("rsv")
  tx.put(Reservations, id, { sku, quantity, status: "held" })
  tx.emit(Reserved, sku, { sku, quantity })
  tx.schedule(tx.now + 60_000, release, { id }, { key: `release ${id}`, subject: sku })
  return id
})

export const release = operation("shop.release", z.object({ id: z.string() }), function* (tx, { id }) {
  const reservation = tx.get(Reservations, id)
  if (reservation?.status !== "held") return false
  const row = tx.get(Stock, reservation.sku)!
  tx.put(Stock, reservation.sku, { ...row, held: row.held - reservation.quantity })
  tx.put(Reservations, id, { ...reservation, status: "released" })
  tx.cancel(`release ${id}`)
  return true
})

/** Takes what there is of each line and leaves the others: the refusals are survived. */
export const reserveSome = operation("shop.reserveSome", z.object({ lines: z.array(Line) }), function* (tx, { lines }) {
  tx.getMany(
    Stock,
    lines.map((line) => line.sku)
  )
  return lines.map((line) => tx.attempt(reserve(tx, line)).ok)
})

export const sold = operation("shop.sold", { input: Line, fact: true }, function* (tx, { sku, quantity }) {
  const row = tx.get(Stock, sku) ?? { onHand: 0, held: 0 }
  if (row.onHand < quantity) yield* refuse(tx, sku, new OutOfStock({ sku, message: `Only ${row.onHand} of ${sku} are there.` }))
  tx.put(Stock, sku, { ...row, onHand: row.onHand - quantity })
  tx.emit(Reserved, sku, { sku, quantity })
  return tx.newId("sale")
})

export const register = operation(
  "shop.register",
  { input: z.object({ person: z.string(), email: z.string(), city: z.string() }), personal: (input) => input.person },
  function* (tx, { person, email, city }) {
    tx.put(People, person, { id: person, email, city })
    tx.put(Logins, email, { person, email })
    tx.emit(Registered, person, { person, email })
    tx.send(Mail, { to: email, person, text: `Welcome ${email}` })
    tx.schedule(tx.now + 3_600_000, register, { person, email, city })
    return { person, email }
  }
)

export const pass = operation("shop.pass", { input: z.object({ skus: z.array(z.string()) }), passing: true }, function* (tx, { skus }) {
  return tx.getMany(Stock, skus)
})

export const break_ = operation("shop.break", z.object({ sku: z.string() }), function* (tx, { sku }) {
  tx.put(Stock, sku, { onHand: -1, held: -1 })
  tx.emit(Reserved, sku, { sku, quantity: -1 })
  throw new Error("broken on purpose")
})

export const levels = query("shop.levels", z.object({ skus: z.array(z.string()) }), function* (view, { skus }) {
  return view.getMany(Stock, skus).map((row) => (row === undefined ? 0 : row.onHand - row.held))
})

export const reservations = query(
  "shop.reservations",
  z.object({ sku: z.string(), after: z.string().optional(), limit: z.number().optional() }),
  function* (view, { sku, after, limit }) {
    return view.find(Reservations, "sku", {
      equals: [sku],
      ...(limit === undefined ? {} : { limit }),
      ...(after === undefined ? {} : { after })
    })
  }
)

export const personByEmail = query("shop.personByEmail", z.object({ email: z.string() }), function* (view, { email }) {
  return { found: view.find(People, "email", { equals: [email] }).items, login: view.get(Logins, email) }
})

export const shop = (
  options: { readonly deliver?: (delivery: Delivery<{ to: string; person: string; text: string }>) => Promise<unknown> } = {}
) =>
  module("shop", {
    collections: [Stock, Reservations, People, Logins, Tally],
    events: [Reserved, Registered],
    operations: { stock, reserve, reserveSome, sold, register, pass, break: break_ },
    queries: { levels, reservations, personByEmail },
    internal: [release],
    reactors: [
      reactor("shop.tally", [Reserved], function* (tx, { subject, data }) {
        const tally = tx.get(Tally, subject) ?? { reserved: 0, last: [] }
        tx.put(Tally, subject, {
          reserved: tally.reserved + data.quantity,
          last: [...tally.last, String(data.quantity)].slice(-5)
        })
      })
    ],
    handlers: options.deliver === undefined ? [] : [handler(Mail, options.deliver, { idempotent: true })]
  })
