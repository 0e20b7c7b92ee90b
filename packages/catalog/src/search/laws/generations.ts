import { at, idsOf, type Proof, product, request, same, SETTINGS, tenant } from "./bench.ts"

const entry = (id: string, version: number, name?: string) => ({
  id,
  version: at(version),
  ...(name === undefined ? {} : { document: product(id, { text: { name } }) })
})

const begins: Proof = async ({ driver }) => {
  const index = await driver.open(tenant(), SETTINGS)
  same(await index.state(), {}, "There is a generation that nobody has begun")
  same((await index.search(request())) ?? null, null, "There is an answer without a generation")
  const first = { id: "first", settings: 3, checkpoint: { position: at(1), after: "" } }
  await index.begin(first)
  same(await index.state(), { building: first }, "What was begun is not as it was begun")
  await index.write("first", [entry("a", 1, "vaso")], { position: at(1), after: "a" })
  same((await index.search(request())) ?? null, null, "A generation in the making answers")
  same((await index.state()).building?.checkpoint, { position: at(1), after: "a" }, "The checkpoint is not the one that was written")
  await index.write("first", [], { position: at(2) })
  same(await index.publish("first"), true, "A generation in the making could not be published")
  same(await index.state(), { live: { ...first, checkpoint: { position: at(2) } } }, "What was published is not what answers")
  same(await idsOf(index, { text: "vaso" }), ["a"], "What was published does not answer")
}

const switches: Proof = async ({ filled }) => {
  const index = await filled([product("old", { text: { name: "vaso" } })])
  await index.begin({ id: "thrown away", settings: 0, checkpoint: { position: at(1), after: "" } })
  await index.write("thrown away", [entry("never", 1, "vaso")], { position: at(1) })
  await index.begin({ id: "second", settings: 1, checkpoint: { position: at(2), after: "" } })
  same(
    await index.write("thrown away", [entry("never", 9, "vaso")], { position: at(1) }),
    false,
    "A generation that was thrown away is written"
  )
  await index.write("second", [entry("new", 2, "vaso")], { position: at(2) })
  same(await idsOf(index, { text: "vaso" }), ["old"], "A generation in the making is seen")
  await index.write("first", [entry("old", 2, "taza")], { position: at(2) })
  same(await idsOf(index, { text: "vaso" }), [], "The generation that answers does not go on meanwhile")
  await index.publish("second")
  same(await idsOf(index, { text: "vaso" }), ["new"], "The new generation does not answer alone")
  same(await index.write("first", [entry("ghost", 9, "vaso")], { position: at(9) }), false, "A generation that is there no more is written")
  same(await index.publish("first"), false, "A generation that is there no more is published")
  same(await idsOf(index, { text: "vaso" }), ["new"], "What is written to another generation is seen")
}

const versions: Proof = async ({ filled }) => {
  const index = await filled([])
  await index.write("first", [entry("a", 5, "vaso")], { position: at(5) })
  await index.write("first", [entry("a", 4, "taza"), entry("b", 4, "taza")], { position: at(4) })
  same(await idsOf(index, { text: "taza" }), ["b"], "An older entry replaces a later one")
  await index.write("first", [entry("a", 6)], { position: at(6) })
  await index.write("first", [entry("a", 5, "vaso")], { position: at(5) })
  same(await idsOf(index, { text: "vaso" }), [], "What was removed comes back by an older entry")
  await index.write("first", [entry("a", 6, "plato")], { position: at(6) })
  same(await idsOf(index, { text: "plato" }), ["a"], "An entry of the same place is passed over")
}

const tenants: Proof = async ({ driver, filled }) => {
  const mine = await filled([product("mine", { text: { name: "vaso" } })])
  const other = await driver.open(tenant(), SETTINGS)
  same(await other.state(), {}, "A tenant has the generation of another")
  await other.begin({ id: "first", settings: 0, checkpoint: { position: at(1) } })
  await other.write("first", [entry("theirs", 1, "vaso")], { position: at(1) })
  await other.publish("first")
  same(await idsOf(mine, { text: "vaso" }), ["mine"], "A tenant sees what is another's")
  same(await idsOf(other, { text: "vaso" }), ["theirs"], "A tenant sees what is another's")
}

const shares: Proof = async ({ driver, second }) => {
  if (!driver.capabilities.shared) return { skipped: "Each process has an index of its own" }
  if (second === undefined) return { skipped: "There is no second driver to look at it with" }
  const name = tenant()
  const index = await driver.open(name, SETTINGS)
  await index.begin({ id: "first", settings: 0, checkpoint: { position: at(1) } })
  const other = await (await second()).open(name, SETTINGS)
  // Two that make the same generation do no harm.
  await Promise.all([
    index.write("first", [entry("a", 1, "vaso"), entry("b", 1, "vaso")], { position: at(1) }),
    other.write("first", [entry("b", 2, "vaso"), entry("a", 2, "vaso")], { position: at(2) })
  ])
  await Promise.all([index.publish("first"), other.publish("first")])
  same((await idsOf(other, { text: "vaso" })).toSorted(), ["a", "b"], "Another process does not see what was written")
  await other.write("first", [entry("a", 3)], { position: at(3) })
  same(await idsOf(index, { text: "vaso" }), ["b"], "Another process does not see what was removed")
  return {}
}

export const generationLaws: ReadonlyArray<readonly [name: string, proof: Proof]> = [
  ["nothing answers before a generation is published; checkpoints are kept as they are written", begins],
  ["a generation is made beside the one that answers, and replaces it at once", switches],
  ["an older entry replaces no later one, not even one that was removed", versions],
  ["a tenant sees its own alone", tenants],
  ["processes share what is shared, and two writers do no harm", shares]
]
