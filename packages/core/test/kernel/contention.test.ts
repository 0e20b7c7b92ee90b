import { Contended, createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { manualClock } from "./clock.ts"
import { People, Reservations, shop, Stock } from "./shop.ts"

const open = (store: StoreDriver) => createOmni({ store, modules: { shop: shop() } })
type Rival = ReturnType<typeof open>

/** Somebody who is always faster: whoever goes without the lock loses every race. */
const rivalled = (
  store: ReturnType<typeof memory>,
  onLoss: () => void = () => {},
  race?: (rival: Rival, n: number) => Promise<unknown>
): StoreDriver => {
  const rival = open(store.shared())
  return {
    ...store,
    open: async (scope) => {
      const scoped = await store.open(scope)
      let n = 0
      return {
        ...scoped,
        commit: async (commit) => {
          await (race ?? ((rival, n) => rival.shop.stock({ sku: "a", onHand: 100 + n })))(rival, n++)
          const answer = await scoped.commit(commit)
          if (answer._tag === "Conflict") onLoss()
          return answer
        }
      }
    }
  }
}

describe("who has lost a race", () => {
  it("takes the lock and wins the next one, also after a call that lost alone: batches stay large", async () => {
    let losses = 0
    const omni = createOmni({ store: rivalled(memory(), () => losses++), modules: { shop: shop() }, verify: false })
    await omni.shop.reserve({ sku: "a", quantity: 1 })
    const alone = losses
    const ids = await Promise.all(Array.from({ length: 64 }, () => omni.shop.reserve({ sku: "a", quantity: 1 })))
    assert.equal(new Set(ids).size, 64)
    assert.isAtLeast(alone, 1)
    assert.isAtMost(losses - alone, 6)
  })

  it("to calls that were made before, under the same keys, looks keys up from then on", async () => {
    const store = memory()
    const calls = (client: Rival) =>
      Promise.all(Array.from({ length: 300 }, (_, n) => client.shop.reserve({ sku: "a", quantity: 1 }, { key: `call ${n}` })))
    const first = open(store.shared())
    await first.shop.stock({ sku: "a", onHand: 1000 })
    const ids = await calls(first)
    let losses = 0
    const again = createOmni({
      store: rivalled(
        store,
        () => losses++,
        async () => undefined
      ),
      modules: { shop: shop() },
      batch: 16
    })
    assert.deepEqual(await calls(again), ids)
    assert.equal(losses, 1)
  })

  it("may load its rows as often as it has to run again", async () => {
    const store = memory({ begin: false })
    const move = (client: Rival, city: string) =>
      client.transact(function* (tx) {
        tx.put(People, "p", { ...tx.get(People, "p")!, city })
      })
    await open(store.shared()).shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    const race = async (rival: Rival, n: number) => (n < 12 ? move(rival, `${n}`) : undefined)
    await move(createOmni({ store: rivalled(store, undefined, race), modules: { shop: shop() }, verify: true }), "Oslo")
    const last = await open(store.shared()).transact(function* (tx) {
      return tx.get(People, "p")
    })
    assert.deepEqual(last, { id: "p", email: "p@x.org", city: "Oslo" })
  })

  it("leaves nothing of a person in memory when it is cancelled before it can run again", async () => {
    const store = memory()
    const stop = new AbortController()
    await open(store.shared()).shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    const read = (client: Rival) =>
      client.transact(function* (tx) {
        return tx.get(People, "p")
      })
    let armed = false
    const race = async (rival: Rival) => {
      if (!armed || stop.signal.aborted) return
      await rival.transact(function* (tx) {
        tx.put(People, "p", { ...tx.get(People, "p")!, city: "Nice" })
      })
      stop.abort("enough")
    }
    const omni = createOmni({ store: rivalled(store, undefined, race), modules: { shop: shop() } })
    await omni.shop.levels({ skus: [] })
    armed = true
    const lost = omni.transact(
      function* (tx) {
        tx.put(Stock, "x", { onHand: 1, held: 0 })
        return tx.get(People, "p")
      },
      { signal: stop.signal }
    )
    assert.equal(await lost.catch((reason: unknown) => reason), "enough")
    await omni.shop.stock({ sku: "y", onHand: 1 })
    await omni.erase("p")
    assert.deepEqual(await read(omni), { id: "p", city: "Nice" })
  })

  it("looks again at what it writes unread, so that the index stays as the rows are", async () => {
    const store = memory()
    const keep = (client: Rival, sku: string) =>
      client.transact(function* (tx) {
        tx.put(Reservations, "r", { sku, quantity: 1, status: "held" })
      })
    await keep(open(store.shared()), "first")
    const race = async (rival: Rival, n: number) => (n < 3 ? keep(rival, `second ${n}`) : undefined)
    const omni = createOmni({ store: rivalled(store, undefined, race), modules: { shop: shop() }, verify: false })
    await omni.shop.levels({ skus: [] })
    await keep(omni, "third")
    const listed = await Promise.all(
      ["first", "second 0", "second 1", "second 2", "third"].map(async (sku) => (await omni.shop.reservations({ sku })).items.length)
    )
    assert.deepEqual(listed, [0, 0, 0, 0, 1])
  })

  it("begins anew when the lock is lost while it reads under it", async () => {
    const store = memory()
    let lost = 0
    const follow = (client: Rival) =>
      client.transact(function* (tx) {
        const { onHand } = tx.get(Stock, "a")!
        const row = tx.get(Stock, `next ${onHand}`)
        tx.put(Stock, "last", { onHand: (row?.onHand ?? 0) + onHand, held: 0 })
      })
    let races = 0
    const race = async (rival: Rival) => (races-- > 0 ? rival.shop.stock({ sku: "a", onHand: 11 }) : undefined)
    const slow = rivalled(store, undefined, race)
    const breaking: StoreDriver = {
      ...slow,
      open: async (scope) => {
        const scoped = await slow.open(scope)
        return {
          ...scoped,
          begin: async (keys) => {
            if (lost === 0) await open(store.shared()).shop.stock({ sku: "a", onHand: 12 })
            const session = await scoped.begin!(keys)
            const read: typeof session.read = async (more) => {
              if (lost++ > 0) return session.read(more)
              await session.release()
              throw new Error("the connection broke")
            }
            return { ...session, read }
          }
        }
      }
    }
    await open(store.shared()).shop.stock({ sku: "a", onHand: 1 })
    await open(store.shared()).shop.stock({ sku: "next 12", onHand: 5 })
    const omni = createOmni({ store: breaking, modules: { shop: shop() }, verify: false })
    await omni.shop.levels({ skus: [] })
    races = 1
    await follow(omni)
    assert.isAtLeast(lost, 1)
    assert.deepEqual(await open(store.shared()).shop.levels({ skus: ["last"] }), [17])
  })

  it("wins under the lock, also when it is led to other rows there than before", async () => {
    const store = memory()
    const rival = open(store.shared())
    let at = 1
    const lead = async () => {
      await rival.shop.stock({ sku: `next ${++at}`, onHand: at })
      await rival.shop.stock({ sku: "a", onHand: at })
    }
    let begun = 0
    const races = rivalled(store, undefined, lead)
    const leading: StoreDriver = {
      ...races,
      open: async (scope) => {
        const scoped = await races.open(scope)
        return {
          ...scoped,
          begin: async (keys) => {
            begun++
            await lead()
            return scoped.begin!(keys)
          }
        }
      }
    }
    const omni = createOmni({ store: leading, modules: { shop: shop() }, verify: false })
    await rival.shop.stock({ sku: "a", onHand: 1 })
    await omni.transact(function* (tx) {
      tx.getMany(Stock, ["a", ...Array.from({ length: 20 }, (_, n) => `next ${n}`)])
    })
    begun = 0
    const told = await omni.transact(function* (tx) {
      const next = tx.get(Stock, `next ${tx.get(Stock, "a")!.onHand}`)
      tx.put(Stock, "last", { onHand: 0, held: next?.onHand ?? 0 })
      return next?.onHand
    })
    assert.equal(told, at)
    assert.equal(begun, 1)
  })

  it("gives up at its deadline where there is no lock, and has written nothing", async () => {
    const clock = manualClock()
    const store = memory({ begin: false })
    const omni = createOmni({
      store: rivalled(store, () => clock.advance(10)),
      clock: { ...clock, sleep: async () => undefined },
      modules: { shop: shop() },
      verify: false
    })
    const error = await omni.shop.reserve({ sku: "a", quantity: 1 }, { timeout: 95 }).catch((reason: unknown) => reason)
    assert.instanceOf(error, Contended)
    assert.equal((error as Contended).attempts, 10)
    const free = createOmni({ store: store.shared(), modules: { shop: shop() } })
    assert.equal(
      await free.transact(function* (tx) {
        return tx.get(Stock, "a")?.held
      }),
      0
    )
  })

  it("takes the rows as the conflict has brought them", async () => {
    const store = memory()
    let reads = 0
    const slow = rivalled(store)
    const omni = createOmni({
      store: {
        ...slow,
        open: async (scope) => {
          const { begin: _, ...scoped } = await slow.open(scope)
          return { ...scoped, read: (keys, queries) => (reads++, scoped.read(keys, queries)) }
        }
      },
      modules: { shop: shop() },
      verify: false
    })
    await omni.shop.levels({ skus: [] })
    reads = 0
    await omni.shop.safe.reserve({ sku: "a", quantity: 1 }, { timeout: 50 })
    assert.equal(reads, 1)
  })
})
