import { minutes } from "@omni/core"
import { buildModels } from "@omni/recommend"
import { assert, it } from "vitest"

import { open, sell, shelf } from "./shop.ts"

const slots = { product: { sources: ["together"] } } as const

it("keeps what was gone back from until another is learnt to serve, so that there is a way forward", async () => {
  const opened = open({ ...shelf().ports, slots })
  const { learn: build, pass, shop } = opened
  await sell(opened, { ann: [["tea", "milk"]] })
  const made: Array<string> = []
  for (let version = 0; version < 3; version++) {
    pass(minutes(10))
    made.push((await build()).versions["main"] ?? "")
  }
  const [first = "", second = "", third = ""] = made
  const kept = async () => (await shop.models({})).filter((one) => one.kept).map(({ version }) => version)
  await shop.rollBackModel({})
  assert.equal((await shop.rollBackModel({})).version, first)
  pass(minutes(10))
  // Nothing is learnt that could not serve.
  const begun: Array<string> = []
  const watched: Parameters<typeof buildModels>[0] = {
    ...shop,
    beginModel: (input) => {
      begun.push(input.name)
      return shop.beginModel(input)
    }
  }
  assert.deepEqual(await buildModels(watched, { always: true }), { versions: {}, learnt: true })
  assert.deepEqual(begun, [])
  assert.deepEqual(await kept(), [third, second])
  assert.isNotEmpty((await shop.modelRows({ version: third })).items)
  assert.equal((await shop.rollBackModel({ to: third })).version, third)
  assert.deepEqual(await kept(), [second, first])
  assert.equal((await shop.rollBackModel({})).version, second)
  await shop.releaseModel({})
  pass(minutes(10))
  const { main = "" } = (await build()).versions
  assert.deepEqual(await kept(), [second, first])
  assert.equal((await shop.forSlot({ slot: "product", items: ["tea"] })).model, main)
})

it("stays with the version that serves when it is named, though another is being built", async () => {
  const opened = open({ ...shelf().ports, slots })
  const { learn: build, shop } = opened
  await sell(opened, { ann: [["tea", "milk"]] })
  const { main = "" } = (await build()).versions
  const whileBuilding: Parameters<typeof buildModels>[0] = {
    ...shop,
    activateModel: async (input) => {
      await shop.rollBackModel({ to: main })
      return shop.activateModel(input)
    }
  }
  assert.deepEqual(await buildModels(whileBuilding, { always: true }), { versions: {}, learnt: true })
  assert.equal((await shop.forSlot({ slot: "product", items: ["tea"] })).model, main)
  assert.deepEqual(
    (await shop.models({})).map(({ version }) => version),
    [main]
  )
})
