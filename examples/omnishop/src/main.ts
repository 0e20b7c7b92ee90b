import { report, runStory } from "./demo.ts"
import { homeOf } from "./home.ts"
import { importDemo } from "./import/demo.ts"
import { progressOn } from "./import/progress.ts"
import { optionsOf, USAGE } from "./options.ts"
import { paintFor } from "./report/paint.ts"

const main = async (): Promise<void> => {
  const from = process.env["INIT_CWD"] ?? process.cwd()
  const { data, fresh, help, store } = optionsOf(process.argv.slice(2), from)
  if (help) return console.log(USAGE)
  await using home = await homeOf(store, from)
  if (fresh) await home.forget()
  const paint = paintFor(process.stdout)
  const told = await runStory(home)
  console.log((await report(home, told, paint)).join("\n"))
  if (data === undefined) return
  const progress = progressOn(process.stdout, () => performance.now())
  console.log((await importDemo(home, data, paint, progress)).join("\n"))
}

process.on("SIGINT", () => {
  console.error("\nStopped. What is done is kept: run the same again to go on.")
  process.exit(130)
})
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
