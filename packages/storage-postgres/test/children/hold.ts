import { postgres } from "@omni/storage-postgres"

/** A process that takes the commit lock of a scope, says so, and keeps it until it is ended. */
const [, , url = "", schema = "", lockTimeout = ""] = process.argv
const driver = postgres(url, { schema, lockTimeout: Number(lockTimeout) })
await driver.migrate(["test.things"])
const store = await driver.open("main")
await store.begin!([{ collection: "test.things", id: "a" }])
console.log("holding")
setInterval(() => undefined, 1_000)
