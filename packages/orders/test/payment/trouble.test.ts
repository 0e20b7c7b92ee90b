import { DeliveryFailed, type EventType, hours, minutes } from "@omni/core"
import { OrderTaskOpened, PaymentCommandFailed, type PaymentProvider, PaymentRefunded, recordedProvider } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { payShop } from "./shop.ts"

const TOTAL = 15_000

/** Ten cases at 15 euros, shipped from Lyon, paid by card; its provider can be made to fail by `execute`. */
const shop = async (options: Omit<NonNullable<Parameters<typeof payShop>[0]>, "providers"> = {}, port: Partial<PaymentProvider> = {}) => {
  const inner = recordedProvider()
  const control = { execute: inner.execute }
  const card: PaymentProvider = { ...inner, ...port, execute: (command, how) => control.execute(command, how) }
  const made = await payShop({ ...options, providers: { card } })
  const order = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await made.omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
  await made.omni.drain()
  const hook = async (raw: Parameters<typeof inner.webhook>[0]) =>
    made.omni.payments.report({ provider: "card", reports: [...(await inner.webhook(raw))] })
  const pass = async (milliseconds: number, steps = 1) => {
    for (let step = 0; step < steps; step++) {
      made.clock.by(milliseconds)
      await made.omni.drain()
    }
  }
  const count = async (type: EventType) => (await made.omni.events({ types: [type] })).events.length
  const placed = async () => (await made.view(id)).order!
  const balance = async () => made.omni.payments.balance({ order: await placed() })
  return { ...made, card: inner, control, hook, pass, count, id, payment: payments[0]!, placed, balance }
}

const refuses =
  (execute: PaymentProvider["execute"], kind: string, times: number): PaymentProvider["execute"] =>
  async (command, how) => {
    if (command.kind === kind && times-- > 0) throw new DeliveryFailed("not now", { retry: false })
    return execute(command, how)
  }

describe("what a provider refused", () => {
  it("is asked for again by itself, later each time, under a new key", async () => {
    const { omni, card, control, hook, pass, count, payment, balance } = await shop()
    control.execute = refuses(control.execute, "capture", 3)
    await hook(card.authorise(payment))
    await omni.drain()
    assert.equal((await balance()).captured.amount, 0)
    await pass(minutes(9))
    assert.equal(await count(PaymentCommandFailed), 1)
    await pass(minutes(1))
    assert.equal(await count(PaymentCommandFailed), 2)
    await pass(minutes(39))
    assert.equal(await count(PaymentCommandFailed), 2)
    await pass(minutes(1))
    assert.equal((await balance()).captured.amount, 0)
    await pass(minutes(160))
    const { captured, payments } = await balance()
    assert.equal(captured.amount, TOTAL)
    assert.isUndefined(payments[0]!.trouble)
    assert.equal(card.commands.filter(({ kind }) => kind === "capture").length, 1)
    await omni.close()
  })

  it("is somebody's task in the end, and goes on when he says so", async () => {
    const { omni, card, control, hook, pass, count, payment, balance, placed } = await shop({ retries: 2 })
    const works = control.execute
    control.execute = refuses(control.execute, "capture", Infinity)
    await hook(card.authorise(payment))
    await pass(hours(1), 40)
    assert.deepEqual([await count(PaymentCommandFailed), await count(OrderTaskOpened)], [3, 1])
    const [task] = (await omni.orders.tasksOf({ order: await placed() })).items
    assert.equal(task?.row.kind, "payment-failed")
    assert.deepEqual(
      (await omni.payments.stuckPayments({})).items.map(({ id }) => id),
      [payment]
    )
    control.execute = works
    await omni.payments.retryPayment({ payment })
    await omni.drain()
    assert.equal((await balance()).captured.amount, TOTAL)
    assert.lengthOf((await omni.payments.stuckPayments({})).items, 0)
    await omni.close()
  })

  it("is not asked for again when it is not wanted any more, nor twice when the order asks meanwhile", async () => {
    const { omni, card, control, hook, pass, payment, placed, balance } = await shop({ capture: "on-shipment" })
    control.execute = refuses(control.execute, "capture", 1)
    await hook(card.authorise(payment))
    const order = await placed()
    const some = (quantity: number) => ({ order, lines: [{ line: "1", quantity }] })
    await omni.orders.ship(some(4))
    await omni.drain()
    await omni.orders.ship(some(1))
    await omni.drain()
    assert.equal((await balance()).captured.amount, 7500)
    await omni.orders.cancel({ order })
    await pass(hours(3), 3)
    const { captured, released, due } = await balance()
    assert.deepEqual([captured.amount, released.amount, due.amount], [7500, 7500, 0])
    await omni.close()
  })

  it("is repeated also where the shop moves money by hand", async () => {
    const { omni, card, control, hook, pass, payment, placed, balance } = await shop({ capture: "manual", refunds: "manual" })
    await hook(card.authorise(payment))
    const order = await placed()
    control.execute = refuses(refuses(control.execute, "capture", 1), "refund", 1)
    await omni.payments.capture({ order, amount: eur(9000) })
    await pass(minutes(10), 2)
    assert.equal((await balance()).captured.amount, 9000)
    await omni.payments.refund({ order, amount: eur(2000) })
    await pass(minutes(10), 2)
    assert.equal((await balance()).refunded.amount, 2000)
    control.execute = refuses(control.execute, "refund", 1)
    await omni.payments.refund({ order, amount: eur(1000) })
    await omni.drain()
    // Somebody does not wait: then it is not repeated.
    await omni.payments.refund({ order, amount: eur(1000) })
    await pass(hours(5), 5)
    assert.deepEqual([(await balance()).captured.amount, (await balance()).refunded.amount], [9000, 3000])
    await omni.close()
  })
})

describe("what nobody knows the outcome of", () => {
  /** The first `times` tries reach the provider, or do not, and no answer comes back. */
  const lost =
    (execute: PaymentProvider["execute"], kind: string, times: number, reaches: boolean): PaymentProvider["execute"] =>
    async (command, how) => {
      if (command.kind !== kind || times-- <= 0) return execute(command, how)
      if (reaches) await execute(command, how)
      throw new Error("The connection was lost.")
    }

  it.each([true, false])("is looked up, and asked for again only if it was not done (it was: %s)", async (reaches) => {
    const { omni, card, control, hook, pass, count, payment, placed, balance } = await shop()
    await hook(card.authorise(payment))
    await omni.drain()
    control.execute = lost(control.execute, "refund", 8, reaches)
    await omni.orders.cancel({ order: await placed(), lines: [{ line: "1", quantity: 4 }] })
    await pass(hours(1), 14)
    const { refunded, due } = await balance()
    assert.deepEqual([refunded.amount, due.amount], [6000, 0])
    // The provider tells without a webhook, and has paid once.
    assert.equal(card.commands.filter(({ kind }) => kind === "refund").length, 1)
    assert.equal(await count(PaymentRefunded), 1)
    await omni.close()
  })

  it("waits for a provider that is away for hours, and then goes on by itself", async () => {
    const { omni, card, hook, pass, count, payment, balance } = await shop()
    await hook(card.authorise(payment))
    card.fail("away")
    await pass(hours(1), 12)
    assert.equal(await count(PaymentCommandFailed), 1)
    card.fail(undefined)
    await pass(hours(6), 12)
    assert.equal((await balance()).captured.amount, TOTAL)
    await omni.close()
  })

  it("is told again under its key where the provider cannot be asked", async () => {
    const { look: _, find: __, ...blind } = recordedProvider()
    const made = await payShop({ providers: { card: blind } })
    const keys: Array<string> = []
    let away = false
    const card: PaymentProvider = {
      ...blind,
      execute: async (command, how) => {
        if (command.kind === "capture") keys.push(how.key)
        if (away && command.kind === "capture") throw new Error("The connection was lost.")
        return blind.execute(command, how)
      }
    }
    await made.omni.close()
    const { omni, clock, view } = await payShop({ providers: { card } })
    const order = request({ lines: [line("case", 10, 1500)] })
    const { id, payments } = await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
    await omni.drain()
    away = true
    await omni.payments.report({ provider: "card", reports: [...(await blind.webhook(blind.authorise(payments[0]!)))] })
    for (let hour = 0; hour < 10; hour++) {
      clock.by(hours(1))
      await omni.drain()
    }
    assert.isAbove(keys.length, 8)
    away = false
    for (let day = 0; day < 4; day++) {
      clock.by(hours(24))
      await omni.drain()
    }
    assert.equal((await view(id)).payments[0]!.captured, TOTAL)
    assert.lengthOf([...new Set(keys)], 1)
    await omni.close()
  })

  it("of a provider that knows no keys is looked up too, instead of being held for a person", async () => {
    const { omni, card, control, hook, pass, payment, placed, balance } = await shop(
      {},
      { capabilities: { idempotent: false, partialCapture: true } }
    )
    await hook(card.authorise(payment))
    await omni.drain()
    control.execute = lost(control.execute, "refund", 1, true)
    await omni.orders.cancel({ order: await placed() })
    await pass(minutes(30), 3)
    assert.equal((await balance()).refunded.amount, TOTAL)
    await omni.close()
  })
})

describe("a webhook that does not come", () => {
  it("is made up for by looking: the order is placed all the same", async () => {
    const { omni, card, pass, payment, view, id } = await shop()
    card.authorise(payment)
    await pass(minutes(2))
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("nor an answer: the payment is found by its own id", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("unknown")
    const order = request({ lines: [line("case", 10, 1500)] })
    const { id, payments } = await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }], ttl: hours(24) })
    for (let minute = 0; minute < 20; minute++) {
      await omni.drain()
      clock.by(minutes(1))
    }
    card.fail(undefined)
    card.authorise(payments[0]!)
    for (let hour = 0; hour < 6; hour++) {
      clock.by(hours(1))
      await omni.drain()
    }
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("is no reason to give up what is still to be begun", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("away")
    const { id } = await omni.payments.openCheckout({
      order: request({ lines: [line("case", 10, 1500)] }),
      tenders: [{ provider: "card" }]
    })
    await omni.drain()
    // Not all of its tries are over when it is looked for.
    const inner = card.find!
    let looked = 0
    Object.assign(card, {
      find: async (payment: string) => {
        looked++
        return inner(payment)
      }
    })
    clock.by(minutes(2))
    await omni.drain()
    assert.deepEqual([looked, (await view(id)).payments[0]?.status], [0, "pending"])
    card.fail(undefined)
    clock.by(minutes(3))
    await omni.drain()
    assert.equal((await view(id)).payments[0]?.action?.kind, "confirm")
    await omni.close()
  })

  it("nor one of its tries, and nothing was begun: the payer may begin anew", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("away")
    const { id } = await omni.payments.openCheckout({
      order: request({ lines: [line("case", 10, 1500)] }),
      tenders: [{ provider: "card" }],
      ttl: hours(24)
    })
    for (let minute = 0; minute < 30; minute++) {
      await omni.drain()
      clock.by(minutes(1))
    }
    card.fail(undefined)
    clock.by(hours(2))
    await omni.drain()
    assert.deepInclude((await view(id)).payments[0], { status: "failed", failure: { code: "not-begun" } })
    const again = await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(card.authorise(again.payments[1]!)))] })
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("is not waited for for ever, and a payer who left is nobody's task", async () => {
    const { omni, pass, count } = await shop()
    await pass(hours(12), 12)
    const open = await omni.events({})
    assert.equal(await count(OrderTaskOpened), 0)
    await pass(hours(24), 10)
    assert.lengthOf((await omni.events({})).events, open.events.length)
    await omni.close()
  })
})
