import { Closed, InvalidInput } from "@omni/core"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const thrownBy = (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(
    () => undefined,
    (error: unknown) => error
  )

it("answers nothing after close(), as the rest of the app", async () => {
  const { finder, shop, reopened, driver } = openShop()
  await shop.putProduct({ id: "a", name: { es: "Vaso" } })
  await shop.putVariant({ id: "a-1", product: "a", sku: "A-1" })
  await finder.drain()
  finder.run()
  await finder.close()
  await finder.close()
  const asked = [
    () => finder.find({ channel: "web", text: "vaso" }),
    () => finder.suggest({ channel: "web", text: "vas" }),
    () => finder.suggest({ channel: "web", text: "" }),
    () => finder.drain(),
    () => finder.rebuild(),
    () => finder.status()
  ]
  for (const ask of asked) assert.instanceOf(await thrownBy(ask), Closed, String(ask))
  assert.throws(() => finder.run(), Closed)
  assert.equal((await reopened(driver).find({ channel: "web", text: "vaso" })).total, 1, "the driver stays open")
})

it("refuses customer groups that the app has not declared, where it has declared any", async () => {
  const { finder, shop } = openShop({ groups: ["club", "staff"] })
  await shop.putProduct({ id: "a", name: { es: "Vaso" } })
  await shop.putVariant({ id: "a-1", product: "a", sku: "A-1" })
  await finder.drain()
  for (const ask of [finder.find, finder.suggest]) {
    const refused = await thrownBy(() => ask({ channel: "web", text: "vaso", groups: ["club", "clbu"] }))
    assert.instanceOf(refused, InvalidInput)
    const [issue] = (refused as InvalidInput).issues
    assert.deepEqual(issue?.path, "groups.1")
    assert.match(issue!.message, /no customer group "clbu".*club, staff/)
  }
  assert.equal((await finder.find({ channel: "web", groups: ["club"] })).total, 1)
  const open = openShop()
  await open.finder.drain()
  assert.equal((await open.finder.find({ channel: "web", groups: ["any"] })).total, 0)
})
