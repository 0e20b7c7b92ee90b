import { spawnSync } from "node:child_process"
import { join } from "node:path"

import { expect, it } from "vitest"

/** Loads an entry in a process where a package is not installed; answers what it says of it. */
const loadedWithout = (entry: string, absent: string): string => {
  const hooks = `import { registerHooks } from "node:module"
registerHooks({ resolve: (name, context, next) => {
  if (name === ${JSON.stringify(absent)}) throw new Error(name + " is not installed")
  return next(name, context)
} })`
  const { stderr, status } = spawnSync(
    process.execPath,
    [
      "--conditions=@omni/source",
      `--import=data:text/javascript,${encodeURIComponent(hooks)}`,
      "--input-type=module",
      `--eval=import ${JSON.stringify(entry)}`
    ],
    { cwd: join(import.meta.dirname, "../.."), encoding: "utf8" }
  )
  return status === 0 ? "loaded" : (/^Error: (\S+ is not installed)$/m.exec(stderr)?.[1] ?? stderr)
}

it("needs node-postgres for servers alone, and PGlite for itself alone", () => {
  expect(loadedWithout("@omni/storage-postgres/pglite", "pg")).toBe("loaded")
  expect(loadedWithout("@omni/storage-postgres", "@electric-sql/pglite")).toBe("loaded")
  expect(loadedWithout("@omni/storage-postgres", "pg")).toBe("pg is not installed")
  expect(loadedWithout("@omni/storage-postgres/pglite", "@electric-sql/pglite")).toBe("@electric-sql/pglite is not installed")
})
