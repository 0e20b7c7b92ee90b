import { importDemo } from "../src/import/demo.ts"
import { noPaint } from "../src/report/paint.ts"

const [store = "", folder = ""] = process.argv.slice(2)
console.log((await importDemo(store, folder, noPaint)).join("\n"))
