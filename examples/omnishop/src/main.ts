import { forget, report, runStory } from "./demo.ts"
import { importDemo } from "./import/demo.ts"
import { optionsOf, STORE, USAGE } from "./options.ts"
import { paintFor } from "./report/paint.ts"

const main = async (): Promise<void> => {
  const options = optionsOf(process.argv.slice(2), process.env["INIT_CWD"] ?? process.cwd())
  if (options.help) return console.log(USAGE)
  if (options.fresh) await forget(STORE)
  const paint = paintFor(process.stdout)
  const told = await runStory(STORE)
  console.log((await report(STORE, told, paint)).join("\n"))
  if (options.data !== undefined) console.log((await importDemo(STORE, options.data, paint)).join("\n"))
}

await main()
