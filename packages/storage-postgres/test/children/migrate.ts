import { postgres } from "@omni/storage-postgres"

/** A process of a new release that starts: it migrates, and commits once. */
const [, , url = "", schema = "", name = ""] = process.argv
const driver = postgres(url, { schema })
await driver.migrate(["test.things", "test.others"])
const store = await driver.open("main")
const result = await store.commit({
  id: name,
  time: 1,
  retry: false,
  checks: [],
  events: [],
  writes: [{ key: { collection: "test.things", id: name }, row: { schema: 1, value: "1" }, add: [], drop: [], due: undefined }]
})
await driver.close()
console.log(JSON.stringify(result._tag))
