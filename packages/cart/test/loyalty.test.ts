import { loyalty } from "@omni/cart"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"
import { assert, it } from "vitest"

it("refuses a reference that stands for other points, so that nothing is had for nothing", async () => {
  const shop = createOmni({ store: memory(), modules: { inventory: inventory(), orders: orders(), loyalty: loyalty({ earn: () => 0 }) } })
  for (const customer of ["p1", "p2"]) {
    await shop.loyalty.enrol({ customer })
    await shop.loyalty.adjustPoints({ customer, points: 100 })
  }
  await shop.loyalty.spendPoints({ customer: "p1", points: 40, reference: "receipt" })
  const tag = async (customer: string, points: number) => {
    const result = await shop.loyalty.safe.spendPoints({ customer, points, reference: "receipt" })
    return result.ok ? result.value.available : result.error._tag
  }
  assert.deepEqual([await tag("p1", 40), await tag("p1", 50), await tag("p2", 40)], [60, "SpendExists", "SpendExists"])
  await shop.close()
})
