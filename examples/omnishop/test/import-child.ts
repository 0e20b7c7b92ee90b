import { fileHome } from "../src/home.ts"
import { importDemo } from "../src/import/demo.ts"
import { noProgress } from "../src/import/progress.ts"
import { noPaint } from "../src/report/paint.ts"

const [store = "", folder = ""] = process.argv.slice(2)
await importDemo(fileHome(store), folder, noPaint, noProgress)
