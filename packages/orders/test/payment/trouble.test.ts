import { DeliveryFailed, hours, minutes } from "@omni/core"
import { OrderTaskOpened, PaymentCommandFailed, type PaymentProvider, PaymentRefunded, recordedProvider } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { failingShop as shop, payShop } from "./shop.ts"

const TOTAL = 15_000

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
    assert.equal((await omni.orders.tasksOf({ order: await placed() })).items[0]?.row.status, "closed")
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

  it("is not taken for undone while something else is under way", async () => {
    const { omni, card, control, hook, pass, payment, placed, balance, clock } = await shop()
    await hook(card.authorise(payment))
    await omni.drain()
    const order = await placed()
    const cancel = () => omni.orders.cancel({ order, lines: [{ line: "1", quantity: 2 }] })
    const { execute } = control
    let first: string | undefined
    let busy = true
    control.execute = async (command, how) => {
      first ??= how.key
      // Whoever asks second has to wait.
      if (how.key !== first && busy) throw new DeliveryFailed("busy", { retry: true, notBefore: clock.now() + hours(1) })
      const answer = await execute(command, how)
      if (how.key === first) throw new Error("The connection was lost.")
      return answer
    }
    await cancel()
    await omni.drain()
    await cancel()
    await pass(minutes(5), 10)
    busy = false
    await pass(hours(1), 30)
    assert.deepEqual([(await balance()).refunded.amount, (await balance()).due.amount], [6000, 0])
    assert.equal(card.commands.filter(({ kind }) => kind === "refund").length, 2)
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
