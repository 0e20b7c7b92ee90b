import { createOmni, event, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { buildModels, observed, recommend } from "@omni/recommend"
import { assert, it } from "vitest"
import * as z from "zod"

import { shelf } from "./shop.ts"

const Told = event(
  "own.Told",
  z.object({ kind: z.enum(["order", "view", "cart"]), id: z.string(), customer: z.string().exactOptional(), items: z.array(z.string()) })
)
const own = module("own", {
  events: [Told],
  operations: {
    tell: operation("own.tell", Told.schema, function* (tx, told) {
      tx.emit(Told, told.id, told)
    })
  }
})

it("passes over what events name that can be no item, for nobody has checked what they say", async () => {
  const suggestions = recommend({ ...shelf().ports, slots: { home: {} }, observe: [observed(Told, ({ data }) => data)] })
  const omni = createOmni({ store: memory(), modules: { own, recommend: suggestions } })
  const wrong = ["", "line\nbreak", "x".repeat(10_000)]
  await omni.own.tell({ kind: "order", id: "o1", items: [...wrong, "tea", "milk"] })
  await omni.own.tell({ kind: "order", id: "o2", customer: "ann", items: [...wrong, "tea", "milk"] })
  await omni.own.tell({ kind: "order", id: "o3", items: wrong })
  await omni.own.tell({ kind: "view", id: "v1", customer: "ann", items: wrong })
  await omni.own.tell({ kind: "view", id: "v2", customer: "bob", items: ["pen"] })
  await omni.own.tell({ kind: "cart", id: "c1", customer: "ann", items: wrong })
  await omni.drain()
  assert.isEmpty((await omni.deadLetters()).items)
  assert.sameDeepMembers(
    (await omni.recommend.histories({})).items.flatMap(({ history }) => history.map(({ id, items }) => [id, items])),
    [
      ["o1", ["tea", "milk"]],
      ["o2", ["tea", "milk"]],
      ["v2", ["pen"]]
    ]
  )
  assert.isTrue((await buildModels(omni.recommend, { always: true })).learnt)
  // An order of nothing is not one that was cancelled.
  await omni.own.tell({ kind: "order", id: "o3", items: ["tea"] })
  await omni.drain()
  assert.include(JSON.stringify(await omni.recommend.histories({})), '"o3"')
})
