import { createInterface } from "node:readline"

import { contenders, type Contended, load } from "./load.ts"

/** A process of its own that makes reservations: it says when it is ready, then runs for so many milliseconds a line and answers what it did. */

const [name, url, schema, skus, inFlight] = process.argv.slice(2)
const contender = await contenders[name as Contended](url!, schema!)
const run = load(contender, Number(skus), Number(inFlight))

console.log("ready")
for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await run(Number(line))))
await contender.close()
