import { counter } from "./apps.ts"

/** Publishes its log until it is killed. */
const [, , path = "", servers = "", stream = ""] = process.argv
const omni = counter(path, servers, stream)
omni.run()
console.log("running")
