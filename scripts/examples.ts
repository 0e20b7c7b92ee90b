/**
 * Type-checks and runs the examples of the pages: every block fenced as `ts` in a `*.md` of the root, a package or an
 * example app. A block is a module of its own; `expression // => value` is asserted; ```` ```ts sketch ```` is left out.
 * One that asks for `DATABASE_URL` gets the address of a PostgreSQL server.
 */
import { spawnSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { examplesIn, toModule } from "./examples/extract.ts"
import { startPostgres } from "./postgres/server.ts"
import { entries, packages, root, sourceCondition } from "./workspace.ts"

const folder = join(root, "docs/.examples")

const pages = globSync(["*.md", "{packages,examples}/*/README.md", "docs/*.md"], { cwd: root }).sort()
const modules = pages.flatMap((page) =>
  examplesIn(readFileSync(join(root, page), "utf8")).map((example) => ({
    title: `${page}:${example.line}`,
    file: join(folder, `${page.replaceAll("/", "-")}-${example.line}.ts`),
    text: toModule(example)
  }))
)

const project = {
  extends: "../../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    incremental: false,
    noUnusedLocals: false,
    types: ["node"],
    paths: Object.fromEntries(
      packages()
        .flatMap(entries)
        .map(({ source, specifier }) => [specifier, [source]])
    )
  },
  files: modules.map(({ file }) => file)
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
modules.forEach(({ file, text }) => writeFileSync(file, text))
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project))

const database = modules.some(({ text }) => text.includes("DATABASE_URL")) ? await startPostgres() : undefined
const env = { ...process.env, DATABASE_URL: database?.url }

const succeeds = (command: string, args: ReadonlyArray<string>): boolean =>
  spawnSync(command, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"], timeout: 30_000 }).status === 0

const checked = modules.length === 0 || spawnSync("tsc", ["-p", folder], { cwd: root, stdio: "inherit" }).status === 0
const run = ["--import", join(root, "scripts/examples/resolve.ts"), `--conditions=${sourceCondition}`]
const failed = modules.filter(({ file }) => !succeeds(process.execPath, [...run, file]))

await database?.stop()

failed.forEach(({ title }) => console.error(`failed: ${title}`))
console.log(`${modules.length} examples, ${failed.length} failed, types ${checked ? "fit" : "do not fit"}`)
process.exitCode = checked && failed.length === 0 ? 0 : 1
