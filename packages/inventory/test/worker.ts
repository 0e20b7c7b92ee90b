import { createOmni } from "@omni/core"
import { inventory } from "@omni/inventory"
import { sqlite } from "@omni/storage-sqlite"
import { random } from "@omni/testkit"

/**
 * A process of a shop. `burst`: as many shoppers as told want one piece each at once; says how many got it. `work`: sells, holds,
 * commits, releases and counts at random, by a seed, until it is killed; says which holds it is about to make.
 */
const [mode, path, name, amount] = process.argv.slice(2) as [string, string, string, string]
const omni = createOmni({ store: sqlite(path), modules: { inventory: inventory() }, verify: false })
const { safe } = omni.inventory

if (mode === "burst") {
  await omni.inventory.levels({ location: "x" })
  process.stdout.write("ready\n")
  await new Promise((resolve) => process.stdin.once("data", resolve))
  const answers = await Promise.all(
    Array.from({ length: Number(amount) }, (_, i) =>
      safe.hold({ lines: [{ sku: "hot", location: "x", quantity: 1 }] }, { key: `${name} ${i}`, timeout: 60_000 })
    )
  )
  const got = answers.filter(({ ok }) => ok).length
  const odd = answers.filter((answer) => !answer.ok && answer.error._tag !== "InsufficientStock").length
  process.stdout.write(`${JSON.stringify({ got, odd })}\n`)
  await omni.close()
  process.exit(0)
}

omni.run()
process.stdout.write("ready\n")
const dice = random(Number(amount))
const sku = () => ["a", "b", "kit"][dice.below(3)]!
const shopper = async (who: number): Promise<void> => {
  for (let n = 0; ; n++) {
    const id = `${name} ${who} ${n}`
    const lines = Array.from({ length: 1 + dice.below(2) }, () => ({ sku: sku(), location: "x", quantity: 1 + dice.below(2) }))
    process.stdout.write(`hold ${id}\n`)
    const ttl = dice.below(3) === 0 ? 40 : 60_000
    const held = await safe.hold({ id, lines, ...(dice.below(4) === 0 ? { for: "order" } : { ttl }) }, { key: id })
    if (!held.ok)
      await safe.receive({ lines: [{ sku: dice.below(2) === 0 ? "a" : "b", location: "x", quantity: 1 }] }, { key: `more ${id}` })
    else {
      const end = dice.below(5)
      if (end === 0) await safe.releaseHold({ hold: id })
      if (end === 1) await safe.commitHold({ hold: id }, { key: `commit ${id}` })
      if (end === 2) await safe.commitHold({ hold: id, lines: [{ ...lines[0]!, quantity: 1 }], rest: "keep" }, { key: `some ${id}` })
      if (end === 3) await safe.allocateHold({ hold: id })
    }
    if (dice.below(10) === 0) await safe.sell({ lines: [{ sku: sku(), location: "x", quantity: 1 }] }, { key: `sell ${id}` })
  }
}
await Promise.all(Array.from({ length: 6 }, (_, who) => shopper(who)))
