import { createOmni, fromIso } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { accounts, ApprovalRequested, type LastAdmin, MemberChanged, type NotAllowed, orders, periodStart } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { house } from "./house.ts"

const errorOf = async (promise: Promise<unknown>): Promise<NotAllowed | LastAdmin> =>
  promise.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error as NotAllowed
  )

describe("an admin", () => {
  const staffed = async () => {
    const all = await house()
    const { omni } = all
    await omni.accounts.setBuyer({ account: "muller", customer: "ada", roles: ["admin"] })
    return all
  }

  it("manages members and their limits, and when an order needs approval; nobody else of the company does", async () => {
    const { omni, order } = await staffed()
    await omni.accounts.setBuyer({ account: "muller", customer: "ben", roles: ["buyer"], limit: 1000, by: "ada" })
    await omni.accounts.setApprovals({ account: "muller", approvalLevels: [5000], needsPurchaseOrder: true, by: "ada" })
    const missing = await order(1, 900, { buyer: "ben" })
    assert.equal(!missing.ok && missing.error._tag, "PurchaseOrderMissing")
    const waits = await order(6, 1000, { buyer: "ben", purchaseOrder: "PO" })
    assert.deepEqual(waits.ok && waits.value.reasons, ["above-account-limit", "above-buyer-limit"])
    for (const by of ["ann", "ben", "zoe"]) {
      for (const refused of [
        omni.accounts.setBuyer({ account: "muller", customer: by, roles: ["admin"], by }),
        omni.accounts.removeBuyer({ account: "muller", customer: "ada", by }),
        omni.accounts.setApprovals({ account: "muller", approvalLevels: [], by })
      ]) {
        const error = await errorOf(refused)
        assert.deepInclude(error, { _tag: "NotAllowed", account: "muller", customer: by, needed: "admin", reason: "role" })
      }
    }
    await omni.accounts.removeBuyer({ account: "muller", customer: "ben", by: "ada" })
    const gone = await order(1, 900, { buyer: "ben", purchaseOrder: "PO" })
    assert.equal(!gone.ok && gone.error._tag, "NotAllowed")
    const { events } = await omni.events({ types: [MemberChanged] })
    assert.deepEqual(events.map(({ data }) => data as object).slice(-2), [
      { account: "muller", customer: "ben", roles: ["buyer"], by: "ada" },
      { account: "muller", customer: "ben", roles: [], by: "ada" }
    ])
    await omni.close()
  })

  it("is never the last to leave, unless the shop says so", async () => {
    const { omni } = await staffed()
    const ada = { account: "muller", customer: "ada" }
    assert.equal((await errorOf(omni.accounts.removeBuyer({ ...ada, by: "ada" })))._tag, "LastAdmin")
    assert.equal((await errorOf(omni.accounts.setBuyer({ ...ada, roles: ["buyer"], by: "ada" })))._tag, "LastAdmin")
    await omni.accounts.setBuyer({ account: "muller", customer: "eve", roles: ["admin"], by: "ada" })
    await omni.accounts.removeBuyer({ ...ada, by: "ada" })
    assert.equal((await errorOf(omni.accounts.setBuyer({ ...ada, roles: ["admin"], by: "ada" })))._tag, "NotAllowed")
    await omni.accounts.removeBuyer({ account: "muller", customer: "eve" })
    await omni.close()
  })

  it("of a company manages its branches, and one of a branch not the company; nobody does while it is blocked", async () => {
    const { omni } = await staffed()
    const branch = { account: "muller-bonn", name: "Müller Bonn", currency: "EUR" as const, parent: "muller" }
    await omni.accounts.defineAccount(branch)
    await omni.accounts.setBuyer({ account: "muller-bonn", customer: "bob", roles: ["admin"], by: "ada" })
    const up = await errorOf(omni.accounts.setBuyer({ account: "muller", customer: "bob", roles: ["admin"], by: "bob" }))
    assert.equal(up._tag, "NotAllowed")
    await omni.accounts.defineAccount({ ...branch, status: "blocked" })
    const blocked = omni.accounts.setBuyer({ account: "muller-bonn", customer: "cy", roles: ["buyer"], by: "bob" })
    assert.equal(((await errorOf(blocked)) as { readonly _tag: string })._tag, "AccountBlocked")
    await omni.close()
  })
})

describe("approval by levels", () => {
  const levelled = async () => {
    const all = await house()
    const { omni } = all
    await omni.accounts.setApprovals({ account: "muller", approvalLevels: [10_000, 50_000] })
    const approver = (customer: string, approvalLevel?: number, approvalLimit?: number) =>
      omni.accounts.setBuyer({
        account: "muller",
        customer,
        roles: ["approver", "buyer"],
        ...(approvalLevel === undefined ? {} : { approvalLevel }),
        ...(approvalLimit === undefined ? {} : { approvalLimit })
      })
    await approver("lea")
    await approver("max", 2)
    await approver("kim", 2, 40_000)
    const ask = async (cents: number, buyer = "ann") => {
      const asked = await all.order(1, cents, { buyer })
      if (!asked.ok) throw asked.error
      return asked.value
    }
    return { ...all, ask }
  }

  it("needs none, one or two by the amount, each by somebody else and of its level", async () => {
    const { omni, ask } = await levelled()
    assert.deepEqual([(await ask(10_000)).status, (await ask(10_001)).levels, (await ask(50_001)).levels], ["placed", 1, 2])
    const { id } = await ask(60_000)
    const refusal = async (by: string) => {
      const { _tag, reason, level } = (await errorOf(omni.accounts.approve({ request: id, by }))) as NotAllowed
      return [_tag, reason, level]
    }
    assert.deepEqual(await refusal("ann"), ["NotAllowed", "role", undefined])
    assert.deepEqual(await refusal("kim"), ["NotAllowed", "limit", 1])
    const first = await omni.accounts.approve({ request: id, by: "max" })
    assert.deepEqual([first.status, first.approvals.map(({ by }) => by)], ["pending", ["max"]])
    assert.deepEqual(await refusal("max"), ["NotAllowed", "approved-already", 2])
    assert.deepEqual(await refusal("lea"), ["NotAllowed", "level", 2])
    await omni.accounts.setBuyer({ account: "muller", customer: "lea", roles: ["approver"], approvalLevel: 2 })
    const done = await omni.accounts.approve({ request: id, by: "lea" })
    assert.deepEqual([done.status, done.decidedBy], ["placed", "lea"])
    const { events } = await omni.events({ types: [ApprovalRequested] })
    const asked = events.map(({ data }) => data as { readonly request: string; readonly level: number; readonly levels: number })
    assert.deepEqual(
      asked.filter(({ request }) => request === id).map(({ level, levels }) => [level, levels]),
      [
        [1, 2],
        [2, 2]
      ]
    )
    const own = await ask(20_000, "max")
    assert.deepInclude(await errorOf(omni.accounts.approve({ request: own.id, by: "max" })), { reason: "own-order" })
    await omni.close()
  })

  it("may be turned down by any approver, also after the first said yes", async () => {
    const { omni, ask, credit } = await levelled()
    const { id } = await ask(60_000)
    await omni.accounts.approve({ request: id, by: "lea" })
    assert.equal((await omni.accounts.reject({ request: id, by: "max" })).status, "rejected")
    assert.equal((await credit()).owed.amount, 0)
    await omni.close()
  })
})

describe("a buyer's limits", () => {
  it("are per order, and per period where the company is", async () => {
    const { omni, clock, order } = await house({ creditLimit: 10_000_000 })
    const period = { amount: 10_000, period: "month" as const }
    await omni.accounts.setBuyer({ account: "muller", customer: "ann", roles: ["buyer"], limit: 6000, periodLimit: period })
    await omni.accounts.setBuyer({ account: "muller", customer: "eve", roles: ["approver"] })
    const reasons = async (cents: number) => {
      const asked = await order(1, cents)
      if (!asked.ok) throw asked.error
      return [asked.value.status, ...asked.value.reasons]
    }
    assert.deepEqual(await reasons(6000), ["placed"])
    assert.deepEqual(await reasons(4001), ["pending", "above-period-limit"])
    assert.deepEqual(await reasons(4000), ["placed"])
    assert.deepEqual(await reasons(6001), ["pending", "above-buyer-limit", "above-period-limit"])
    // In Berlin August begins at ten in the evening, UTC.
    clock.by(fromIso("2026-07-31T21:59:59Z") - clock.now())
    assert.deepEqual(await reasons(1), ["pending", "above-period-limit"])
    clock.by(1000)
    assert.deepEqual(await reasons(6000), ["placed"])
    const { items } = await omni.accounts.requestsOf({ account: "muller" })
    const first = items.find(({ row }) => row.total.amount === 4001)!
    await omni.accounts.approve({ request: first.id, by: "eve" }).catch(() => undefined)
    await omni.close()
  })

  it("count what was approved as well", async () => {
    const { omni, order } = await house()
    await omni.accounts.setBuyer({
      account: "muller",
      customer: "ann",
      roles: ["buyer"],
      limit: 5000,
      periodLimit: { amount: 10_000, period: "week" }
    })
    await omni.accounts.setBuyer({ account: "muller", customer: "eve", roles: ["approver"] })
    const big = await order(1, 9000)
    await omni.accounts.approve({ request: big.ok ? big.value.id : "", by: "eve" })
    const next = await order(1, 1001)
    assert.deepEqual(next.ok && next.value.reasons, ["above-period-limit"])
    const fits = await order(1, 1000)
    assert.equal(fits.ok && fits.value.status, "placed")
    await omni.close()
  })

  it("begin anew with the day, the Monday, the first and the first of January", () => {
    assert.deepEqual(
      (["day", "week", "month", "year"] as const).map((period) => periodStart(period, "2026-11-29")),
      ["2026-11-29", "2026-11-23", "2026-11-01", "2026-01-01"]
    )
    const day = fc.integer({ min: 0, max: 40_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, fc.constantFrom("day", "week", "month", "year"), (date, period) => {
        const start = periodStart(period, date)
        assert.isAtMost(Date.parse(start), Date.parse(date))
        assert.equal(periodStart(period, start), start)
        if (period === "week") assert.equal(new Date(start).getUTCDay(), 1)
      })
    )
  })
})

describe("a deep tree", () => {
  it("takes no more loads than a flat one, in a process that has nothing in memory, also where branches have moved", async () => {
    const store = memory()
    const cold = () => createOmni({ store, modules: { inventory: inventory(), orders: orders(), accounts: accounts() } }).accounts
    const define = (account: string, parent?: string) =>
      cold().defineAccount({ account, name: account, currency: "EUR", ...(parent === undefined ? {} : { parent }) })
    await define("a1")
    for (let level = 2; level <= 20; level++) await define(`a${level}`, `a${level - 1}`)
    await cold().setBuyer({ account: "a1", customer: "root", roles: ["admin"] })
    await cold().setBuyer({ account: "a20", customer: "bob", roles: ["buyer"], by: "root" })
    assert.equal((await errorOf(cold().setBuyer({ account: "a20", customer: "bob", roles: ["buyer"], by: "cy" })))._tag, "NotAllowed")
    assert.equal((await errorOf(define("a1", "a20")))._tag, "AccountCycle")
    // The half below belongs elsewhere now: who is admin of the root is so no more.
    await define("b1")
    for (let level = 2; level <= 8; level++) await define(`b${level}`, `b${level - 1}`)
    await cold().setBuyer({ account: "b1", customer: "boss", roles: ["admin"] })
    await define("a12", "b8")
    await cold().setBuyer({ account: "a20", customer: "bob", roles: ["approver"], by: "boss" })
    assert.equal((await errorOf(cold().setBuyer({ account: "a20", customer: "bob", roles: ["buyer"], by: "root" })))._tag, "NotAllowed")
  })
})
