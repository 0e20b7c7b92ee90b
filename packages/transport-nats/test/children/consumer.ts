import { hearer } from "./apps.ts"

/** Takes events until it is killed. */
const [, , path = "", servers = "", stream = ""] = process.argv
const omni = hearer(path, servers, stream)
omni.run()
console.log("running")
